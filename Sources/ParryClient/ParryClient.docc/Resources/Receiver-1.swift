import ParryClient
import ParryWire

/// - Returns: The secret that signs. Keep it where keys are kept: it is shown this once.
func listen(at url: String, with parry: ParryClient) async throws -> String? {
    let endpoint = try await parry.webhookEndpoints.create(
        NewWebhookEndpoint(
            url: url,
            eventTypes: [.enrolmentCreated, .enrolmentUpdated, .alertCreated, .alertUpdated]))
    return endpoint.secret
}
