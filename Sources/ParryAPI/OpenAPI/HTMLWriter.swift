/// Appends HTML and escapes what it is given. It trusts its caller to close what it opens.
struct HTMLWriter {
    private(set) var text = ""

    /// HTML as it stands.
    mutating func raw(_ html: String) { text += html + "\n" }

    /// An element with nothing but text in it.
    mutating func element(_ tag: String, _ content: String, _ attributes: String = "") {
        raw("<\(tag)\(attributes)>\(Self.escape(content))</\(tag.prefix { $0 != " " })>")
    }

    /// Paragraphs in which `…` is code.
    mutating func prose(_ markdown: String) {
        for paragraph in markdown.split(separator: "\n\n") {
            raw("<p>\(Self.inline(String(paragraph)))</p>")
        }
    }

    /// Text in which `…` is code.
    static func inline(_ markdown: String) -> String {
        var html = ""
        for (index, part) in markdown.split(separator: "`", omittingEmptySubsequences: false)
            .enumerated()
        {
            let text = escape(String(part))
            html += index.isMultiple(of: 2) ? text : "<code>\(text)</code>"
        }
        return html
    }

    static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }
}
