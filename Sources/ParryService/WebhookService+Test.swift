import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire

/// Sends one body to one endpoint, at once. ParryDelivery has it.
package protocol WebhookSender: Sendable {
    /// One try to an endpoint of this tenant; never throws, because a failure is a result too.
    func send(
        _ body: [UInt8], to url: String, of tenant: PartnerID, id: DeliveryID,
        signature: WebhookSignature, now: Timestamp
    ) async -> DeliveryAttempt
}

/// What came of a test event.
package struct WebhookTest: Sendable {
    package let eventID: EventID
    /// What was sent.
    package let body: [UInt8]
    package let attempt: DeliveryAttempt
}

extension WebhookService {
    /// Sends a test event to an endpoint and waits for the answer. It is signed like any other, and is in no list
    /// and no feed.
    ///
    /// - Throws: ``NotFound``, ``SecretBox/Unreadable``.
    package func test(
        _ id: WebhookEndpointID, by principal: Principal, through sender: any WebhookSender,
        now: Timestamp
    ) async throws -> WebhookTest {
        let endpoint = try await find(id, by: principal)
        return try await test(endpoint, through: sender, now: now)
    }

    private func test(
        _ endpoint: WebhookEndpoint, through sender: any WebhookSender, now: Timestamp
    ) async throws -> WebhookTest {
        let signature = try await signature(of: endpoint.id, at: now)
        let id = EventID.make(at: now, slot: 0)
        let body = Self.testEvent(id, of: endpoint, now: now)
        let attempt = await sender.send(
            body, to: endpoint.details.url, of: endpoint.partnerID, id: .make(at: now, slot: 0),
            signature: signature, now: now)
        return WebhookTest(eventID: id, body: body, attempt: attempt)
    }

    private func signature(
        of id: WebhookEndpointID, at now: Timestamp
    ) async throws -> WebhookSignature {
        let sealed = try await database.lookUp {
            try WebhookEndpointStore.signingSecrets(id, at: now, $0)
        }
        guard let sealed else { throw NotFound("webhook endpoint") }
        return WebhookSignature(
            secret: try secrets.open(sealed.secret, for: id.text),
            former: try sealed.former.map { try secrets.open($0, for: id.text) })
    }

    private static func testEvent(
        _ id: EventID, of endpoint: WebhookEndpoint, now: Timestamp
    ) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("id", id.text)
        json.field("type", "webhook_endpoint.test")
        json.field("created_at", now.truncatedToSecond)
        json.key("data")
        json.beginObject()
        json.key("object")
        json.raw(endpoint.json(links: false))
        json.endObject()
        json.field("api_version", "v1")
        json.endObject()
        return json.bytes
    }
}
