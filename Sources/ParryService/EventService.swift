package import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// What happened, and what became of telling it (amendment 8).
package struct EventService: Sendable {
    private let database: any Database
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

    /// Sends a delivery again, whatever became of it.
    ///
    /// - Throws: ``NotFound``.
    package func redeliver(
        _ id: DeliveryID, by principal: Principal, now: Timestamp
    ) async throws -> Delivery {
        let delivery = try await database.write { tx in
            _ = try Self.load(id, by: principal, tx)
            try DeliveryStore.redeliver([id], now: now, tx)
            return try Self.load(id, by: principal, tx)
        }
        wake()
        return delivery
    }

    private static func load(
        _ id: DeliveryID, by principal: Principal, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Delivery {
        let found = try DeliveryStore.find(id, for: principal.owner, lock: lock, tx)
        guard let found else { throw NotFound("webhook delivery") }
        return found
    }
}
