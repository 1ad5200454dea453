import ParryWire

/// The filters of a list, in the order in which they were given; what is nil is left out.
struct Query: Sendable {
    private(set) var items: [(name: String, value: String)] = []

    init() {}

    init(_ items: KeyValuePairs<String, (any CustomStringConvertible)?>) {
        for (name, value) in items {
            guard let value else { continue }
            self.items.append((name, value.description))
        }
    }

    mutating func add(_ name: String, _ value: some CustomStringConvertible) {
        items.append((name, value.description))
    }

    /// With its question mark; empty where nothing is asked.
    var text: String {
        guard !items.isEmpty else { return "" }
        let pairs = items.map {
            PercentCoding.encode($0.name) + "=" + PercentCoding.encode($0.value)
        }
        return "?" + pairs.joined(separator: "&")
    }
}
