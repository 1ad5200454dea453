package import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// Jobs that send again what an endpoint got or did not get (amendment 8).
package struct RedeliveryService: Sendable {
    private let database: any Database
    private let wake: Wake
    private let start: Wake

    /// - Parameters:
    ///   - wake: Tells the dispatcher of this process that something may be due.
    ///   - start: Tells who works jobs off that there is one.
    package init(database: any Database, wake: Wake = .silent, start: Wake = .silent) {
        self.database = database
        self.wake = wake
        self.start = start
    }

    /// Starts a job: what failed, unless other states are named, of any time that is kept, unless one is.
    ///
    /// - Throws: ``NotFound`` for the endpoint, ``WebhookError``.
    package func create(
        _ request: RequestObject, by principal: Principal, now: Timestamp
    ) async throws -> Redelivery {
        let sent = request[RedeliveryRequest.endpointID]
        guard let id = WebhookEndpointID(sent) else { throw NotFound("webhook endpoint") }
        return try await create(
            for: id,
            states: request[RedeliveryRequest.states]?.compactMap(DeliveryState.init) ?? [],
            from: request[RedeliveryRequest.createdFrom], to: request[RedeliveryRequest.createdTo],
            by: principal, now: now)
    }

    /// The same, of what is read already.
    ///
    /// - Throws: ``NotFound``, ``WebhookError``.
    package func create(
        for id: WebhookEndpointID, states: [DeliveryState], from: Timestamp?, to: Timestamp?,
        by principal: Principal, now: Timestamp
    ) async throws -> Redelivery {
        let job = try await database.write { tx in
            _ = try WebhookService.load(id, by: principal, lock: .share, tx)
            return try Self.insert(
                id, states: states.isEmpty ? [.failed] : states, from: from, to: to,
                by: principal.actor, now: now, tx)
        }
        start()
        return job
    }

    private static func insert(
        _ id: WebhookEndpointID, states: [DeliveryState], from: Timestamp?, to: Timestamp?,
        by actor: Actor, now: Timestamp, _ tx: any WriteTransaction
    ) throws -> Redelivery {
        let job = try plan(id, states: states, from: from, to: to, by: actor, now: now, tx)
        try RedeliveryStore.insert(job, tx)
        return job
    }

    private static func plan(
        _ id: WebhookEndpointID, states: [DeliveryState], from: Timestamp?, to: Timestamp?,
        by actor: Actor, now: Timestamp, _ tx: any ReadTransaction
    ) throws -> Redelivery {
        let retention = try RetentionStore.policy(tx)
        return try Redelivery.create(
            .init(
                endpointID: id, states: DeliveryState.allCases.filter(states.contains),
                createdFrom: from ?? retention.start(of: .events, at: now),
                createdTo: to?.asUpperBound ?? now,
                requestedBy: requester(actor)),
            retention: retention, now: now)
    }

    /// What a job calls whoever asked for it (docs/api.md): an id, or `operator` for a command.
    private static func requester(_ actor: Actor) -> String {
        actor == .command ? "operator" : actor.id
    }

    /// How many deliveries a job would send again, counted up to ``Limits/redeliveriesCountedMax`` and one more.
    ///
    /// - Throws: As ``create(for:states:from:to:by:now:)``.
    package func count(
        for id: WebhookEndpointID, states: [DeliveryState], from: Timestamp?, to: Timestamp?,
        by principal: Principal, now: Timestamp
    ) async throws -> Int64 {
        try await database.read { tx in
            _ = try WebhookService.load(id, by: principal, tx)
            let job = try Self.plan(
                id, states: states.isEmpty ? [.failed] : states, from: from, to: to,
                by: principal.actor, now: now, tx)
            return try RedeliveryStore.count(
                of: job.request, limit: Limits.redeliveriesCountedMax + 1, tx)
        }
    }

    /// - Throws: ``NotFound``.
    package func find(_ id: RedeliveryID, by principal: Principal) async throws -> Redelivery {
        try await database.lookUp { tx in
            guard let job = try RedeliveryStore.find(id, for: principal.owner, tx) else {
                throw NotFound("webhook redelivery")
            }
            return job
        }
    }

    /// Newest first.
    package func list(page: Page, by principal: Principal) async throws -> Listing<Redelivery> {
        try await database.read { try RedeliveryStore.list(for: principal.owner, page: page, $0) }
    }

    /// Makes the next deliveries of the oldest job due.
    ///
    /// - Returns: Whether there was a job; if so there may be more to do.
    package func step(now: Timestamp) async throws -> Bool {
        guard try await database.lookUp({ try RedeliveryStore.isRunning($0) }) else { return false }
        let found = try await database.write { tx in
            guard var job = try RedeliveryStore.next(tx) else { return false }
            let limit = Limits.redeliveredAtOnceMax
            let ids = try RedeliveryStore.deliveries(of: job, limit: limit, tx)
            let count = try DeliveryStore.redeliverEnded(ids, now: now, tx)
            job.advance(over: ids, redelivered: count, isLast: ids.count < limit, now: now)
            try RedeliveryStore.save(job, tx)
            return true
        }
        if found { wake() }
        return found
    }
}
