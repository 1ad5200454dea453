package import ParryWire

/// A member that a mapping may fill: one of the order, or one of an element of its nested lists or addresses.
package struct FeedPath: Sendable {
    /// What the member lies in.
    package enum Place: Sendable, Hashable {
        case order
        /// An object of the order, such as `billing_address`.
        case object(String)
        /// The element that a row makes of a list of the order, such as `transactions`.
        case element(String)
    }

    package let place: Place

    /// The name of the member in its place.
    package let member: String

    /// What its value has to be.
    package let rule: Rule

    /// Whether a COMPLETE order must have it, where it has the place.
    package let isExpected: Bool

    /// As mappings spell it: `order_number`, `transactions.currency`.
    package var text: String {
        switch place {
        case .order: member
        case .object(let name), .element(let name): "\(name).\(member)"
        }
    }

    private init(_ place: Place, _ field: FieldDeclaration) {
        self.place = place
        member = field.name
        rule = field.rule
        isExpected = if case .expected = field.presence { true } else { false }
    }

    /// Members that the program gives to every order.
    static let given = ["organisation_id", "integration_id"]

    /// Every member that a mapping may fill.
    static let all: [FeedPath] = OrderRequest.create.fields.flatMap {
        (field: FieldDeclaration) -> [FeedPath] in
        switch field.rule {
        case .object(let schema): return members(of: schema, .object(field.name))
        case .array(of: .object(let schema), _, _):
            return members(of: schema, .element(field.name))
        case .array: return []
        default: return given.contains(field.name) ? [] : [FeedPath(.order, field)]
        }
    }

    private static func members(of schema: ObjectSchema, _ place: Place) -> [FeedPath] {
        schema.fields.compactMap { field -> FeedPath? in
            switch field.rule {
            case .object, .array: return nil
            default: return FeedPath(place, field)
            }
        }
    }

    private static let byText = Dictionary(uniqueKeysWithValues: all.map { ($0.text, $0) })

    /// Finds a member by the text of a mapping.
    ///
    /// - Throws: ``FeedProblem`` with the name that was probably meant.
    static func find(_ text: String, line: Int?) throws(FeedProblem) -> FeedPath {
        if let path = byText[text] { return path }
        throw FeedProblem(sentence(against: text), line: line)
    }

    private static func sentence(against text: String) -> String {
        let shown = text.prefix(FeedLimits.nameShown)
        if given.contains(text) {
            return "\(text) is given to every order by the program. Take it out of the mapping."
        }
        let inside = all.filter { $0.text.hasPrefix(text + ".") }.map(\.member)
        if !inside.isEmpty {
            return "\(shown) is no single value. Name one of its members: "
                + inside.map { "\(shown).\($0)" }.joined(separator: ", ")
        }
        if let name = nearest(to: text, among: all.map(\.text)) {
            return "An order has no member \(shown). Did you mean \(name)?"
        }
        let section = text.prefix { $0 != "." } + "."
        let siblings = all.filter { $0.text.hasPrefix(section) }.map(\.text)
        let names = siblings.isEmpty ? all.map(\.text).filter { !$0.contains(".") } : siblings
        return "An order has no member \(shown). There are: " + names.joined(separator: ", ")
    }

    /// The name that takes the fewest changes of a character, if they are few enough for a slip.
    static func nearest(to text: String, among names: [String]) -> String? {
        guard text.utf8.count <= 2 * FeedLimits.nameShown else { return nil }
        let slips = max(2, text.utf8.count / 4)
        let found = names.map { (name: $0, distance: distance(text, $0)) }
            .min { $0.distance < $1.distance }
        return found.flatMap { $0.distance <= slips ? $0.name : nil }
    }

    /// The changes of a character that lead from one text to the other (Levenshtein).
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right.utf8)
        var row = Array(0...right.count)
        for (index, byte) in left.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for place in right.indices {
                let substituted = diagonal + (right[place] == byte ? 0 : 1)
                diagonal = row[place + 1]
                row[place + 1] = min(substituted, diagonal + 1, row[place] + 1)
            }
        }
        return row[right.count]
    }
}
