import ParryDatabase
import ParryDomain
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

@testable import ParryService

/// What several processes do at once. On SQLite one writer makes most of it easy; on PostgreSQL row locks
/// have to.
@Suite("Races")
struct RaceTests {
    private let now = Sample.start

    private func enrolmentRequest(_ sample: Sample) throws -> RequestObject {
        try EnrolmentRequest.decode(
            Array(
                """
                {"merchant_ids":["\(sample.merchant.id)"],"type":"ETHOCA_ALERT","ethoca_alert":
                {"descriptors":[{"descriptor":"ACME","match_type":"STARTS_WITH"}]}}
                """.utf8))
    }

    @Test(
        "Of twenty LIVE enrolments of one descriptor at once one is made",
        arguments: Engine.allCases)
    func identifier(_ engine: Engine) async throws {
        try await engine.run { database in
            for _ in 0..<15 {
                let sample = Sample(mode: .live)
                try await sample.insert(into: database)
                let service = EnrolmentService(database: database, wake: .silent)
                let made = try await count(of: 20) {
                    do {
                        _ = try await service.create(
                            of: [sample.merchant.id.text], enrolmentRequest(sample),
                            by: sample.principal, now: now)
                        return true
                    } catch EnrolmentError.ethocaIdentifierTaken {
                        return false
                    }
                }
                #expect(made == 1)
            }
        }
    }

    @Test(
        "A merchant is not deleted under an enrolment that is being made",
        arguments: Engine.allCases)
    func merchant(_ engine: Engine) async throws {
        try await engine.run { database in
            for _ in 0..<20 {
                let sample = Sample()
                try await sample.insert(into: database)
                try await database.write { tx in
                    try tx.execute("DELETE FROM integration_merchant")
                }
                let enrolments = EnrolmentService(database: database, wake: .silent)
                let merchants = MerchantService(database: database)
                async let isMade = succeeds {
                    _ = try await enrolments.create(
                        of: [sample.merchant.id.text], enrolmentRequest(sample),
                        by: sample.principal, now: now)
                }
                async let isDeleted = succeeds {
                    try await merchants.delete(sample.merchant.id, by: sample.principal, now: now)
                }
                let outcome = await (isMade, isDeleted)
                #expect(outcome.0 != outcome.1)
            }
        }
    }

    @Test(
        "A change and an upload that bring the same transaction at once: one hears of the other",
        arguments: Engine.allCases)
    func transaction(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let orders = OrderService(database: database, wake: .silent)
            for round in 0..<10 {
                let first = try OrderRequest.create.decode(
                    Array(sample.orderJSON("a-\(round)", transaction: "a-\(round)").utf8))
                let id = try #require(
                    try await orders.create([first], by: sample.principal, now: now).created.first?
                        .id)
                let second = try OrderRequest.create.decode(
                    Array(sample.orderJSON("b-\(round)", transaction: "both-\(round)").utf8))
                let patch = try OrderRequest.update.decode(Array(Self.change("both-\(round)").utf8))
                async let isChanged = succeeds {
                    _ = try await orders.update(id, patch, by: sample.principal, now: now)
                }
                let stored = try await orders.create([second], by: sample.principal, now: now)
                #expect(await isChanged != (stored.created.count == 1))
            }
        }
    }

    private static func change(_ transaction: String) -> String {
        """
        {"transactions":[{"reference_id":"\(transaction)","amount_in_cents":1,"currency":"USD",
        "payment_method_type":"OTHER","authorisation_status":"SETTLED",
        "payment_method_reference_id":"p2","authorised_at":"2026-02-18T00:00:00Z"}]}
        """
    }

    @Test(
        "Orders are counted exactly, whoever stores and folds at the same time",
        arguments: Engine.allCases)
    func orderCounts(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            // Each with its own queue, like processes that share the database.
            let services = (0..<4).map { _ in OrderService(database: database, wake: .silent) }
            let stored = try await count(of: 400) { number in
                // Every tenth is a repeat and refused.
                let name = "order-\(number % 10 == 9 ? number - 1 : number)"
                let request = try OrderRequest.create.decode(
                    Array(sample.orderJSON(name, transaction: name).utf8))
                return try await services[number % 4].create(
                    [request], by: sample.principal, now: now
                ).created.count == 1
            }
            #expect(stored == 360)
            let listing = try await services[0].list(
                .init(), page: Page(limit: 1, offset: 0), by: sample.principal)
            #expect(listing.count == 360)
            try await closeSome(services, by: sample)
            for status in OrderStatus.allCases {
                var filter = OrderStore.Filter()
                filter.orderStatus = status
                let counted = try await services[0].list(
                    filter, page: Page(limit: 1, offset: 0), by: sample.principal
                ).count
                let there = try await database.read { tx in
                    try tx.row(
                        "SELECT count(*) FROM \"order\" WHERE order_status = \(status.rawValue)"
                    ) { try $0.integer() }
                }
                #expect(counted == there, "\(status)")
            }
            let rows = try await database.read { tx in
                try tx.row("SELECT count(*) FROM order_count") { try $0.integer() }
            }
            #expect(try #require(rows) < 360)
        }
    }

    /// Changes the status of forty orders, two at once of the same order.
    private func closeSome(_ services: [OrderService], by sample: Sample) async throws {
        let orders = try await services[0].list(
            .init(), page: Page(limit: 40, offset: 0), by: sample.principal
        ).items
        _ = try await count(of: 80) { number in
            let status = number % 3 == 0 ? "OPEN_PENDING" : "OTHER"
            let patch = try OrderRequest.update.decode(
                Array(#"{"order_status":"\#(status)"}"#.utf8))
            _ = try await services[number % 4].update(
                orders[number / 2].id, patch, by: sample.principal, now: now)
            return true
        }
    }

    @Test("A limit holds over the processes that share a database", arguments: Engine.allCases)
    func limit(_ engine: Engine) async throws {
        try await engine.run { database in
            let limiters = (0..<3).map { _ in SharedRateLimiter(database: database) }
            let passed = try await count(of: 90) { number in
                try await limiters[number % 3].take("k", limit: 40, now: now) == nil
            }
            #expect(passed == 40)
            let other = try await limiters[0].take("other", limit: 1, now: now)
            #expect(other == nil)
            let wait = try #require(try await limiters[1].take("k", limit: 40, now: now))
            let later = now.adding(seconds: wait)
            let again = try await limiters[2].take("k", limit: 40, now: later)
            #expect(again == nil)
        }
    }

    @Test("The database counts as the budget does, whatever comes when", arguments: Engine.allCases)
    func counting(_ engine: Engine) async throws {
        try await engine.run { database in
            var random = SystemRandomNumberGenerator()
            var time = now
            var budget = RateBudget(window: RateBudget.window(of: now))
            for _ in 0..<60 {
                time = time.adding(milliseconds: Int64.random(in: 0...40_000, using: &random))
                let wanted = Int64.random(in: 1...9, using: &random)
                let taken = budget.take(wanted, limit: 7, now: time)
                let asks = (0..<wanted).map { _ in RateStore.Ask(key: "k", limit: 7, at: time) }
                let answers = try await database.write { try RateStore.take(asks, $0) }
                #expect(answers.filter { $0 == nil }.count == Int(taken))
                let wait = budget.waitSeconds(limit: 7, now: time)
                #expect(answers.compactMap(\.self).allSatisfy { $0 == wait })
            }
            let later = time.adding(seconds: 180)
            try await database.write { try RateStore.sweep(before: later, $0) }
            let rows = try await database.read {
                try $0.row("SELECT count(*) FROM rate") { try $0.integer() }
            }
            #expect(rows == 0)
        }
    }

    @Test(
        "Who asks late, with the time of the window before, gets no more than is left",
        arguments: Engine.allCases)
    func lateAsker(_ engine: Engine) async throws {
        try await engine.run { database in
            let full = RateBudget.windowMilliseconds
            let start = Timestamp(milliseconds: now.milliseconds / full * full)
            let limiter = SharedRateLimiter(database: database)
            let memory = MemoryRateLimiter()
            for offset in Array(repeating: full - 1_000, count: 10) + [full + 1, full - 5] {
                let time = start.adding(milliseconds: offset)
                let shared = try await limiter.take("k", limit: 10, now: time)
                let own = memory.take("k", limit: 10, now: time)
                #expect((shared == nil) == (offset == full - 1_000), "at \(offset)")
                #expect(shared == own)
            }
        }
    }

    private func succeeds(_ call: () async throws -> Void) async -> Bool {
        do {
            try await call()
            return true
        } catch {
            return false
        }
    }

    private func count(
        of calls: Int, _ call: @escaping @Sendable (Int) async throws -> Bool
    ) async throws -> Int {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<calls { group.addTask { try await call(number) } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
    }

    private func count(
        of calls: Int, _ call: @escaping @Sendable () async throws -> Bool
    ) async throws -> Int {
        try await count(of: calls) { _ in try await call() }
    }
}
