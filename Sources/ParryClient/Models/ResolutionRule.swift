public import ParryWire

/// A condition of a ruleset.
public struct ResolutionRule: Codable, Sendable, Hashable, Identifiable {
    public let id: RuleID
    public let type: Word<RuleType>
    public let parameters: RuleParameters
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?

    enum CodingKeys: String, CodingKey {
        case id, type, parameters
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

/// What a rule compares with: amount, currency and operator, or descriptors.
public struct RuleParameters: Codable, Sendable, Hashable {
    /// Of an `AMOUNT` rule, as the other two.
    public let comparison: Word<AmountOperator>?
    /// `USD`.
    public let currencyCode: String?
    public let amountInCents: Int64?
    /// Of a `DESCRIPTOR` rule.
    public let descriptors: [RuleDescriptor]?

    /// Of an `AMOUNT` rule.
    public static func amount(
        _ comparison: AmountOperator, _ amountInCents: Int64, currencyCode: String = "USD"
    ) -> RuleParameters {
        RuleParameters(
            comparison: Word(comparison), currencyCode: currencyCode, amountInCents: amountInCents,
            descriptors: nil)
    }

    /// Of a `DESCRIPTOR` rule: 1 to 250 of them, any of which may hold.
    public static func descriptors(_ descriptors: [RuleDescriptor]) -> RuleParameters {
        RuleParameters(
            comparison: nil, currencyCode: nil, amountInCents: nil, descriptors: descriptors)
    }

    enum CodingKeys: String, CodingKey {
        case descriptors
        case comparison = "operator"
        case currencyCode = "currency_code"
        case amountInCents = "amount_in_cents"
    }
}

/// A billing descriptor that a rule compares with.
public struct RuleDescriptor: Codable, Sendable, Hashable {
    /// 1 to 250 characters; case and spaces around it do not count.
    public let value: String
    public let matchType: Word<DescriptorMatchType>

    /// The text, and how the descriptor of an alert has to agree with it.
    public init(_ value: String, _ matchType: DescriptorMatchType) {
        self.value = value
        self.matchType = Word(matchType)
    }

    enum CodingKeys: String, CodingKey {
        case value
        case matchType = "match_type"
    }
}

/// A rule to be made.
public struct NewRule: Encodable, Sendable, Hashable {
    public var type: RuleType
    public var parameters: RuleParameters

    /// The parameters have to be those of the type.
    public init(type: RuleType, parameters: RuleParameters) {
        self.type = type
        self.parameters = parameters
    }

    /// Holds for amounts in US dollars that compare so.
    public static func amount(_ comparison: AmountOperator, _ amountInCents: Int64) -> NewRule {
        NewRule(type: .amount, parameters: .amount(comparison, amountInCents))
    }

    /// Holds for any of these descriptors.
    public static func descriptors(_ descriptors: [RuleDescriptor]) -> NewRule {
        NewRule(type: .descriptor, parameters: .descriptors(descriptors))
    }
}

/// What is to be another of a rule; the parameters are replaced as a whole.
public struct RuleChange: Encodable, Sendable {
    public var parameters: RuleParameters
    /// nil keeps the type.
    public var type: RuleType?

    /// Another set of parameters, of the rule's type unless told.
    public init(parameters: RuleParameters, type: RuleType? = nil) {
        self.parameters = parameters
        self.type = type
    }
}
