package import ParryDomain
import ParryService
package import ParryWire

/// Stands for every receiver of test events, so that no test sends anything: takes them all, but for those to a URL that
/// names itself broken.
package struct TestReceiver: WebhookSender {
    package init() {}

    package func send(
        _ body: [UInt8], to url: String, of tenant: PartnerID, id: DeliveryID,
        signature: WebhookSignature, now: Timestamp
    ) async -> DeliveryAttempt { answer(at: url, now: now) }

    /// The try that such a receiver makes of a delivery.
    package func answer(at url: String, now: Timestamp) -> DeliveryAttempt {
        let isBroken = url.contains("broken")
        return DeliveryAttempt(
            startedAt: now, durationMilliseconds: isBroken ? 1_234 : 45,
            outcome: .answered(isBroken ? 503 : 200), address: "192.0.2.7",
            answer: isBroken ? "<h1>Down & out</h1>" : nil)
    }
}
