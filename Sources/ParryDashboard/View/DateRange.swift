import ParryWire

/// Two dates of a filter, both included, in UTC: `created_from=2026-11-01&created_to=2026-11-30`.
struct DateRange: Sendable {
    private(set) var from: Timestamp?
    private(set) var to: Timestamp?
    /// The names of what could not be read.
    private(set) var ignored: [String] = []

    init(_ query: FormFields, _ name: String) {
        from = read(query, "\(name)_from", "T00:00:00Z")
        to = read(query, "\(name)_to", "T23:59:59.999Z")
    }

    private mutating func read(_ query: FormFields, _ name: String, _ time: String) -> Timestamp? {
        guard let text = query.text(name) else { return nil }
        let found = text.count == 10 ? Timestamp(iso8601: text + time) : nil
        if found == nil { ignored.append(name) }
        return found
    }
}
