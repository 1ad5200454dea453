/// The identifiers in the one spelling in which they are compared.
///
/// Networks, processors and spreadsheets spell them differently; nil means that nothing was said: a filler
/// such as zeros is not an identifier that all sales share.
package enum MatchKey {
    /// Fewer digits than this identify nothing: what was sent is a filler or a fragment.
    package static let arnDigitsMin = 12
    /// Digits of a BIN that always are compared, and those that are when both sides have them.
    package static let binDigits = 6
    package static let longBINDigits = 8
    /// Codes have 6 characters; numbers lose their leading zeros in spreadsheets.
    package static let codeCharacters = 6

    /// The digits of an ARN; nil for less than ``arnDigitsMin`` or one digit repeated.
    package static func acquirerReferenceNumber(_ text: String?) -> String? {
        guard let digits = digits(text), digits.utf8.count >= arnDigitsMin,
            !isOneCharacter(digits)
        else { return nil }
        return digits
    }

    /// An authorisation code without spaces and in upper case; leading zeros that a number has lost are put
    /// back. Nil for nothing and for zeros, which stand-in processing sends.
    package static func authorisationCode(_ text: String?) -> String? {
        guard let text else { return nil }
        var bytes = text.utf8.filter { !isBlank($0) }
        guard !bytes.isEmpty, bytes.contains(where: { $0 != UInt8(ascii: "0") }) else { return nil }
        for index in bytes.indices where UInt8(ascii: "a")...UInt8(ascii: "z") ~= bytes[index] {
            bytes[index] -= 0x20
        }
        let lost = codeCharacters - bytes.count
        if lost > 0, bytes.allSatisfy(isDigit) {
            bytes.insert(contentsOf: [UInt8](repeating: UInt8(ascii: "0"), count: lost), at: 0)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The last four digits, also behind a mask; nil for fewer.
    package static func last4(_ text: String?) -> String? {
        guard let digits = digits(text), digits.utf8.count >= 4 else { return nil }
        return String(digits.suffix(4))
    }

    /// The leading 6 or 8 digits, also before a mask; nil for fewer.
    package static func cardBIN(_ text: String?) -> String? {
        guard let text else { return nil }
        let digits = text.utf8.drop(while: isBlank).prefix(while: isDigit)
        guard digits.count >= binDigits else { return nil }
        let isLong = digits.count >= longBINDigits
        let kept = isLong ? longBINDigits : binDigits
        return String(Substring(digits.prefix(kept)))
    }

    /// The digits of a text; nil when it has none.
    package static func digits(_ text: String?) -> String? {
        guard let text else { return nil }
        if !text.isEmpty, text.utf8.allSatisfy(isDigit) { return text }
        let digits = text.utf8.filter(isDigit)
        return digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self)
    }

    /// Whether a byte is an ASCII digit.
    package static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }

    private static func isOneCharacter(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 == text.utf8.first }
    }
}
