import ParryWire
import Testing

@testable import ParryDomain

@Suite("Refunds: the ledger and the intents")
struct RefundTests {
    private static let now = Timestamp(milliseconds: 1_771_322_400_000)

    private static func entry(_ source: RefundSource, _ amount: Int64?) -> RefundLedger.Entry {
        RefundLedger.Entry(source, amount: amount, at: nil)
    }

    @Test(
        "What is refunded: the network's comes on top, a declaration counts as far as it exceeds what is told",
        arguments: [
            ([], 0), ([(.order, 40)], 40), ([(.order, 40), (.intent, 10)], 50),
            ([(.order, 40), (.action, 40)], 40), ([(.order, 20), (.action, 50)], 50),
            ([(.action, 30), (.action, 30)], 60), ([(.network, 30), (.action, 30)], 60),
            ([(.network, 100)], 100), ([(.network, 60), (.order, 60)], 120),
            ([(.order, nil)], 100), ([(.network, nil), (.order, 5)], 105),
            ([(.order, .max), (.network, .max)], .max),
        ] as [([(RefundSource, Int64?)], Int64)])
    func refunded(told: [(RefundSource, Int64?)], total: Int64) {
        let ledger = RefundLedger(
            amount: 100, currency: "USD", entries: told.map { Self.entry($0.0, $0.1) }, pending: [])
        #expect(ledger.refunded == total)
        #expect(ledger.remaining == max(0, 100 - total))
    }

    @Test(
        "A refund of 30 is safe, in the way, too much, or made already",
        arguments: [
            (0, [], .safe), (70, [], .safe), (71, [], .exceedsRemaining),
            (99, [], .exceedsRemaining),
            (100, [], .alreadyRefunded), (120, [], .alreadyRefunded), (0, [70], .safe),
            (0, [71], .inFlight), (40, [30], .safe), (40, [31], .inFlight), (0, [nil], .inFlight),
            (71, [nil], .exceedsRemaining), (0, [.max, .max], .inFlight),
        ] as [(Int64, [Int64?], RefundIntentOutcome)])
    func judged(refunded: Int64, pending: [Int64?], outcome: RefundIntentOutcome) {
        let ledger = RefundLedger(
            amount: 100, currency: "USD", entries: [Self.entry(.order, refunded)], pending: pending)
        #expect(ledger.judge(30) == outcome)
    }

    private func intent() -> RefundIntent {
        let organisation = OrganisationID.make(at: Self.now, slot: 7)
        return RefundIntent.reserve(
            30, "USD",
            of: RefundedSale(integrationID: .make(at: Self.now, slot: 7), reference: "t"),
            in: organisation, for: 900, now: Moment(Self.now, lead: 5_000))
    }

    @Test(
        "A reservation ends at its time, by the organisation's clock, and can be committed after it"
    )
    func expiry() throws {
        var intent = intent()
        let end = Self.now.adding(seconds: 905)
        #expect(intent.expiresAt == end)
        #expect(intent.status(at: end.adding(milliseconds: -1)) == .reserved)
        #expect(intent.status(at: end) == .expired)
        #expect(try intent.commit(reference: "r", now: end))
        #expect(intent.status(at: end) == .committed)
        #expect(intent.reference == "r")
    }

    @Test("What is committed or released stays so; the same again changes nothing")
    func ends() throws {
        var committed = intent()
        #expect(try committed.commit(reference: "r", now: Self.now))
        #expect(try !committed.commit(reference: "r", now: Self.now))
        #expect(throws: RefundIntentError.ended(.committed)) {
            try committed.commit(reference: "s", now: Self.now)
        }
        #expect(throws: RefundIntentError.ended(.committed)) {
            try committed.release(now: Self.now)
        }
        var released = intent()
        #expect(try released.release(now: Self.now))
        #expect(try !released.release(now: Self.now))
        #expect(throws: RefundIntentError.ended(.released)) {
            try released.commit(reference: "r", now: Self.now)
        }
    }

    @Test("A clock goes forward only, and not beyond ten years")
    func clock() throws {
        var clock = TestClock(of: .make(at: Self.now, slot: 7), at: Moment(Self.now))
        #expect(try clock.change(.advance(seconds: 60)) == 60_000)
        #expect(try clock.change(.set(to: Self.now.adding(seconds: 90))) == 30_000)
        #expect(try clock.change(.set(to: clock.moment.shown)) == 0)
        #expect(try clock.change(.set(to: Self.now.adding(milliseconds: 90_500))) == 500)
        // As an answer shows it.
        #expect(try clock.change(.set(to: clock.moment.shown.truncatedToSecond)) == 0)
        #expect(throws: TestClockError.backwards(Self.now.adding(milliseconds: 90_500))) {
            try clock.change(.set(to: Self.now.adding(seconds: 89)))
        }
        #expect(throws: TestClockError.tooFar) {
            try clock.change(.advance(seconds: Limits.testClockLeadSecondsMax))
        }
        #expect(clock.moment.lead == 90_500)
        #expect(clock.moment.real(of: clock.moment.shown) == Self.now)
    }

    @Test(
        "A ruleset is published when every enrolment's rules are",
        arguments: [
            ([], nil, nil), ([(.published, 3)], .published, 3),
            ([(.published, 3), (.pending, 2)], .pending, 2),
            ([(.published, 3), (.pending, nil)], .pending, nil),
            ([(.failed, 1), (.pending, 2)], .failed, 1),
        ] as [([(PublicationStatus, Int64?)], PublicationStatus?, Int64?)])
    func publication(
        parts: [(PublicationStatus, Int64?)], status: PublicationStatus?, version: Int64?
    ) {
        let whole = RulesetPublication(
            parts.map { RulesetPublication.Part(status: $0.0, publishedVersion: $0.1) })
        #expect(whole?.status == status)
        #expect(whole?.publishedVersion == version)
    }

    @Test(
        "A refund that the network made is refused, unless who acts knows of it",
        arguments: [
            (AlertAction.refund, true, true), (.refundAndCancel, true, true),
            (.acceptDispute, true, false), (.cancel, true, false), (.refund, false, false),
        ])
    func refusedAction(action: AlertAction, isRefunded: Bool, isRefused: Bool) throws {
        var enrolment = Enrolment.create(
            .ethocaAlert([.init(text: "ACME", matchType: .startsWith, status: .pending)]),
            merchantIDs: [.make(at: Self.now, slot: 7)],
            organisationID: .make(at: Self.now, slot: 7), now: Moment(Self.now))
        try enrolment.simulate(.enabled, now: Self.now)
        var alert = try Alert.simulated(
            AlertSimulation(), through: enrolment, now: Moment(Self.now))
        let context = ActionContext(allowsCancel: true, isRefundedAtNetwork: isRefunded)
        let before = alert
        if isRefused {
            #expect(throws: AlertError.alreadyRefunded) {
                try alert.update(action: action, note: "x", context, now: Self.now)
            }
            #expect(alert == before)
        } else {
            #expect(try alert.update(action: action, note: "x", context, now: Self.now))
            #expect(alert.state.status == .resolved)
        }
    }
}
