package import ParryWire

/// A job that sends again many deliveries of an endpoint, some at a time, and tells how far it has come.
package struct Redelivery: Sendable, Hashable {
    package let id: RedeliveryID
    package let request: Request
    package private(set) var status: RedeliveryStatus
    /// The last delivery that was looked at, in the order of their ids; empty before the first.
    package private(set) var lastDeliveryID: String
    package private(set) var redeliveredCount: Int64
    package let createdAt: Timestamp
    package private(set) var updatedAt: Timestamp

    /// Which deliveries, and who wants them.
    package struct Request: Sendable, Hashable {
        package let endpointID: WebhookEndpointID
        package let states: [DeliveryState]
        /// The time of the events, both ends included.
        package let createdFrom: Timestamp
        package let createdTo: Timestamp
        /// The id of a key or a person.
        package let requestedBy: String

        package init(
            endpointID: WebhookEndpointID, states: [DeliveryState], createdFrom: Timestamp,
            createdTo: Timestamp, requestedBy: String
        ) {
            self.endpointID = endpointID
            self.states = states
            self.createdFrom = createdFrom
            self.createdTo = createdTo
            self.requestedBy = requestedBy
        }
    }

    package init(
        id: RedeliveryID, request: Request, status: RedeliveryStatus, lastDeliveryID: String,
        redeliveredCount: Int64, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.request = request
        self.status = status
        self.lastDeliveryID = lastDeliveryID
        self.redeliveredCount = redeliveredCount
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// A new job.
    ///
    /// - Throws: ``WebhookError``: a range that ends before it begins, or begins before what is kept.
    package static func create(
        _ request: Request, retention: RetentionPolicy, now: Timestamp
    ) throws(WebhookError) -> Redelivery {
        let start = retention.start(of: .events, at: now)
        guard request.createdTo >= start else {
            throw .deliveryExpired(days: retention.days(of: .events))
        }
        guard request.createdFrom <= request.createdTo else { throw .rangeEndsBeforeItBegins }
        guard request.createdFrom >= start else {
            throw .deliveryExpired(days: retention.days(of: .events))
        }
        return Redelivery(
            id: .make(at: now, slot: 0), request: request, status: .running, lastDeliveryID: "",
            redeliveredCount: 0, createdAt: now, updatedAt: now)
    }

    /// The job looked at these next, and so many of them are due again.
    ///
    /// - Parameter isLast: Whether there are no more behind them.
    package mutating func advance(
        over ids: [DeliveryID], redelivered: Int, isLast: Bool, now: Timestamp
    ) {
        lastDeliveryID = ids.last?.text ?? lastDeliveryID
        redeliveredCount += Int64(redelivered)
        if isLast { status = .completed }
        updatedAt = now
    }
}
