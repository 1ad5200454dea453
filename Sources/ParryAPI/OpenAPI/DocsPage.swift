import ParryWire

/// A readable page of an OpenAPI document: everything is in the HTML, so that it can be read and searched
/// without a script; the script only hides what a search does not look for.
struct DocsPage {
    private let document: JSONValue
    private var html = HTMLWriter()

    /// The page's bytes; an empty page for bytes that are no document.
    static func make(of document: [UInt8]) -> [UInt8] {
        guard let root = try? JSONDocument.parse(document).root else { return [] }
        var page = DocsPage(document: root)
        page.write()
        return Array(page.html.text.utf8)
    }

    private init(document: JSONValue) {
        self.document = document
    }

    private mutating func write() {
        let title = document["info"]?["title"]?.string ?? ""
        let version = document["info"]?["version"]?.string ?? ""
        html.raw(
            """
            <!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(HTMLWriter.escape(title))</title>
            <link rel="stylesheet" href="/docs/style.css">
            <script src="/docs/search.js" defer></script></head><body>
            <nav><label>Search <input id="search" type="search" autocomplete="off"
            placeholder="path, field, code, ability"></label>
            """)
        writeNavigation()
        html.raw("</nav><main>")
        html.element("h1", title)
        html.raw(
            """
            <p class="links"><a href="/\(version)/openapi.json">OpenAPI document</a>
            <a href="/v1/docs">v1</a> <a href="/v2/docs">v2</a></p>
            """)
        html.prose(document["info"]?["description"]?.string ?? "")
        html.raw("<p id=\"nothing\" hidden>Nothing here has all of these words.</p>")
        for tag in tags { writeTag(tag) }
        writeSchemas()
        html.raw("</main></body></html>")
    }

    private var tags: [JSONValue] { document["tags"]?.elements.map(\.self) ?? [] }

    /// The operations of a tag, in the document's order.
    private func operations(of tag: JSONValue) -> [(path: String, method: String, value: JSONValue)]
    {
        let name = tag["name"]?.string
        var found: [(String, String, JSONValue)] = []
        for path in document["paths"]?.members.map(\.self) ?? [] {
            for operation in path.value.members
            where operation.value["tags"]?.elements.contains(where: { $0.string == name }) == true {
                found.append((path.name, operation.name, operation.value))
            }
        }
        return found
    }

    private mutating func writeNavigation() {
        for tag in tags {
            html.element("h2", tag["name"]?.string?.replacing("_", with: " ") ?? "")
            html.raw("<ul>")
            for operation in operations(of: tag) {
                let id = operation.value["operationId"]?.string ?? ""
                let summary = operation.value["summary"]?.string ?? ""
                html.raw("<li><a href=\"#\(id)\">\(HTMLWriter.escape(summary))</a></li>")
            }
            html.raw("</ul>")
        }
        html.raw("<h2><a href=\"#schemas\">schemas</a></h2>")
    }

    private mutating func writeTag(_ tag: JSONValue) {
        html.raw("<section class=\"tag\">")
        html.element("h2", tag["name"]?.string?.replacing("_", with: " ") ?? "")
        html.prose(tag["description"]?.string ?? "")
        for operation in operations(of: tag) {
            write(operation.value, operation.method, operation.path)
        }
        html.raw("</section>")
    }

    private mutating func write(_ operation: JSONValue, _ method: String, _ path: String) {
        let isDeprecated = operation["deprecated"]?.boolean == true
        html.raw("<article id=\"\(operation["operationId"]?.string ?? "")\">")
        html.element("h3", operation["summary"]?.string ?? "")
        html.raw(
            """
            <p class="route\(isDeprecated ? " deprecated" : "")"><b class="\(method)">\
            \(method.uppercased())</b> <code>\(HTMLWriter.escape(path))</code></p>
            """)
        html.prose(operation["description"]?.string ?? "")
        writeParameters(of: operation)
        if let body = operation["requestBody"] { writeContent(of: body, "Request") }
        writeResponses(of: operation)
        html.raw("</article>")
    }

    private mutating func writeParameters(of operation: JSONValue) {
        let parameters = operation["parameters"]?.elements.map { resolve($0) } ?? []
        guard !parameters.isEmpty else { return }
        html.raw("<h4>Parameters</h4><table>")
        for parameter in parameters {
            html.raw(
                """
                <tr><th scope="row"><code>\(parameter["name"]?.string ?? "")</code></th>
                <td>\(parameter["in"]?.string ?? "")</td>
                <td>\(parameter["schema"].map(describe) ?? "")</td>
                <td>\(HTMLWriter.inline(parameter["description"]?.string ?? ""))</td></tr>
                """)
        }
        html.raw("</table>")
    }

    private mutating func writeResponses(of operation: JSONValue) {
        for response in operation["responses"]?.members.map(\.self) ?? []
        where response.name.hasPrefix("2") {
            writeContent(of: response.value, response.name)
        }
        html.raw("<details><summary>Refusals</summary><table>")
        for response in operation["responses"]?.members.map(\.self) ?? []
        where !response.name.hasPrefix("2") {
            let meaning = resolve(response.value)["description"]?.string ?? ""
            for line in meaning.split(separator: "\n\n") {
                html.raw(
                    "<tr><th scope=\"row\">\(response.name)</th><td>\(HTMLWriter.inline(String(line)))</td></tr>"
                )
            }
        }
        html.raw("</table></details>")
    }

    private mutating func writeContent(of holder: JSONValue, _ title: String) {
        let description = holder["description"]?.string ?? ""
        html.raw("<h4>\(title)</h4><p>\(HTMLWriter.inline(description))")
        guard let content = holder["content"]?["application/json"] else { return html.raw("</p>") }
        html.raw("\(content["schema"].map(describe) ?? "")</p>")
        for example in content["examples"]?.members.map(\.self) ?? [] {
            guard let value = example.value["value"] else { continue }
            html.raw(
                "<details><summary>Example: \(HTMLWriter.escape(example.name))</summary><pre>")
            html.raw(HTMLWriter.escape(JSONLayout.indented(value)) + "</pre></details>")
        }
    }

    private mutating func writeSchemas() {
        html.raw("<section class=\"tag\" id=\"schemas\"><h2>Schemas</h2>")
        for schema in document["components"]?["schemas"]?.members.map(\.self) ?? [] {
            html.raw("<article id=\"schema-\(schema.name)\">")
            html.element("h3", schema.name)
            html.prose(schema.value["description"]?.string ?? "")
            if schema.value["properties"] == nil { html.raw("<p>\(describe(schema.value))</p>") }
            writeMembers(of: schema.value)
            html.raw("</article>")
        }
        html.raw("</section>")
    }

    private mutating func writeMembers(of schema: JSONValue) {
        let required = Set(schema["required"]?.elements.compactMap(\.string) ?? [])
        let members = schema["properties"]?.members.map(\.self) ?? []
        guard !members.isEmpty else { return }
        html.raw("<table>")
        for member in members {
            html.raw(
                """
                <tr><th scope="row"><code>\(member.name)</code></th>
                <td>\(required.contains(member.name) ? "always" : "")</td>
                <td>\(describe(member.value))</td>
                <td>\(HTMLWriter.inline(member.value["description"]?.string ?? ""))</td></tr>
                """)
        }
        html.raw("</table>")
    }

    /// What a reference leads to; anything else is itself.
    private func resolve(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.string else { return value }
        return reference.split(separator: "/").dropFirst().reduce(document) { value, name in
            value[String(name)] ?? value
        }
    }

    /// A schema in a few words.
    private func describe(_ schema: JSONValue) -> String { SchemaPhrase(schema: schema).html }
}
