import ParryClient
import ParryDatabase
import ParryWire
import Testing

@testable import ParryPartner

@Suite("The desk's store")
struct DeskStoreTests {
    private func store(_ alerts: [AlertCase]) async throws -> PartnerDatabase {
        let store = try await PartnerDatabase.open(.memory)
        try await store.database.write { tx in
            for alert in alerts { try AlertStore.save(alert, tx) }
        }
        return store
    }

    private func accept(_ shown: AlertCase, _ store: PartnerDatabase) async throws
        -> DeskStore.Change
    {
        try await store.database.write { tx in
            try DeskStore.change(shown, "at the desk, by ada: ACCEPT", at: DeskFixture.now, tx) {
                $0.decide(.accept, note: nil, at: DeskFixture.now)
            }
        }
    }

    @Test("Of two people at once one decides, and the other is told who was faster")
    func twoPeople() async throws {
        let shown = try DeskFixture.undecided("netalrt_1")
        let store = try await store([shown])
        guard case .done(let alert) = try await accept(shown, store) else {
            Issue.record("the first decision was not taken")
            return
        }
        #expect(alert.step == .act)
        #expect(try await accept(shown, store) == .otherwise("at the desk, by ada: ACCEPT"))
        let journal = try await store.database.read {
            try DeskStore.journal("netalrt_1", limit: 10, $0)
        }
        #expect(journal.map(\.text) == ["at the desk, by ada: ACCEPT"])
        try await store.close()
    }

    @Test("That the platform showed the alert again does not stop a decision")
    func seenAgain() async throws {
        let shown = try DeskFixture.undecided("netalrt_1")
        var again = shown
        again.see(try DeskFixture.seen("netalrt_1", minutes: 60), at: DeskFixture.now)
        let store = try await store([again])
        guard case .done = try await accept(shown, store) else {
            Issue.record("the decision was not taken")
            return
        }
        try await store.close()
    }

    @Test("A match that changed meanwhile does stop it")
    func matchedAnew() async throws {
        let shown = try DeskFixture.undecided("netalrt_1", transaction: nil)
        let store = try await store([try DeskFixture.undecided("netalrt_1")])
        #expect(try await accept(shown, store) == .otherwise("nothing is noted"))
        try await store.close()
    }

    @Test("Open alerts are listed by deadline, with those that ended and still hold a reservation")
    func listed() async throws {
        let now = DeskFixture.now
        func alert(_ id: String, minutes: Int64?) throws -> AlertCase {
            AlertCase(try DeskFixture.seen(id, minutes: minutes), isOurs: true, at: now)
        }
        var ended = try DeskFixture.reserved("netalrt_4", minutes: -5)
        ended.see(try DeskFixture.seen("netalrt_4", minutes: -5, status: "RESOLVED"), at: now)
        var gone = try alert("netalrt_5", minutes: 3)
        gone.see(try DeskFixture.seen("netalrt_5", status: "INVALID"), at: now)
        let store = try await store([
            try alert("netalrt_1", minutes: nil), try alert("netalrt_2", minutes: 90),
            try alert("netalrt_3", minutes: 10), ended, gone,
        ])
        let ids = try await store.database.read {
            try DeskStore.alerts(limit: 10, $0).map(\.id)
        }
        #expect(ids == ["netalrt_4", "netalrt_3", "netalrt_2", "netalrt_1"])
        try await store.close()
    }

    @Test("A feed that has nothing but a request without an answer is shown")
    func feeds() async throws {
        let store = try await store([])
        let feeds = try await store.database.write { tx in
            let batch = (key: "key-1", orderID: String?.none, body: Array("[]".utf8))
            _ = try FeedStore.begin(batch, [], in: "acme/orders", at: DeskFixture.now, tx)
            return try DeskStore.feeds(tx)
        }
        #expect(feeds.map(\.name) == ["acme/orders"])
        #expect(feeds.map(\.unanswered) == [1])
        try await store.close()
    }

    @Test("What a case came to is said as it is")
    func outcomes() throws {
        let now = DeskFixture.now
        func notice(_ status: String, _ outcome: String?) throws -> DeskState.Notice {
            var alert = try DeskFixture.undecided("netalrt_1")
            alert.decide(.accept, note: nil, at: now)
            alert.see(
                try DeskFixture.seen("netalrt_1", status: status, outcome: outcome), at: now)
            return DeskOutcome.notice(alert, at: now)
        }
        #expect(try notice("RESOLVED", "NOT_REFUNDED").isGood)
        let otherwise = try notice("RESOLVED", "REFUNDED")
        #expect(otherwise.text == "The alert ended otherwise: it is RESOLVED, REFUNDED.")
        #expect(!otherwise.isGood)
        let reserved = DeskOutcome.notice(try DeskFixture.reserved("netalrt_1"), at: now)
        #expect(reserved.text.hasPrefix("SAFE: USD 49.00 is reserved."))
        var failed = try DeskFixture.undecided("netalrt_1")
        failed.decide(.accept, note: nil, at: now)
        failed.retry("no answer.", at: now)
        #expect(
            DeskOutcome.notice(failed, at: now).text
                == "Not done yet: no answer. The next try is due in 2 s.")
    }
}
