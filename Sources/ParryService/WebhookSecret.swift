import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The text of a webhook secret: `whsec_` and 32 random bytes in base64url (CONTRACT.md 21, row 47).
enum WebhookSecret {
    static func make() -> String { "whsec_" + Base64URL.random() }
}

/// Base64 as addresses and cookies take it: without padding (RFC 4648, section 5).
enum Base64URL {
    static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().filter { $0 != "=" }.map(urlSafe).joined()
    }

    /// 32 random bytes.
    static func random() -> String {
        encode(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }

    private static func urlSafe(_ character: Character) -> String {
        switch character {
        case "+": "-"
        case "/": "_"
        default: String(character)
        }
    }
}
