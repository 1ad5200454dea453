package import ParryDomain
import ParryWire

extension CaseAnswer {
    /// The answer as it is kept.
    package var stored: String {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.field("decision", decision)
        json.field("origin", origin)
        json.key("evaluation")
        if let evaluation { json.raw(Array(evaluation.stored.utf8)) } else { json.null() }
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// Reads what ``stored`` wrote; nil for anything else.
    package init?(stored text: String) {
        guard let root = try? JSONDocument.parse(Array(text.utf8)).root,
            let decision = root["decision"]?.string.flatMap(CaseDecision.init),
            let origin = root["origin"]?.string.flatMap(Origin.init)
        else { return nil }
        let evaluation = root["evaluation"].flatMap { value in
            RulesetDecision(stored: String(decoding: Array(value.raw), as: UTF8.self))
        }
        self.init(decision: decision, origin: origin, evaluation: evaluation)
    }
}
