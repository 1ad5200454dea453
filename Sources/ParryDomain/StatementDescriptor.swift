/// The text under which a sale stands on the cardholder's statement.
package enum StatementDescriptor {
    /// The one spelling in which descriptors are compared: upper case, one space between words, none
    /// around them.
    package static func normalised(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ").uppercased()
    }

    /// What an enrolled descriptor would have to be so that this one is its own: each beginning of the
    /// normalised text, the longest first.
    package static func beginnings(of text: String) -> [String] {
        let text = normalised(text).prefix(Limits.descriptorRoutedMax)
        return text.indices.reversed().map { String(text[...$0]) }
    }
}
