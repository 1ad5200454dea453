/// What a value has to be: plain data, so that validation and OpenAPI read the same declaration.
public enum Rule: Sendable {
    /// Free text of so many Unicode scalars; full card numbers in it are found.
    case text(ClosedRange<Int>)
    /// Free text like it that has more in it than white space.
    case phrase(ClosedRange<Int>)
    /// Text of so many Unicode scalars that a rule elsewhere judges, with a sentence of its own; documentation
    /// shows the form that it has, a regular expression.
    case form(ClosedRange<Int>, String)
    /// A name given by a system, of so many Unicode scalars; not searched for card numbers.
    case identifier(ClosedRange<Int>)
    /// A string of one of the closed set of forms.
    case pattern(Pattern)
    /// One of these words, exactly.
    case enumeration([String])
    /// Text of at most 250 Unicode scalars that a business rule, with a code of its own, holds against these words.
    case known([String])
    /// An integer literal in this range, bounds included.
    case integer(ClosedRange<Int64>)
    /// `true` or `false`.
    case boolean
    /// An RFC 3339 date-time with a time zone.
    case timestamp
    /// An active ISO 4217 code, see ``Currency``.
    case currency
    /// An ISO 3166-1 alpha-2 code, see ``Country``.
    case country
    /// An e-mail address of at most 254 bytes.
    case email
    /// An absolute http or https URL of at most 2,048 bytes, without user information.
    case url
    /// An IPv4 or IPv6 address.
    case ipAddress
    /// An object of another schema.
    case object(ObjectSchema)
    /// So many elements of one rule; `key` names the member by which a patch updates elements.
    indirect case array(of: Rule, count: ClosedRange<Int>, key: String?)
}

extension Rule {
    /// What stands where no value was sent: a list that was never sent is an empty list, anything else is null.
    var absent: String {
        if case .array = self { "[]" } else { "null" }
    }
}

/// The forms of strings that are no free text; all of them ASCII.
public enum Pattern: Sendable {
    /// So many decimal digits.
    case digits(ClosedRange<Int>)
    /// So many ASCII letters and digits.
    case alphanumeric(ClosedRange<Int>)
    /// So many hexadecimal digits of either case.
    case hexadecimal(ClosedRange<Int>)
    /// So many ASCII letters, digits, dots, dashes and underscores.
    case token(ClosedRange<Int>)

    /// The lengths allowed, in characters.
    public var length: ClosedRange<Int> {
        switch self {
        case .digits(let length), .alphanumeric(let length), .hexadecimal(let length),
            .token(let length):
            length
        }
    }
}

/// When a field has to be given.
public enum Presence: Sendable {
    /// Absent or null is the error REQUIRED.
    case required
    /// Absent or null is listed in ``RequestObject/missing``, for a second stage to judge.
    case expected
    /// Absent and null mean the same: no value.
    case optional
    /// It may be absent, which leaves a resource as it is; null is the error REQUIRED.
    case nonNull
}

/// One member of an object: its name, its rule and when it has to be given.
public struct FieldDeclaration: Sendable {
    /// The member name.
    public let name: String

    /// What the value has to be.
    public let rule: Rule

    /// When the member has to be given.
    public let presence: Presence

    /// Lets a typed field find its place in a schema without comparing strings.
    let nameHash: UInt64

    /// Declares a member.
    public init(name: String, rule: Rule, presence: Presence) {
        self.name = name
        self.rule = rule
        self.presence = presence
        // FNV-1a: spreads short names well and needs no seed.
        nameHash = name.utf8.reduce(0xCBF2_9CE4_8422_2325) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
        }
    }
}
