import ParryDomain
import ParryMatching
import ParryStore
package import ParryWire

/// How an alert was matched (beyond the original, amendment 8).
package struct AlertMatch: Sendable {
    let alert: Alert
    let record: AlertCaseStore.Case

    private var root: JSONValue? { try? JSONDocument.parse(record.verdict).root }

    /// Writes the object.
    package func write(to json: inout JSONWriter, links: Bool) {
        json.beginObject()
        json.field("alert_id", alert.id.text)
        json.field("outcome", root?["outcome"]?.string)
        json.field("confidence", root?["confidence"]?.string)
        json.field("is_set_by_hand", record.isSetByHand)
        json.field("integration_id", alert.state.integrationID?.text)
        json.field("integration_transaction_id", alert.state.integrationTransactionID)
        json.field("judged_at", record.judgedAt)
        for member in root.map({ Array($0.members) }) ?? [] where Self.shown.contains(member.name) {
            json.key(member.name)
            json.raw(Array(member.value.raw))
        }
        json.endObject()
    }

    /// The rest of the verdict, as it was written.
    private static let shown: Set<String> = ["flags", "candidate_count", "margin", "candidates"]
}
