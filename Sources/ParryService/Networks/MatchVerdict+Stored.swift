import ParryMatching
import ParryWire

extension MatchVerdict {
    /// The verdict as it is kept and shown: what was decided, and of each candidate what speaks for and against it.
    var stored: [UInt8] {
        var json = JSONWriter(capacity: 1_024)
        json.beginObject()
        json.field("outcome", outcomeWord)
        json.field("confidence", confidence)
        json.field("flags", flags.map(\.rawValue))
        json.field("candidate_count", judgedCount)
        json.field("margin", margin)
        json.key("candidates")
        json.beginArray()
        for judged in ranked { judged.write(to: &json) }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    /// The outcome in one word.
    var outcomeWord: MatchOutcomeWord {
        switch outcome {
        case .matched: .matched
        case .ambiguous: .ambiguous
        case .none: .none
        }
    }
}

extension JudgedCandidate {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("integration_id", candidate.integrationID.text)
        json.field("integration_transaction_id", candidate.referenceID)
        json.field("order_id", candidate.orderID.text)
        json.field("amount_in_cents", candidate.amount)
        json.field("currency", candidate.currency)
        json.field("authorised_at", candidate.authorisedAt)
        json.field("rule", rule)
        json.field("score", score)
        json.field("flags", flags.map(\.rawValue))
        json.key("evidence")
        json.beginArray()
        for (field, evidence) in evidence.fields {
            json.beginObject()
            json.field("field", field)
            json.field("result", evidence)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}
