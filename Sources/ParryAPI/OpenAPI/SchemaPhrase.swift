import ParryWire

/// A schema in a few words of HTML: its type, bounds, words, and links to others.
struct SchemaPhrase {
    let schema: JSONValue

    var html: String {
        if let reference = schema["$ref"]?.string?.split(separator: "/").last {
            return "<a href=\"#schema-\(reference)\">\(reference)</a>"
        }
        if let choices = schema["anyOf"] ?? schema["oneOf"] {
            return choices.elements.map { SchemaPhrase(schema: $0).html }.joined(separator: " or ")
        }
        if let items = schema["items"] {
            return "list of " + SchemaPhrase(schema: items).html + bounds
        }
        return type + bounds + words
    }

    private var type: String {
        let types = schema["type"]?.elements.compactMap(\.string) ?? []
        let name = types.isEmpty ? schema["type"]?.string ?? "" : types.joined(separator: " or ")
        return name + (schema["format"]?.string.map { " (\($0))" } ?? "")
    }

    private var bounds: String {
        var parts: [String] = []
        for (low, high, unit) in [
            ("minLength", "maxLength", " characters"), ("minItems", "maxItems", " items"),
            ("minimum", "maximum", ""),
        ] {
            let bounds = (schema[low]?.integer, schema[high]?.integer)
            switch bounds {
            case (let from?, let to?): parts.append("\(from) to \(to)\(unit)")
            case (nil, let to?): parts.append("at most \(to)\(unit)")
            case (let from?, nil): parts.append("at least \(from)\(unit)")
            case (nil, nil): continue
            }
        }
        if let standard = schema["default"] {
            parts.append("default \(String(decoding: standard.raw, as: UTF8.self))")
        }
        return parts.isEmpty ? "" : ", " + HTMLWriter.escape(parts.joined(separator: ", "))
    }

    private var words: String {
        guard let words = schema["enum"] else { return "" }
        return ": "
            + words.elements.compactMap(\.string).map { "<code>\(HTMLWriter.escape($0))</code>" }
            .joined(separator: " ")
    }
}

/// JSON for people.
enum JSONLayout {
    static func indented(_ value: JSONValue, _ depth: Int = 0) -> String {
        let pad = String(repeating: "  ", count: depth + 1)
        let end = "\n" + String(repeating: "  ", count: depth)
        switch value.kind {
        case .object where value.count > 0:
            let members = value.members.map {
                "\(pad)\"\($0.name)\": \(indented($0.value, depth + 1))"
            }
            return "{\n" + members.joined(separator: ",\n") + end + "}"
        case .array where value.count > 0:
            let elements = value.elements.map { pad + indented($0, depth + 1) }
            return "[\n" + elements.joined(separator: ",\n") + end + "]"
        default: return String(decoding: value.raw, as: UTF8.self)
        }
    }
}
