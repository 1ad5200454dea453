package import ParryWire

/// What a run found, to be shown and to be handed in.
package struct AcceptanceReport: Sendable, Hashable {
    /// One line of the list.
    package struct Entry: Sendable, Hashable {
        package let text: String
        package let isHeld: Bool
        /// What proves it, or what is missing and what to do.
        package let evidence: [String]
    }

    package let title: String
    package let environment: String
    package let mode: String
    package let url: String
    package let startedAt: Timestamp
    package internal(set) var entries: [Entry]

    /// Whether every line holds.
    package var isHeld: Bool { entries.allSatisfy(\.isHeld) }

    /// For a terminal.
    package var table: String {
        var lines = ["\(title): \(environment) (\(mode)) at \(url), \(startedAt.iso8601)", ""]
        for (index, entry) in entries.enumerated() {
            let number = index < 9 ? " \(index + 1)" : "\(index + 1)"
            lines.append("\(entry.isHeld ? "held  " : "FAILED") \(number)  \(entry.text)")
            lines += entry.evidence.map { "            \($0)" }
        }
        let held = entries.filter(\.isHeld).count
        lines += ["", "\(held) of \(entries.count) hold."]
        return lines.joined(separator: "\n")
    }

    /// As Markdown, to hand in.
    package var markdown: String {
        var lines = [
            "# \(title)", "",
            "Environment \(environment) (\(mode)) at \(url), begun \(startedAt.iso8601).", "",
        ]
        for entry in entries {
            lines.append("- [\(entry.isHeld ? "x" : " ")] \(entry.text)")
            lines += entry.evidence.map { "  - \($0)" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// One JSON object.
    package var json: String {
        var json = JSONWriter()
        json.beginObject()
        for (name, text) in [
            ("title", title), ("environment", environment), ("mode", mode), ("url", url),
        ] {
            json.key(name)
            json.string(text)
        }
        json.key("started_at")
        json.timestamp(startedAt)
        json.key("is_held")
        json.boolean(isHeld)
        json.key("items")
        json.beginArray()
        for entry in entries { Self.write(entry, to: &json) }
        json.endArray()
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private static func write(_ entry: Entry, to json: inout JSONWriter) {
        json.beginObject()
        json.key("text")
        json.string(entry.text)
        json.key("is_held")
        json.boolean(entry.isHeld)
        json.key("evidence")
        json.beginArray()
        for line in entry.evidence { json.string(line) }
        json.endArray()
        json.endObject()
    }
}
