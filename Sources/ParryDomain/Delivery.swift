package import ParryWire

extension Timestamp {
    /// Later than all that happens: the last second of the year 9999.
    package static let never = Timestamp(milliseconds: 253_402_300_799_000)
}

/// A delivery that this process may send until its lease ends. A class, because it is handed on from the claim through
/// plan and send to the record.
package final class ClaimedDelivery: Sendable {
    package let id: DeliveryID
    package let endpointID: WebhookEndpointID
    /// The tenant that the endpoint belongs to.
    package let partnerID: PartnerID
    package let url: String
    package let encryptedSecret: String
    /// The one before it, while both sign.
    package let formerEncryptedSecret: String?
    /// The exact bytes to sign and send.
    package let body: [UInt8]
    /// Tries that have ended before this one.
    package let attemptCount: Int64
    /// The number of the claim; a result is written only while the delivery still has it.
    package let lease: Int64
    package let leaseEndsAt: Timestamp
    /// When the alert that it tells of has to be actioned; nil when nothing waits.
    package let deadline: Timestamp?

    package init(
        id: DeliveryID, endpointID: WebhookEndpointID, partnerID: PartnerID, url: String,
        encryptedSecret: String, formerEncryptedSecret: String? = nil, body: [UInt8],
        attemptCount: Int64, lease: Int64, leaseEndsAt: Timestamp, deadline: Timestamp? = nil
    ) {
        self.id = id
        self.endpointID = endpointID
        self.partnerID = partnerID
        self.url = url
        self.encryptedSecret = encryptedSecret
        self.formerEncryptedSecret = formerEncryptedSecret
        self.body = body
        self.attemptCount = attemptCount
        self.lease = lease
        self.leaseEndsAt = leaseEndsAt
        self.deadline = deadline
    }

    /// Whether a send that begins now ends, and its result is written, before the lease ends; on a machine
    /// whose clock is a little off, too.
    package func canBeSent(at now: Timestamp) -> Bool {
        let needed = Limits.webhookDeadlineSeconds + Limits.deliveryResultSeconds
        return now.adding(seconds: needed) < leaseEndsAt
    }
}

/// The result of a claimed delivery's try.
package struct EndedDelivery: Sendable {
    package let delivery: ClaimedDelivery
    package let attempt: DeliveryAttempt
    package let next: RetrySchedule.Next

    package init(
        delivery: ClaimedDelivery, attempt: DeliveryAttempt, next: RetrySchedule.Next
    ) {
        self.delivery = delivery
        self.attempt = attempt
        self.next = next
    }
}

/// How much waits at one moment, by why.
package struct WebhookQueueDepth: Sendable, Hashable {
    /// To be sent now.
    package let due: Int64
    /// Being sent, or waiting for the next try.
    package let waiting: Int64
    /// For an endpoint that is paused.
    package let paused: Int64
    /// Since when the one that is due longest is; nil when nothing is.
    package let oldestDue: Timestamp?
    /// The same of those for paused endpoints.
    package let oldestPaused: Timestamp?
    /// Events that the feed does not show yet.
    package let unnumberedEvents: Int64

    package init(
        due: Int64, waiting: Int64, paused: Int64, oldestDue: Timestamp?,
        oldestPaused: Timestamp?, unnumberedEvents: Int64
    ) {
        self.due = due
        self.waiting = waiting
        self.paused = paused
        self.oldestDue = oldestDue
        self.oldestPaused = oldestPaused
        self.unnumberedEvents = unnumberedEvents
    }
}

/// Webhooks that wait at one moment.
package struct WebhookQueueStatus: Sendable, Hashable {
    package let pending: Int64
    /// How many of them are due, leased ones not counted.
    package let due: Int64
    /// Since when the one that is due longest is; nil when nothing is.
    package let oldestDue: Timestamp?

    package init(pending: Int64, due: Int64, oldestDue: Timestamp?) {
        self.pending = pending
        self.due = due
        self.oldestDue = oldestDue
    }
}
