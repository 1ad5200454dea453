import ParryWire

/// What the audit log keeps of what was asked for.
enum AuditedText {
    private static let charactersMax = 2_000
    /// Stands for a text of which nothing is kept.
    static let leftOut = "not kept: a full card number is in it, or may be"

    /// The beginning of a text; nothing of one that holds a full card number, which is never stored (CONTRACT, amendment
    /// 5): the API looks for one only in the members that it knows, and in those it may stand that are refused.
    static func kept(of text: String) -> String {
        guard !mayHoldCardNumber(text) else { return leftOut }
        // PostgreSQL stores no U+0000.
        return String(text.replacing("\0", with: "").prefix(charactersMax))
    }

    private static func mayHoldCardNumber(_ text: String) -> Bool {
        if CardNumber.appears(in: text) { return true }
        // What has no escape is as it is seen.
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return false }
        guard let document = try? JSONDocument.parse(Array(text.utf8)) else { return true }
        return CardNumber.appears(in: document.root)
    }
}
