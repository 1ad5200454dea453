package import ParryDomain
package import ParryWire

/// What answers and events show. One shape per resource serves both, so that they always say the same.
package protocol WireObject: Sendable {
    /// The object as documentation describes it.
    static var answerSchema: AnswerSchema { get }

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

/// An object whose shape is declared member by member.
package protocol ShapedObject: WireObject {
    /// Every member always, null when empty (CONTRACT.md 21, row 59).
    static var shape: Shape<Self> { get }
}

extension ShapedObject {
    /// That of the shape.
    package static var answerSchema: AnswerSchema { shape.schema }

    /// Writes the members that the shape declares.
    package func write(to json: inout JSONWriter, links: Bool) {
        Self.shape.write(self, to: &json, links: links)
    }
}

extension Organisation: ShapedObject {
    package static let shape = Shape<Organisation>(
        "Organisation", in: "/v1/organisations", id: { $0.id.text },
        [
            .id("id") { $0.id }, .text("name") { $0.name }, .word("mode") { $0.mode },
            .time("created_at") { $0.createdAt }, .time("updated_at") { $0.updatedAt },
        ])
}

extension Merchant: ShapedObject {
    package static let shape = Shape<Merchant>(
        "Merchant", in: "/v1/merchants", id: { $0.id.text },
        [
            .id("id") { $0.id }, .id("organisation_id") { $0.organisationID },
            .text("name") { $0.details.name }, .word("type") { $0.details.type },
            .text("external_id") { $0.details.externalID },
            .word("default_representment_service_type") {
                $0.details.defaultRepresentmentServiceType
            },
            .time("created_at") { $0.createdAt }, .time("updated_at") { $0.updatedAt },
        ])
}

extension Integration: ShapedObject {
    package static let shape = Shape<Integration>(
        "Integration", in: "/v1/integrations", id: { $0.id.text },
        [
            .id("id") { $0.id }, .id("organisation_id") { $0.organisationID },
            .text("name") { $0.details.name }, .word("type") { $0.type },
            .word("status") { $0.details.status }, .ids("merchant_ids") { $0.details.merchantIDs },
            .time("created_at") { $0.createdAt }, .time("updated_at") { $0.updatedAt },
        ])
}
