package import ParryDomain
package import ParryWire

extension Enrolment: WireObject {
    /// The v2 shape, with the block of the enrolment's own type only (CONTRACT.md 7.2).
    package func write(to json: inout JSONWriter, links: Bool) {
        json.beginObject()
        json.field("id", id.text)
        json.field("organisation_id", organisationID.text)
        json.field("merchant_ids", merchantIDs.map(\.text))
        json.field("type", type)
        json.field("status", status)
        configuration.write(to: &json)
        json.field("created_at", createdAt.truncatedToSecond)
        json.field("updated_at", updatedAt.truncatedToSecond)
        json.field("note", note)
        if links { json.links("/v2/enrolments", id.text) }
        json.endObject()
    }
}

extension EnrolmentConfiguration {
    fileprivate func write(to json: inout JSONWriter) {
        switch self {
        case .ethocaAlert(let descriptors):
            json.key("ethoca_alert")
            json.beginObject()
            json.key("descriptors")
            json.beginArray()
            for descriptor in descriptors { descriptor.write(to: &json) }
            json.endArray()
            json.endObject()
        case .verifiRDR(.acquirer(let bin, let caid)):
            Self.writeVerifi(to: &json, bin: bin, caid: caid, arns: nil)
        case .verifiRDR(.arns(let arns)):
            Self.writeVerifi(to: &json, bin: nil, caid: nil, arns: arns)
        }
    }

    private static func writeVerifi(
        to json: inout JSONWriter, bin: String?, caid: String?, arns: [String]?
    ) {
        json.key("verifi_rdr")
        json.beginObject()
        json.field("bin", bin)
        json.field("caid", caid)
        json.field("arns", arns)
        json.endObject()
    }
}

extension EnrolledDescriptor {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("descriptor", text)
        json.field("match_type", matchType)
        json.field("status", status)
        json.endObject()
    }
}
