import ParryWire

/// JSON with line breaks, members in their order, for people to read.
enum PrettyJSON {
    /// The document indented; bytes that are none as they are.
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        let bytes = Array(bytes)
        guard let document = try? JSONDocument.parse(bytes) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        return text(document.root, indent: "")
    }

    private static func text(_ value: JSONValue, indent: String) -> String {
        let inner = indent + "  "
        switch value.kind {
        case .object where value.count > 0:
            let members = value.members.map { member in
                "\(inner)\"\(member.name)\": \(text(member.value, indent: inner))"
            }
            return "{\n\(members.joined(separator: ",\n"))\n\(indent)}"
        case .array where value.count > 0:
            let elements = value.elements.map { inner + text($0, indent: inner) }
            return "[\n\(elements.joined(separator: ",\n"))\n\(indent)]"
        default: return String(decoding: value.raw, as: UTF8.self)
        }
    }
}
