package import ParryWire

extension RuleCondition {
    /// Reads a rule of a body.
    ///
    /// - Parameters:
    ///   - word: The type as sent.
    ///   - parameters: The parameters as sent.
    /// - Throws: ``RulesetError/unsupportedRuleType``, ``RulesetError/unsupportedCurrency``,
    ///   ``RulesetError/invalidParameters``.
    package init(type word: String, _ parameters: RequestObject) throws(RulesetError) {
        switch RuleType(rawValue: word) {
        case .amount: self = try Self.amount(parameters)
        case .descriptor: self = try Self.descriptor(parameters)
        case nil: throw .unsupportedRuleType
        }
    }

    private static func amount(_ parameters: RequestObject) throws(RulesetError) -> RuleCondition {
        guard let word = parameters[RulesetRequest.amountOperator],
            let comparison = AmountOperator(rawValue: word),
            let cents = parameters[RulesetRequest.amount],
            let currency = parameters[RulesetRequest.currencyCode]
        else { throw .invalidParameters }
        guard currency == "USD" else { throw .unsupportedCurrency }
        return .amount(comparison, cents: cents)
    }

    private static func descriptor(
        _ parameters: RequestObject
    ) throws(RulesetError) -> RuleCondition {
        let sent = parameters[RulesetRequest.descriptors] ?? []
        var descriptors: [RuleDescriptor] = []
        for descriptor in sent {
            let word = descriptor[RulesetRequest.matchType]
            let value = descriptor[RulesetRequest.value]
            // Spaces around it do not count, so nothing else would be the beginning of every descriptor.
            guard let matchType = DescriptorMatchType(rawValue: word),
                value.contains(where: { !$0.isWhitespace })
            else { throw .invalidParameters }
            descriptors.append(RuleDescriptor(value: value, matchType: matchType))
        }
        guard !descriptors.isEmpty else { throw .invalidParameters }
        return .descriptor(descriptors)
    }
}
