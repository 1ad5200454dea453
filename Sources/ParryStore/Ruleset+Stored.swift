import ParryDatabase
package import ParryDomain
package import ParryWire

extension RuleCondition {
    /// The parameters as their column holds them: JSON with the names of the API.
    var stored: String {
        var json = JSONWriter(capacity: 256)
        write(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// Writes the parameters, as they are stored and as the API shows them.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        switch self {
        case .amount(let comparison, let cents):
            json.field("operator", comparison)
            json.field("currency_code", "USD")
            json.field("amount_in_cents", cents)
        case .descriptor(let descriptors):
            json.key("descriptors")
            json.beginArray()
            for descriptor in descriptors {
                json.beginObject()
                json.field("value", descriptor.value)
                json.field("match_type", descriptor.matchType)
                json.endObject()
            }
            json.endArray()
        }
        json.endObject()
    }

    /// Reads the column.
    ///
    /// - Throws: `DatabaseError.unexpectedValue` when the text is not what ``stored`` writes.
    init(stored text: String, _ type: RuleType) throws {
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONDocument.parse(Array(text.utf8)).root
        } catch {
            throw DatabaseError(.unexpectedValue, "stored rule parameters are not JSON")
        }
        try self.init(stored: root, type)
    }

    /// The same as a part of a document.
    init(stored root: JSONValue, _ type: RuleType) throws {
        switch type {
        case .amount:
            guard let comparison = root["operator"]?.string.flatMap(AmountOperator.init),
                let cents = root["amount_in_cents"]?.integer
            else { throw DatabaseError(.unexpectedValue, "a stored AMOUNT rule lacks a member") }
            self = .amount(comparison, cents: cents)
        case .descriptor:
            self = .descriptor(
                try root["descriptors"]?.elements.map(RuleDescriptor.init(stored:)) ?? [])
        }
    }
}

extension RuleDescriptor {
    fileprivate init(stored value: JSONValue) throws {
        guard let text = value["value"]?.string,
            let matchType = value["match_type"]?.string.flatMap(DescriptorMatchType.init)
        else { throw DatabaseError(.unexpectedValue, "a stored rule descriptor lacks a member") }
        self.init(value: text, matchType: matchType)
    }
}

extension Ruleset {
    /// All that an evaluation needs, as a version keeps it.
    package var stored: String {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.field("enrolment_ids", details.enrolmentIDs.map(\.text))
        json.field("outcome", details.outcome)
        json.field("join_operator", details.joinOperator)
        json.field("is_enabled", details.isEnabled)
        json.key("rules")
        json.beginArray()
        for rule in rules {
            json.beginObject()
            json.field("id", rule.id.text)
            json.field("type", rule.condition.type)
            json.key("parameters")
            rule.condition.write(to: &json)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
