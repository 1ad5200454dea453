package import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// What happened, and what became of telling it (amendment 8).
package struct EventService: Sendable {
    let database: any Database
    private let wake: Wake

    package init(database: any Database, wake: Wake) {
        self.database = database
        self.wake = wake
    }

    /// A delivery with its tries.
    package struct Delivered: Sendable {
        package let delivery: Delivery
        package let attempts: [DeliveryAttempt]
    }

    /// - Throws: ``NotFound``.
    package func find(_ id: EventID, by principal: Principal) async throws -> Event {
        try await database.lookUp { tx in
            guard let event = try EventStore.find(id, for: principal.owner, tx) else {
                throw NotFound("event")
            }
            return event
        }
    }

    /// - Throws: ``NotFound`` for an organisation filter that the key does not see.
    package func list(
        _ filter: EventStore.Filter, page: Page, by principal: Principal
    ) async throws -> Listing<Event> {
        try await database.read { tx in
            if let id = filter.organisationID {
                _ = try OrganisationService.load(id, by: principal, tx)
            }
            return try EventStore.list(filter, for: principal.owner, page: page, tx)
        }
    }

    /// The names of the organisations that events are about, by their ids.
    package func organisationNames(
        of events: [Event], by principal: Principal
    ) async throws -> [String: String] {
        let ids = Set(events.map(\.organisationID.text)).sorted()
        guard !ids.isEmpty else { return [:] }
        return try await database.lookUp {
            try OrganisationStore.names(of: ids, for: principal.owner, $0)
        }
    }

    /// Events in the order in which they were numbered, and where to go on.
    package struct FeedPage: Sendable {
        package let events: [Event]
        package let next: FeedCursor
        package let hasMore: Bool
    }

    /// The events behind a place in the feed: each once, and none is ever put in before a place that was given.
    ///
    /// - Throws: ``NotFound`` for an organisation filter that the key does not see, ``WebhookError``.
    package func feed(
        from start: FeedStart, _ filter: EventStore.Filter, limit: Int, by principal: Principal
    ) async throws -> FeedPage {
        let owner = principal.owner
        return try await database.read { tx in
            if let id = filter.organisationID {
                _ = try OrganisationService.load(id, by: principal, tx)
            }
            return try Self.feed(from: start, filter, limit: limit, for: owner, tx)
        }
    }

    private static func feed(
        from start: FeedStart, _ filter: EventStore.Filter, limit: Int, for owner: Owner,
        _ tx: any ReadTransaction
    ) throws -> FeedPage {
        let ends = try EventFeedStore.ends(of: owner.partnerID, tx)
        let position = try position(of: start, ends, owner.partnerID, tx)
        let page = try EventFeedStore.page(
            behind: position, filter, for: owner, limit: limit, tx)
        return FeedPage(
            events: page.events,
            next: FeedCursor(position: page.hasMore ? page.end : ends.last, of: owner.partnerID),
            hasMore: page.hasMore)
    }

    private static func position(
        of start: FeedStart, _ ends: EventFeedStore.Ends, _ partner: PartnerID,
        _ tx: any ReadTransaction
    ) throws -> Int64 {
        switch start {
        case .oldest: return 0
        case .latest: return ends.last
        case .cursor(let text):
            guard let cursor = FeedCursor(text, of: partner), cursor.position <= ends.last else {
                throw WebhookError.unknownCursor
            }
            guard cursor.position >= ends.removedTo else {
                throw WebhookError.cursorExpired(
                    days: try RetentionStore.policy(tx).days(of: .events))
            }
            return cursor.position
        }
    }

    /// Gives committed events their places in the feeds.
    ///
    /// - Returns: Whether there may be more.
    package func number() async throws -> Bool {
        guard try await database.lookUp({ try EventFeedStore.hasUnnumbered($0) }) else {
            return false
        }
        let limit = Limits.eventsNumberedAtOnceMax
        return try await database.write { try EventFeedStore.number(limit: limit, $0) } == limit
    }

    /// - Throws: ``NotFound``.
    package func delivery(_ id: DeliveryID, by principal: Principal) async throws -> Delivered {
        try await database.read { tx in
            Delivered(
                delivery: try Self.load(id, by: principal, tx),
                attempts: try DeliveryStore.attempts(of: id, tx))
        }
    }

    /// - Throws: ``NotFound`` for an endpoint or event filter that the key does not see.
    package func deliveries(
        _ filter: DeliveryStore.Filter, page: Page, by principal: Principal
    ) async throws -> Listing<Delivery> {
        try await database.read { tx in
            if let id = filter.endpointID { _ = try WebhookService.load(id, by: principal, tx) }
            if let id = filter.eventID, try EventStore.find(id, for: principal.owner, tx) == nil {
                throw NotFound("event")
            }
            return try DeliveryStore.list(filter, for: principal.owner, page: page, tx)
        }
    }

    /// A line of the log of deliveries.
    package struct Logged: Sendable {
        package let delivery: Delivery
        /// What the event is about; nil when it is not there any more.
        package let event: EventStore.Head?
    }

    /// As ``deliveries(_:page:by:)``, each with what its event is about.
    ///
    /// - Throws: ``NotFound`` for an endpoint or event filter that the principal does not see.
    package func log(
        _ filter: DeliveryStore.Filter, page: Page, by principal: Principal
    ) async throws -> Listing<Logged> {
        let listing = try await deliveries(filter, page: page, by: principal)
        let heads = try await database.read { tx in
            try EventStore.heads(of: listing.items.map(\.eventID), for: principal.owner, tx)
        }
        return listing.map { Logged(delivery: $0, event: heads[$0.eventID]) }
    }

    /// Sends a delivery again, whatever became of it.
    ///
    /// - Throws: ``NotFound``, ``WebhookError/deliveryExpired(days:)``.
    package func redeliver(
        _ id: DeliveryID, by principal: Principal, now: Timestamp
    ) async throws -> Delivery {
        let delivery = try await database.write { tx in
            try Self.refuseExpired(id, by: principal, now: now, tx)
            try DeliveryStore.redeliver([id], now: now, tx)
            return try Self.load(id, by: principal, tx)
        }
        wake()
        return delivery
    }

    /// Says of a delivery that is not there whether it could have been removed.
    private static func refuseExpired(
        _ id: DeliveryID, by principal: Principal, now: Timestamp, _ tx: any ReadTransaction
    ) throws {
        do {
            _ = try load(id, by: principal, tx)
        } catch is NotFound {
            let retention = try RetentionStore.policy(tx)
            guard id.createdAt < retention.start(of: .events, at: now) else {
                throw NotFound("webhook delivery")
            }
            throw WebhookError.deliveryExpired(days: retention.days(of: .events))
        }
    }

    private static func load(
        _ id: DeliveryID, by principal: Principal, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Delivery {
        let found = try DeliveryStore.find(id, for: principal.owner, lock: lock, tx)
        guard let found else { throw NotFound("webhook delivery") }
        return found
    }
}

/// A place in the feed of events.
package enum FeedStart: Sendable, Hashable {
    /// Before all that is kept.
    case oldest
    /// Behind all that has happened.
    case latest
    /// Behind what an answer showed.
    case cursor(String)
}
