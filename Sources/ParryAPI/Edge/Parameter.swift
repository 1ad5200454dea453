import ParryService
import ParryStore
import ParryWire

/// A query parameter together with how it is read: one declaration for the handler and the documentation.
struct Parameter<Value: Sendable>: Sendable {
    let declaration: ParameterDeclaration
    let read: @Sendable (Query) throws(Problem) -> Value
}

/// What documentation says of a query parameter.
struct ParameterDeclaration: Sendable {
    let name: String
    let type: ParameterType
    var isRequired = false
}

/// What the value of a query parameter can be.
enum ParameterType: Sendable {
    /// The id of a resource; one that the key does not see is 404.
    case id(prefix: String)
    /// One of these words.
    case word([String])
    /// Text of at most so many characters.
    case text(Int)
    /// A place in a feed.
    case cursor
    /// `true` or `false`.
    case boolean
    /// An instant; without a fraction it stands for its whole second.
    case time
    /// One of these fields, with `-` in front for descending.
    case sort([String], standard: String)
    /// An integer.
    case integer(ClosedRange<Int64>, standard: Int64)
}

extension Parameter {
    /// An id.
    static func id<Resource>(_ name: String) -> Parameter where Value == Identifier<Resource>? {
        Parameter(.id(prefix: Resource.idPrefix), name) { $0.id(name) }
    }

    /// A word of an enumeration.
    static func word<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String
    ) -> Parameter where Value == Word? {
        Parameter(.word(Word.allCases.map(\.rawValue)), name) { query throws(Problem) in
            try query.word(name)
        }
    }

    private init(
        _ type: ParameterType, _ name: String,
        _ read: @escaping @Sendable (Query) throws(Problem) -> Value
    ) {
        declaration = ParameterDeclaration(name: name, type: type)
        self.read = read
    }
}

extension Parameter where Value == String? {
    /// Text, compared as it is sent.
    static func text(_ name: String) -> Parameter {
        Parameter(.text(RequestLimits.name.upperBound), name) { query throws(Problem) in
            try query.text(name)
        }
    }
}

extension Parameter where Value == Bool? {
    /// `true` or `false`.
    static func flag(_ name: String) -> Parameter {
        Parameter(.boolean, name) { query throws(Problem) in try query.boolean(name) }
    }
}

extension Parameter where Value == FeedStart? {
    /// A place in a feed; whether it was ever given is told by the feed itself.
    static func cursor(_ name: String) -> Parameter {
        Parameter(.cursor, name) { query throws(Problem) in
            switch try query.text(name) {
            case nil: nil
            case "oldest"?: .oldest
            case "latest"?: .latest
            case let cursor?: .cursor(cursor)
            }
        }
    }
}

extension Parameter where Value == OrganisationID? {
    static var organisationID: Parameter { .id("organisation_id") }

    /// The same where nothing can be answered without it.
    static var neededOrganisationID: Parameter<OrganisationID> {
        let voluntary = organisationID
        var declaration = voluntary.declaration
        declaration.isRequired = true
        return Parameter<OrganisationID>(declaration: declaration) { query throws(Problem) in
            guard let id = try voluntary.read(query) else {
                throw Problem(
                    field: "organisation_id", code: "REQUIRED", "organisation_id must be given")
            }
            return id
        }
    }
}

extension Parameter where Value == MerchantID? {
    static var merchantID: Parameter { .id("merchant_id") }
}

/// `…_gte` and `…_lte` of one time, both ends included (amendment 11).
struct RangeParameter: Sendable {
    let name: String

    init(_ name: String) {
        self.name = name
    }

    var declarations: [ParameterDeclaration] {
        [from, to].map { ParameterDeclaration(name: $0, type: .time) }
    }

    var from: String { name + "_gte" }
    var to: String { name + "_lte" }
}

/// `sort` by a field of an enumeration.
struct SortParameter<Field>: Sendable
where Field: RawRepresentable<String> & CaseIterable & Sendable {
    let standard: Field

    /// - Parameter standard: By what a list is sorted, newest first, unless told otherwise.
    init(standard: Field) {
        self.standard = standard
    }

    var declaration: ParameterDeclaration {
        ParameterDeclaration(
            name: "sort",
            type: .sort(Field.allCases.map(\.rawValue), standard: "-" + standard.rawValue))
    }
}

/// `limit` and `offset` of every list (amendment 1).
enum PageParameter {
    static let limit = ParameterDeclaration(
        name: "limit",
        type: .integer(
            Int64(RequestLimits.page.lowerBound)...Int64(RequestLimits.page.upperBound),
            standard: Int64(RequestLimits.pageDefault)))
    static let offset = ParameterDeclaration(
        name: "offset", type: .integer(0...Int64.max, standard: 0))
    static let declarations = [limit, offset]
}
