import ParryDatabase
import ParryDomain
import ParryService
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

@Suite("Statistics")
struct StatisticsTests {
    private let now = Sample.start

    @Test(
        "What became of uploaded orders is counted by feed and day, and adds up after folds",
        arguments: Engine.allCases)
    func feeds(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let orders = OrderService(database: database, wake: .silent)
            for number in 0..<150 {
                let good = sample.orderJSON("o-\(number)", transaction: "t-\(number)")
                let bad = sample.orderJSON("bad-\(number)", transaction: "x-\(number)")
                    .replacing("\"order_number\":\"AF-10001\",", with: "")
                let again = sample.orderJSON("o-0", transaction: "t-0")
                let batch = number == 0 ? [good] : [good, bad, again]
                _ = try await orders.create(
                    OrderRequest.create.decodeArray(
                        Array("[\(batch.joined(separator: ","))]".utf8), count: 1...100),
                    by: sample.principal, now: now)
            }
            let listing = try await orders.list(
                .init(), page: Page(limit: 1, offset: 0), by: sample.principal)
            let order = try #require(listing.items.first)
            _ = try await orders.update(
                order.id, OrderRequest.update.decode(Array(#"{"order_number":"N-2"}"#.utf8)),
                by: sample.principal, now: now)
            let health = try await StatisticsService(database: database).feed(
                sample.integration.id, days: 7, by: sample.principal, now: now)
            #expect(
                health.days.map(\.tally)
                    == [OrderFeedTally(accepted: 150, updated: 1, failed: 149, duplicate: 149)])
            #expect(health.sample.transactions == 150)
            #expect(health.sample.withARN == 150)
            #expect(health.sample.withBIN == 0)
            let rows = try await database.read { tx in
                try tx.row("SELECT count(*) FROM order_feed_day") { try $0.integer() }
            }
            #expect(try #require(rows) <= 151)
        }
    }

    @Test(
        "Alerts are counted by day, outcome, time and match; a sale that was refunded twice is saved once",
        arguments: Engine.allCases)
    func alerts(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let enrolment = sample.enrolment()
            let first = alert(sample, enrolment, sale: "t-1", amount: 1_000)
            let second = alert(sample, enrolment, sale: "t-1", amount: 1_000)
            let late = alert(sample, enrolment, sale: nil, amount: 500)
            let declined = alert(sample, enrolment, sale: nil, amount: 400)
            try await database.write { tx in
                try EnrolmentStore.insert(
                    enrolment, mode: .test, partner: sample.partner.id, tx)
                for alert in [first, second, late, declined] {
                    try AlertStore.insert(alert, due: nil, tx)
                }
                try AlertStore.save(ended(first, .refunded, after: 600), tx)
                try AlertStore.save(ended(second, .refunded, after: 7_200), tx)
                try AlertStore.save(ended(declined, .notRefunded, after: 50_000), tx)
                try AlertStore.saveExpired([ended(late, .notRefunded, after: 172_801)], tx)
            }
            let found = try await StatisticsService(database: database).alerts(
                .init(days: 7), by: sample.principal, now: now.adding(seconds: 86_400))
            #expect(
                found.saved == [.init(currency: "USD", amount: 1_000, sales: 1)])
            #expect(found.waiting.open == 0)
            #expect(
                Set(found.counts) == [
                    count(.refunded, .underOneHour, .byHand),
                    count(.refunded, .underFourHours, .byHand),
                    count(.notRefunded, .underOneDay, nil),
                    count(.expired, .deadlinePassed, nil),
                ])
            #expect(found.issuers == [.init(issuer: "Bank", alerts: 4, invalid: 0)])
            #expect(found.enrolments.statuses == [.pending: 1])
            let other = Sample()
            try await other.insert(into: database)
            let nothing = try await StatisticsService(database: database).alerts(
                .init(days: 7), by: other.principal, now: now)
            #expect(nothing.counts.isEmpty && nothing.saved.isEmpty)
        }
    }

    private func count(
        _ outcome: AlertTally.Outcome, _ pace: AlertTally.Pace?, _ level: MatchLevel?
    ) -> StatisticsStore.AlertCount {
        .init(
            daysAgo: 1, tally: AlertTally(outcome: outcome, pace: pace, level: level), count: 1)
    }

    private func alert(
        _ sample: Sample, _ enrolment: Enrolment, sale: String?, amount: Int64
    ) -> Alert {
        let id = AlertID.make(at: now, slot: sample.organisation.id.slot)
        return Alert(
            id: id, networkID: id.text,
            enrolment: AlertSource(
                id: enrolment.id, organisationID: sample.organisation.id,
                merchantID: sample.merchant.id, type: .ethocaAlert),
            transaction: AlertTransaction(
                amount: amount, currency: "USD", authorisedAt: now, authorisationCode: nil,
                acquirerReferenceNumber: nil, statementDescriptor: nil, cardBIN: nil,
                cardLast4: nil, cardScheme: nil, cardIssuer: "Bank"),
            actionRequiredDeadline: now.adding(seconds: 172_800), receivedAt: now, createdAt: now,
            state: .init(
                status: .actionRequired, refundOutcome: nil,
                integrationID: sale.map { _ in sample.integration.id },
                integrationTransactionID: sale), updatedAt: now, version: 1)
    }

    private func ended(
        _ alert: Alert, _ outcome: RefundOutcome, after seconds: Int64
    ) -> Alert {
        var ended = alert
        ended.state.status = .resolved
        ended.state.refundOutcome = outcome
        ended.updatedAt = alert.receivedAt.adding(seconds: seconds)
        return ended
    }
}
