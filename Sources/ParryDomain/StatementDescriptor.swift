/// The text under which a sale stands on the cardholder's statement.
///
/// Networks write it in upper case, turn spaces into `*` or drop them, cut it mid-word and put a facilitator in front
/// (NETWORKS.md), so descriptors are compared by their letters and digits alone.
package enum StatementDescriptor {
    /// The one spelling in which descriptors are compared: letters and digits in upper case. A text without any
    /// stays as it is.
    package static func key(_ text: String) -> String {
        let upper = text.uppercased()
        let kept = upper.filter { $0.isLetter || $0.isNumber }
        return kept.isEmpty ? upper.filter { !$0.isWhitespace } : kept
    }

    /// The keys that a statement's text may have: as it stands, and without a facilitator in front.
    package static func keys(ofStatement text: String) -> [String] {
        let whole = key(text)
        guard let rest = withoutFacilitator(text).map(key), !rest.isEmpty else { return [whole] }
        return [whole, rest]
    }

    private static func withoutFacilitator(_ text: String) -> String? {
        if let star = text.firstIndex(of: "*"), facilitators.contains(key(String(text[..<star]))) {
            return String(text[text.index(after: star)...])
        }
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, spacedFacilitators.contains(key(String(parts[0]))) else {
            return nil
        }
        return String(parts[1])
    }

    /// What an enrolled descriptor's key would have to be so that one of these is its own: each of their
    /// beginnings.
    package static func beginnings(of keys: [String]) -> [String] {
        Set(
            keys.flatMap { key in
                let key = key.prefix(Limits.descriptorRoutedMax)
                return key.indices.map { String(key[...$0]) }
            }
        ).sorted()
    }

    /// Who stands in front of a merchant's name, before a `*`.
    package static let facilitators: Set = [
        "PAYPAL", "PP", "SQ", "SP", "TST", "STRIPE", "GOOGLE", "KLARNA", "ZETTLE", "IZ", "SUMUP",
        "PADDLE", "FS", "2CO", "WPY", "CKO", "DRI", "EB", "IN", "PY", "WWW",
    ]
    /// Those that also stand there without one.
    package static let spacedFacilitators: Set = ["PAYPAL", "PP", "SQ", "SP", "TST"]
}
