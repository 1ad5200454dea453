import ParryWire

/// What a button of the form asks for.
enum RulesetStep: Sendable, Equatable {
    case save
    /// Saves over what somebody else saved meanwhile.
    case overwrite
    case backtest
    case addRule(RuleType)
    case removeRule(Int)
    /// Another descriptor in the row.
    case addCondition(Int)
    case removeCondition(Int, Int)

    /// Reads the value of the button: `remove-rule-2`; one that is not known only shows the form again, with its
    /// backtest, which changes nothing.
    init(_ word: String?) {
        let word = word ?? ""
        let numbers = word.split(separator: "-").compactMap { Int($0) }
        switch (word, numbers.count) {
        case ("save", _): self = .save
        case ("overwrite", _): self = .overwrite
        case ("add-rule-amount", _): self = .addRule(.amount)
        case ("add-rule-descriptor", _): self = .addRule(.descriptor)
        case (_, 1) where word.hasPrefix("remove-rule-"): self = .removeRule(numbers[0])
        case (_, 1) where word.hasPrefix("add-condition-"): self = .addCondition(numbers[0])
        case (_, 2) where word.hasPrefix("remove-condition-"):
            self = .removeCondition(numbers[0], numbers[1])
        default: self = .backtest
        }
    }
}

extension RulesetForm {
    /// Adds or takes out rows; what else was typed stays.
    ///
    /// - Returns: The name of the field to go on with.
    mutating func take(_ step: RulesetStep) -> String? {
        switch step {
        case .save, .overwrite, .backtest: return nil
        case .addRule(let type):
            guard missing.contains(type) else { return nil }
            rules.append(Rule(type))
            let row = "rule.\(rules.count - 1)"
            return type == .amount ? "\(row).amount" : "\(row).descriptor.0.value"
        case .removeRule(let index):
            guard rules.indices.contains(index) else { return nil }
            rules.remove(at: index)
            return "outcome"
        case .addCondition(let index):
            guard rules.indices.contains(index),
                rules[index].descriptors.count < RequestLimits.descriptors.upperBound
            else { return nil }
            rules[index].descriptors.append(Descriptor())
            return "rule.\(index).descriptor.\(rules[index].descriptors.count - 1).value"
        case .removeCondition(let index, let part):
            return removeDescriptor(part, of: index)
        }
    }

    /// The last one leaves an empty one, so that the row is still a row.
    private mutating func removeDescriptor(_ part: Int, of index: Int) -> String? {
        guard rules.indices.contains(index), rules[index].descriptors.indices.contains(part)
        else { return nil }
        rules[index].descriptors.remove(at: part)
        if rules[index].descriptors.isEmpty { rules[index].descriptors.append(Descriptor()) }
        return "rule.\(index).descriptor.\(max(part - 1, 0)).value"
    }
}
