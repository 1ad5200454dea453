package import ParryDomain
package import ParryWire

/// Renders resources as the API shows them. One function per resource serves answers and events, so
/// that both always say the same.
package protocol WireObject {
    /// Writes the object, with or without its `links`, which webhooks leave out (CONTRACT.md 21, row 46).
    func write(to json: inout JSONWriter, links: Bool)
}

extension WireObject {
    /// The object as JSON.
    package func json(links: Bool = true) -> [UInt8] {
        var json = JSONWriter(capacity: 1_024)
        write(to: &json, links: links)
        return json.bytes
    }
}

extension JSONWriter {
    /// `links` with the resource itself: a relative URI without a host (CONTRACT.md 1).
    mutating func links(_ collection: StaticString, _ id: String) {
        key("links")
        beginArray()
        beginObject()
        field("rel", "self")
        field("uri", "\(collection)/\(id)")
        endObject()
        endArray()
    }
}

extension Organisation: WireObject {
    /// The shape of the API reference; every member always, null when empty.
    package func write(to json: inout JSONWriter, links: Bool) {
        json.beginObject()
        json.field("id", id.text)
        json.field("name", name)
        json.field("mode", mode)
        json.field("created_at", createdAt.truncatedToSecond)
        json.field("updated_at", updatedAt.truncatedToSecond)
        if links { json.links("/v1/organisations", id.text) }
        json.endObject()
    }
}

extension Merchant: WireObject {
    /// The shape of the API reference; every member always, null when empty.
    package func write(to json: inout JSONWriter, links: Bool) {
        json.beginObject()
        json.field("id", id.text)
        json.field("organisation_id", organisationID.text)
        json.field("name", details.name)
        json.field("type", details.type)
        json.field("external_id", details.externalID)
        json.field(
            "default_representment_service_type", details.defaultRepresentmentServiceType)
        json.field("created_at", createdAt.truncatedToSecond)
        json.field("updated_at", updatedAt.truncatedToSecond)
        if links { json.links("/v1/merchants", id.text) }
        json.endObject()
    }
}

extension Integration: WireObject {
    /// The shape of the API reference; every member always, null when empty.
    package func write(to json: inout JSONWriter, links: Bool) {
        json.beginObject()
        json.field("id", id.text)
        json.field("organisation_id", organisationID.text)
        json.field("name", details.name)
        json.field("type", type)
        json.field("status", details.status)
        json.field("merchant_ids", details.merchantIDs.map(\.text))
        json.field("created_at", createdAt.truncatedToSecond)
        json.field("updated_at", updatedAt.truncatedToSecond)
        if links { json.links("/v1/integrations", id.text) }
        json.endObject()
    }
}
