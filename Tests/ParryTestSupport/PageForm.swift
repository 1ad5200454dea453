/// A form of a page, as a browser without JavaScript fills and sends it.
package struct PageForm: Sendable {
    /// Where it is sent, without a fragment.
    package let action: String
    /// What it sends untouched.
    package private(set) var fields: [(name: String, value: String)] = []

    /// The forms of a page that are sent by POST.
    package static func all(in html: String) -> [PageForm] {
        let form = #/<form method="post" action="([^"#]*)[^>]*>(.*?)</form>/#.dotMatchesNewlines()
        return html.matches(of: form).map { match in
            PageForm(action: plain(match.1), body: String(match.2))
        }
    }

    private init(action: String, body: String) {
        self.action = action
        let control = #/<(input|select|textarea) ?([^>]*)>/#
        for match in body.matches(of: control) {
            let attributes = match.2
            guard let name = Self.value(of: "name", in: attributes) else { continue }
            let rest = body[match.range.upperBound...]
            switch match.1 {
            case "select": addChoice(name, Self.prefix(of: rest, until: "</select>"))
            case "textarea":
                let text = Self.prefix(of: rest, until: "</textarea>")
                // A browser leaves out the first line break.
                fields.append((name, Self.plain(text.trimmingPrefix("\n"))))
            default: addInput(name, attributes)
            }
        }
    }

    private mutating func addInput(_ name: String, _ attributes: Substring) {
        let type = Self.value(of: "type", in: attributes)
        let isBox = type == "checkbox" || type == "radio"
        let words = attributes.split(separator: " ")
        if words.contains("disabled") || (isBox && !words.contains("checked")) { return }
        fields.append((name, Self.value(of: "value", in: attributes) ?? (isBox ? "on" : "")))
    }

    private mutating func addChoice(_ name: String, _ options: Substring) {
        let all = options.matches(of: #/<option value="([^"]*)"( selected)?/#)
        guard let chosen = all.first(where: { $0.2 != nil }) ?? all.first else { return }
        fields.append((name, Self.plain(chosen.1)))
    }

    /// The fields with others in the place of those of the same names.
    package func filled(_ values: [(String, String)]) -> [(String, String)] {
        let names = Set(values.map(\.0))
        return fields.filter { !names.contains($0.name) }.map { ($0.name, $0.value) } + values
    }

    private static func prefix(of text: Substring, until end: String) -> Substring {
        text.firstRange(of: end).map { text[..<$0.lowerBound] } ?? text
    }

    private static func value(of name: String, in attributes: Substring) -> String? {
        // A space before it, so that `data-name` is not `name`.
        let start = " \(name)=\""
        let text = " " + attributes
        guard let range = text.firstRange(of: start) else { return nil }
        return plain(text[range.upperBound...].prefix { $0 != "\"" })
    }

    /// Without the escapes of HTML.
    private static func plain(_ text: Substring) -> String {
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
            .reduce(String(text)) { $0.replacing($1.0, with: $1.1) }
    }
}

extension Browser {
    /// Opens a page and sends the form on it that leads to an address, with what it holds already.
    ///
    /// - Parameters:
    ///   - action: Where the form leads.
    ///   - values: What is typed, chosen or pressed, in place of what the form holds.
    package func submit(
        _ action: String, on path: String, _ values: [(String, String)] = []
    ) async throws -> Page {
        let page = try await get(path)
        guard let form = PageForm.all(in: page.html).first(where: { $0.action == action }) else {
            throw WorldFailure("no form of \(path) leads to \(action): \(page.status)")
        }
        return try await post(action, form.filled(values), withToken: false)
    }
}
