import ParryDomain
import ParryService
import ParryWire

extension PartnerID {
    static let sample = PartnerID(stored: "ptnr_1")
}

extension WebhookEndpointID {
    static let sample = WebhookEndpointID(stored: "whe_1")
}

extension DeliveryQueue.Parcel {
    /// A delivery that was just claimed.
    static func sample(
        _ id: DeliveryID, lease: Int64 = 1, at now: Timestamp,
        endpoint: WebhookEndpointID = .sample, partner: PartnerID = .sample
    ) -> DeliveryQueue.Parcel {
        DeliveryQueue.Parcel(
            claimed: .init(
                id: id, endpointID: endpoint, partnerID: partner, url: "https://x",
                encryptedSecret: "", body: [], attemptCount: 0, lease: lease,
                leaseEndsAt: now.adding(seconds: Limits.deliveryLeaseSeconds)),
            signature: WebhookSignature(secret: "x"))
    }
}

extension EndedDelivery {
    /// What a send came to.
    static func sample(
        of parcel: DeliveryQueue.Parcel, _ status: Int = 200, at now: Timestamp,
        took milliseconds: Int64 = 1
    ) -> EndedDelivery {
        .init(
            delivery: parcel.claimed,
            attempt: .init(
                startedAt: now, durationMilliseconds: milliseconds, outcome: .answered(status)),
            next: status == 200 ? .delivered : .failed)
    }
}
