package import ParryDomain
package import ParryWire

extension Enrolment: WireObject {
    /// The v2 shape, with the block of the enrolment's own type only (CONTRACT.md 7.2).
    package func write(to json: inout JSONWriter, links: Bool) {
        json.beginObject()
        json.field("id", id.text)
        json.field("organisation_id", organisationID.text)
        json.field("merchant_ids", merchantIDs.map(\.text))
        writeRest(to: &json)
        if links { json.links("/v2/enrolments", id.text) }
        json.endObject()
    }

    /// What both versions of the shape have.
    fileprivate func writeRest(to json: inout JSONWriter) {
        json.field("type", type)
        json.field("status", status)
        configuration.write(to: &json)
        json.field("created_at", createdAt.truncatedToSecond)
        json.field("updated_at", updatedAt.truncatedToSecond)
        json.field("note", note)
    }
}

/// An enrolment as the deprecated `/v1/enrolments` shows it.
package struct EnrolmentV1: WireObject, Sendable {
    private let enrolment: Enrolment

    package init(_ enrolment: Enrolment) {
        self.enrolment = enrolment
    }

    /// The v1 shape: of several merchants the first one (CONTRACT.md 21, row 23).
    package func write(to json: inout JSONWriter, links: Bool) {
        json.beginObject()
        json.field("id", enrolment.id.text)
        json.field("organisation_id", enrolment.organisationID.text)
        json.field("merchant_id", enrolment.merchantIDs.first?.text)
        enrolment.writeRest(to: &json)
        if links { json.links("/v1/enrolments", enrolment.id.text) }
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
