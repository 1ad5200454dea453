import ParryDatabase
import ParryDomain
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

@Suite("The webhook queue")
struct DeliveryStoreTests {
    private let now = Sample.start

    /// An endpoint, or some, and so many events that wait for it.
    private func prepare(
        _ count: Int, endpoints endpointCount: Int = 1, in database: any Database
    ) async throws -> Sample {
        let sample = Sample()
        try await sample.insert(into: database)
        try await database.write { tx in
            for _ in 0..<endpointCount {
                let endpoint = WebhookEndpoint(
                    id: .make(at: now, slot: 0), partnerID: sample.partner.id, organisationID: nil,
                    details: .init(url: "https://localhost/x", eventTypes: [.alertCreated]),
                    createdAt: now, updatedAt: now, version: 1)
                try WebhookEndpointStore.insert(endpoint, encryptedSecret: "sealed", tx)
            }
            for _ in 0..<count {
                let event = Event(
                    id: .make(at: now, slot: sample.organisation.id.slot),
                    organisationID: sample.organisation.id, partnerID: sample.partner.id,
                    type: .alertCreated, objectID: "x", body: Array("{}".utf8), createdAt: now)
                #expect(try EventStore.append(event, tx) == endpointCount)
            }
        }
        return sample
    }

    /// So many of any endpoint.
    private func appetite(_ room: Int) -> DeliveryAppetite {
        DeliveryAppetite(room: room, others: .init(room, .good))
    }

    private func claim(
        _ limit: Int, lease: Int64, at time: Timestamp, _ database: any Database
    ) async throws -> [ClaimedDelivery] {
        try await database.write {
            try DeliveryStore.claim(
                appetite(limit), lease: lease, now: time, $0
            ).deliveries
        }
    }

    private func ended(
        _ delivery: ClaimedDelivery, _ status: Int, at time: Timestamp
    ) -> EndedDelivery {
        let attempt = DeliveryAttempt(
            startedAt: time, durationMilliseconds: 3, outcome: .answered(status))
        let next = RetrySchedule().next(
            after: attempt, number: Int(delivery.attemptCount) + 1, now: time)
        return EndedDelivery(delivery: delivery, attempt: attempt, next: next)
    }

    @Test(
        "A receiver that is gone pauses its endpoint, and what waits for it stays",
        arguments: Engine.allCases)
    func gone(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = try await prepare(3, in: database)
            let first = try #require(try await claim(1, lease: 1, at: now, database).first)
            let result = ended(first, 410, at: now)
            #expect(result.attempt.isGone)
            try await database.write { tx in
                try DeliveryStore.record([result], now: now, tx)
                try WebhookEndpointStore.pauseGone([first.endpointID], now: now, tx)
            }
            #expect(try await claim(9, lease: 2, at: now, database).isEmpty)
            let endpoint = try await database.read {
                try WebhookEndpointStore.find(first.endpointID, for: sample.owner, $0)
            }
            let paused = try #require(endpoint)
            #expect(paused.details.isPaused)
            var resumed = paused
            var details = paused.details
            details.isPaused = false
            #expect(try resumed.update(details, allowed: .any, now: now))
            let new = resumed
            try await database.write { try WebhookEndpointStore.save(new, from: paused, $0) }
            #expect(try await claim(9, lease: 3, at: now, database).count == 3)
        }
    }

    @Test(
        "Results whose commit was in doubt can be written again, and change nothing more",
        arguments: Engine.allCases)
    func repeatedResults(_ engine: Engine) async throws {
        try await engine.run { database in
            _ = try await prepare(2, in: database)
            let claimed = try await claim(2, lease: 1, at: now, database)
            let results = [ended(claimed[0], 200, at: now), ended(claimed[1], 500, at: now)]
            for _ in 1...2 {
                try await database.write { try DeliveryStore.record(results, now: now, $0) }
            }
            let rows = try await database.read {
                try $0.rows(
                    """
                    SELECT 'PENDING', attempt_count FROM delivery
                    UNION ALL SELECT state, attempt_count FROM delivery_ended
                    """
                ) { (try $0.text(), try $0.integer()) }
            }
            #expect(rows.map(\.0).sorted() == ["DELIVERED", "PENDING"])
            #expect(rows.map(\.1) == [1, 1])
            let attempts = try await database.read {
                try $0.row("SELECT count(*) FROM delivery_attempt") { try $0.integer() }
            }
            #expect(attempts == 2)
        }
    }

    @Test("A claim says whether it may have left something", arguments: Engine.allCases)
    func rest(_ engine: Engine) async throws {
        try await engine.run { database in
            _ = try await prepare(3, in: database)
            let some = try await database.write {
                try DeliveryStore.claim(appetite(2), lease: 1, now: now, $0)
            }
            #expect(some.look?.leftOver.count == 1)
            let rest = try await database.write {
                try DeliveryStore.claim(appetite(2), lease: 2, now: now, $0)
            }
            #expect(rest.deliveries.count == 1)
            #expect(rest.look == DeliveryLook(endpointCount: 1))
        }
    }

    @Test("A claim that could not ask all endpoints says so", arguments: Engine.allCases)
    func cutShort(_ engine: Engine) async throws {
        try await engine.run { database in
            let endpointCount = Limits.endpointsClaimedMax + 1
            _ = try await prepare(1, endpoints: endpointCount, in: database)
            for (lease, count) in [(1, Limits.endpointsClaimedMax), (2, 1)] {
                let claimed = try await database.write {
                    try DeliveryStore.claim(
                        appetite(endpointCount), lease: Int64(lease), now: now, $0)
                }
                #expect(claimed.deliveries.count == count)
                #expect(claimed.look?.isCrowded == (lease == 1))
            }
        }
    }

    @Test(
        "A look for what is new finds only endpoints of deliveries made since",
        arguments: Engine.allCases)
    func news(_ engine: Engine) async throws {
        try await engine.run { database in
            _ = try await prepare(2, in: database)
            var news = appetite(9)
            for (since, found) in [(now.adding(milliseconds: 1), 0), (now, 2)] {
                news.since = since
                let claimed = try await database.write { [news] in
                    try DeliveryStore.claim(news, lease: 1, now: now, $0)
                }
                #expect(claimed.deliveries.count == found)
                #expect(claimed.look == DeliveryLook(endpointCount: nil))
            }
        }
    }

    @Test(
        "Processes that claim at once get all that is due, and nothing twice",
        arguments: Engine.allCases)
    func claimants(_ engine: Engine) async throws {
        try await engine.run { database in
            for _ in 0..<4 { _ = try await prepare(15, in: database) }
            let claimed = try await withThrowingTaskGroup(of: [ClaimedDelivery].self) { group in
                for lease in 1...6 {
                    group.addTask {
                        var own: [ClaimedDelivery] = []
                        while true {
                            let more = try await claim(7, lease: Int64(lease), at: now, database)
                            own += more
                            let left = try await database.read { try DeliveryStore.nextDue($0) }
                            if more.isEmpty, left.map({ $0 > now }) ?? true { return own }
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.count == 60)
            #expect(Set(claimed.map(\.id)).count == 60)
        }
    }

    @Test(
        "What waits for an endpoint that was deleted meanwhile is given up",
        arguments: Engine.allCases)
    func deletedEndpoint(_ engine: Engine) async throws {
        try await engine.run { database in
            _ = try await prepare(3, in: database)
            try await database.write {
                try $0.execute("UPDATE webhook_endpoint SET deleted_at = \(now.milliseconds)")
            }
            #expect(try await claim(9, lease: 1, at: now, database).isEmpty)
            let states = try await database.read {
                try $0.rows("SELECT state FROM delivery_ended") { try $0.text() }
            }
            #expect(states == ["FAILED", "FAILED", "FAILED"])
        }
    }

    @Test("A claimed delivery is nobody else's until its lease ends", arguments: Engine.allCases)
    func lease(_ engine: Engine) async throws {
        try await engine.run { database in
            _ = try await prepare(3, in: database)
            #expect(try await claim(2, lease: 1, at: now, database).count == 2)
            #expect(try await claim(9, lease: 2, at: now, database).count == 1)
            #expect(try await claim(9, lease: 3, at: now, database).isEmpty)
            let end = now.adding(seconds: Limits.deliveryLeaseSeconds)
            #expect(
                try await claim(9, lease: 4, at: end.adding(milliseconds: -1), database).isEmpty)
            #expect(try await claim(9, lease: 4, at: end, database).count == 3)
        }
    }

    @Test("The result of a lost lease changes nothing", arguments: Engine.allCases)
    func fencing(_ engine: Engine) async throws {
        try await engine.run { database in
            _ = try await prepare(1, in: database)
            let first = try #require(try await claim(1, lease: 1, at: now, database).first)
            let later = now.adding(seconds: Limits.deliveryLeaseSeconds)
            let second = try #require(try await claim(1, lease: 2, at: later, database).first)
            try await database.write {
                let lost = try DeliveryStore.record(
                    [ended(first, 200, at: later)], now: later, $0)
                #expect(lost == 1)
            }
            #expect(try await state(database) == "PENDING 0")
            try await database.write { try DeliveryStore.release([first], now: later, $0) }
            #expect(try await claim(1, lease: 3, at: later, database).isEmpty)
            try await database.write {
                let lost = try DeliveryStore.record(
                    [ended(second, 204, at: later)], now: later, $0)
                #expect(lost == 0)
            }
            #expect(try await state(database) == "DELIVERED 1")
        }
    }

    @Test("Six failed tries end a delivery, each logged", arguments: Engine.allCases)
    func exhaustion(_ engine: Engine) async throws {
        try await engine.run { database in
            _ = try await prepare(1, in: database)
            var time = now
            for number in 1...6 {
                let delivery = try #require(
                    try await claim(1, lease: Int64(number), at: time, database).first)
                #expect(delivery.attemptCount == Int64(number) - 1)
                let result = ended(delivery, 500, at: time)
                try await database.write { try DeliveryStore.record([result], now: now, $0) }
                if case .retry(let due) = result.next { time = due }
            }
            #expect(try await state(database) == "FAILED 6")
            let attempts = try await database.read {
                try $0.row("SELECT count(*) FROM delivery_attempt") { try $0.integer() }
            }
            #expect(attempts == 6)
            #expect(try await database.read { try DeliveryStore.nextDue($0) } == nil)
        }
    }

    @Test("What is released is due at once", arguments: Engine.allCases)
    func release(_ engine: Engine) async throws {
        try await engine.run { database in
            _ = try await prepare(2, in: database)
            let claimed = try await claim(2, lease: 1, at: now, database)
            try await database.write { try DeliveryStore.release(claimed, now: now, $0) }
            #expect(try await claim(2, lease: 2, at: now, database).count == 2)
        }
    }

    @Test(
        "Of a claim whose answer was lost, what is known stays claimed and the rest is due at once",
        arguments: Engine.allCases)
    func releaseOfALease(_ engine: Engine) async throws {
        try await engine.run { database in
            _ = try await prepare(4, in: database)
            let known = try await claim(2, lease: 1, at: now, database)
            let other = try await claim(1, lease: 2, at: now, database)
            try await database.write {
                try DeliveryStore.release(lease: 2, but: [], now: now, $0)
                try DeliveryStore.release(lease: 1, but: [known[0].id], now: now, $0)
            }
            let again = try await claim(4, lease: 3, at: now, database)
            #expect(again.count == 3)
            #expect(!again.map(\.id).contains(known[0].id))
            #expect(again.map(\.id).contains(other[0].id))
        }
    }

    @Test(
        "Only subscribers of the type, and of the organisation, get an event",
        arguments: Engine.allCases)
    func subscribers(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = try await prepare(0, in: database)
            let other = Sample()
            try await other.insert(into: database)
            let endpoints: [(PartnerID, OrganisationID?, [EventType])] = [
                (sample.partner.id, sample.organisation.id, [.alertCreated, .alertUpdated]),
                (sample.partner.id, other.organisation.id, [.alertCreated]),
                (sample.partner.id, nil, [.enrolmentCreated]),
                (other.partner.id, nil, [.alertCreated]),
            ]
            try await database.write { tx in
                for (partner, organisation, types) in endpoints {
                    try WebhookEndpointStore.insert(
                        WebhookEndpoint(
                            id: .make(at: now, slot: 0), partnerID: partner,
                            organisationID: organisation,
                            details: .init(url: "https://x", eventTypes: types), createdAt: now,
                            updatedAt: now, version: 1), encryptedSecret: "s", tx)
                }
                let event = Event(
                    id: .make(at: now, slot: 0), organisationID: sample.organisation.id,
                    partnerID: sample.partner.id, type: .alertCreated, objectID: "x",
                    body: [], createdAt: now)
                #expect(try EventStore.append(event, tx) == 2)
            }
        }
    }

    private func state(_ database: any Database) async throws -> String? {
        try await database.read { tx in
            try tx.row(
                """
                SELECT 'PENDING', attempt_count FROM delivery
                UNION ALL SELECT state, attempt_count FROM delivery_ended
                """
            ) { "\(try $0.text()) \(try $0.integer())" }
        }
    }
}
