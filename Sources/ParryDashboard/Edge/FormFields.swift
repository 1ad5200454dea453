import Foundation

/// The fields of a form, or of a query: names with one or more values, as `application/x-www-form-urlencoded` has them.
struct FormFields: Sendable {
    /// Fields of one form at most: a bulk action names a page of alerts, a key all abilities.
    private static let fieldsMax = 4_000

    private let fields: [(name: String, value: String)]

    /// Reads what was sent; what cannot be read is left out.
    init(parsing text: some StringProtocol) {
        fields = text.split(separator: "&", maxSplits: Self.fieldsMax).prefix(Self.fieldsMax)
            .compactMap { pair in
                let parts = pair.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard let name = parts.first.flatMap({ Self.decode($0) }), !name.isEmpty else {
                    return nil
                }
                guard let value = Self.decode(parts.count > 1 ? parts[1] : "") else { return nil }
                return (name, value)
            }
    }

    init(_ fields: [(name: String, value: String)]) {
        self.fields = fields
    }

    /// The first value, as it was sent; nil when the field is not there.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The first value without white space around it; nil also when nothing is left.
    func text(_ name: String) -> String? {
        let text = self[name]?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        return text.isEmpty ? nil : text
    }

    /// Every value of a field, in order.
    func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// Whether a check-box is set.
    func isSet(_ name: String) -> Bool { self[name] != nil }

    /// Every field, in order, but for some.
    func without(_ names: Set<String>) -> [(name: String, value: String)] {
        fields.filter { !names.contains($0.name) }
    }

    /// What narrows a list: what is empty, or belongs to one page of it alone, is left out.
    func filters(besides others: Set<String> = []) -> [(name: String, value: String)] {
        without(others.union(["page", "notice", "n"])).filter { !$0.value.isEmpty }
    }

    /// As a query: `?a=1&b=2`; empty for no fields.
    static func query(_ fields: [(name: String, value: String)]) -> String {
        guard !fields.isEmpty else { return "" }
        return "?" + fields.map { encode($0.name) + "=" + encode($0.value) }.joined(separator: "&")
    }

    /// A text as a part of an address.
    static func encode(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    private static func decode(_ text: some StringProtocol) -> String? {
        String(text).replacing("+", with: " ").removingPercentEncoding
    }
}
