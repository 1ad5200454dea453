/// The ids that the networks give, drawn from a seed so that a run can be repeated exactly.
package enum NetworkIDs {
    /// The length of an Ethoca alert id (CONTRACT.md 9.5).
    package static let alertIDLength = 25

    private static let alphanumerics = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    private static let hexadecimals = Array("0123456789abcdef".utf8)

    /// An Ethoca alert id: 25 upper-case letters and digits, so about 129 random bits.
    package static func alert(using random: inout SeededGenerator) -> String {
        random.text(alertIDLength, of: alphanumerics)
    }

    /// A Verifi decision id: a random UUID (version 4) in lower case.
    package static func decision(using random: inout SeededGenerator) -> String {
        var digits = random.characters(32, of: hexadecimals)
        digits[12] = UInt8(ascii: "4")
        digits[16] = hexadecimals[8 + random.below(4)]
        for position in [20, 16, 12, 8] { digits.insert(UInt8(ascii: "-"), at: position) }
        return String(decoding: digits, as: UTF8.self)
    }

    /// A Verifi case id: `C` and 12 digits.
    package static func rdrCase(using random: inout SeededGenerator) -> String {
        "C" + random.digits(12)
    }

    /// Visa's number of a transaction: 15 digits, the first never zero.
    package static func visaTransaction(using random: inout SeededGenerator) -> String {
        "4" + random.digits(14)
    }
}
