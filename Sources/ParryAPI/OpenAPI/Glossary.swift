import ParryWire

/// What members, parameters, codes and tags mean, in one sentence each, with an example. A test holds it
/// against the schemas: nothing without an entry, no entry that nothing uses.
enum Glossary {
    /// A line of a table.
    struct Entry {
        let name: String
        let meaning: String
        /// JSON.
        let example: String
    }

    /// What a member means; in some schemas something of its own.
    static func meaning(of name: String, in schema: String) -> String {
        entry(name, schema)?.meaning ?? ""
    }

    /// An example of a member's value, as JSON.
    static func example(of name: String, in schema: String) -> String {
        entry(name, schema)?.example ?? "null"
    }

    /// The same without the quotes of a string.
    static func text(of name: String, in schema: String) -> String {
        example(of: name, in: schema).filter { $0 != "\"" }
    }

    static func meaning(of code: ErrorCode) -> String { codes[code.rawValue]?.meaning ?? "" }

    static func meaning(ofTag tag: String) -> String { tags[tag]?.meaning ?? "" }

    /// Members by name, or by `Schema.name` where one differs.
    static let members = table(memberText + orderText)
    static let codes = table(codeText)
    static let tags = table(tagText)

    /// The key of the entry that applies.
    static func key(of name: String, in schema: String) -> String {
        // What is sent as `TransactionInput` is answered as `Transaction`, with the same members.
        let resource = schema.hasSuffix("Input") ? schema.dropLast(5) : schema[...]
        let own = resource + "." + name
        return members[own] == nil ? name : own
    }

    private static func entry(_ name: String, _ schema: String) -> Entry? {
        members[key(of: name, in: schema)]
    }

    /// Reads lines of `name | meaning | example`.
    private static func table(_ text: String) -> [String: Entry] {
        var entries: [String: Entry] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " | ", maxSplits: 2).map(String.init)
            guard parts.count > 1 else { continue }
            entries[parts[0]] = Entry(
                name: parts[0], meaning: parts[1], example: parts.count > 2 ? parts[2] : "null")
        }
        return entries
    }
}
