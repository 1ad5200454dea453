package import ParryDomain
import ParryWire

extension RulesetDecision {
    /// The decision as it is kept.
    package var stored: String {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.field("ruleset_id", rulesetID.text)
        json.field("ruleset_version", version)
        json.field("outcome", outcome)
        json.field("is_carried_out", isCarriedOut)
        if lacksRate { json.field("lacks_rate", lacksRate) }
        json.key("rules")
        json.beginArray()
        for finding in findings { finding.write(to: &json) }
        json.endArray()
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// Reads what ``stored`` wrote; nil for anything else.
    package init?(stored text: String) {
        guard let root = try? JSONDocument.parse(Array(text.utf8)).root,
            let id = root["ruleset_id"]?.string, let version = root["ruleset_version"]?.integer
        else { return nil }
        self.init(
            rulesetID: .init(stored: id), version: version,
            outcome: root["outcome"]?.string.flatMap(AlertAction.init),
            findings: root["rules"]?.elements.compactMap(RuleFinding.init(stored:)) ?? [])
        isCarriedOut = root["is_carried_out"]?.boolean ?? false
        lacksRate = root["lacks_rate"]?.boolean ?? false
    }
}

extension RuleFinding {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("rule_id", ruleID.text)
        json.field("type", type)
        json.field("holds", holds)
        json.field("amount_in_cents", amount)
        json.field("descriptor", descriptor)
        json.field("obstacle", obstacle)
        json.endObject()
    }

    fileprivate init?(stored value: JSONValue) {
        guard let id = value["rule_id"]?.string,
            let type = value["type"]?.string.flatMap(RuleType.init),
            let holds = value["holds"]?.boolean
        else { return nil }
        self.init(
            ruleID: .init(stored: id), type: type, holds: holds,
            amount: value["amount_in_cents"]?.integer, descriptor: value["descriptor"]?.string,
            obstacle: value["obstacle"]?.string.flatMap(RuleObstacle.init))
    }
}
