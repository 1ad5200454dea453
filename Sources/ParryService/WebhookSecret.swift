#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The text of a webhook secret: `whsec_` and 32 random bytes in base64url (CONTRACT.md 21, row 47).
enum WebhookSecret {
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let base64 = Data(bytes).base64EncodedString()
        return "whsec_" + base64.filter { $0 != "=" }.map(urlSafe).joined()
    }

    private static func urlSafe(_ character: Character) -> String {
        switch character {
        case "+": "-"
        case "/": "_"
        default: String(character)
        }
    }
}
