package import ParryDomain
import ParryStore
package import ParryWire

extension Ruleset: WireObject {
    /// The shape of the guide (CONTRACT.md 10), with `is_enabled` (21, row 38).
    package func write(to json: inout JSONWriter, links: Bool) {
        json.beginObject()
        json.field("id", id.text)
        json.field("organisation_id", organisationID.text)
        json.field("enrolment_ids", details.enrolmentIDs.map(\.text))
        json.field("outcome", details.outcome)
        json.field("join_operator", details.joinOperator)
        json.field("is_enabled", details.isEnabled)
        json.key("rules")
        json.beginArray()
        for rule in rules { rule.write(to: &json, links: false) }
        json.endArray()
        json.field("created_at", createdAt.truncatedToSecond)
        json.field("updated_at", updatedAt.truncatedToSecond)
        if links { json.links("/v1/rulesets", id.text) }
        json.endObject()
    }
}

extension ResolutionRule: WireObject {
    /// A rule has no `links` of its own.
    package func write(to json: inout JSONWriter, links: Bool) {
        json.beginObject()
        json.field("id", id.text)
        json.field("type", condition.type)
        json.key("parameters")
        condition.write(to: &json)
        json.field("created_at", createdAt.truncatedToSecond)
        json.field("updated_at", updatedAt.truncatedToSecond)
        json.endObject()
    }
}
