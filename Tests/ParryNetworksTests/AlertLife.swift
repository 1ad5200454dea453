import HTTPTypes
import ParryDatabase
import ParryDomain
import ParryServer
import ParryService
import ParryStore
import ParryTestSupport
import ParryWire
import Synchronization
import Testing

// One organisation whose networks, partner and clock do things in an order that a seed chooses, some of them at the same
// time. Then time passes until nothing waits any more, and the books are compared.

/// A clock that never shows the same time twice.
final class StepClock: Sendable {
    private let milliseconds = Mutex(Sample.start.milliseconds)

    func now() -> Timestamp {
        Timestamp(
            milliseconds: milliseconds.withLock {
                $0 += 1
                return $0
            })
    }

    func pass(hours: Int64) {
        milliseconds.withLock { $0 += hours * 3_600_000 }
    }
}

/// The life of one organisation's alerts by one seed.
struct AlertLife {
    private static let stepCount = 40
    private static let sales = 3
    /// What may come to pass, each as often as it stands here.
    private static let happenings: [Happening] = [
        .push, .push, .push, .push, .notice, .notice, .notice, .act, .act, .act, .note, .pass,
        .pass,
        .advance, .due, .due, .review, .review, .order, .order, .refund, .refund, .match, .rule,
        .answer, .answer, .intent, .intent, .look,
    ]

    private enum Happening {
        case push, notice, act, note, pass, advance, due, review, order, refund, match, rule
        case answer, intent, look
    }

    private let world: TestWorld
    private let clock: StepClock
    private let customer: Customer
    private let rdr: String
    private var random: SeededGenerator
    private var refunds = 0

    init(seed: UInt64, in world: TestWorld, clock: StepClock) async throws {
        self.world = world
        self.clock = clock
        random = SeededGenerator(seed: seed)
        customer = try await world.customer()
        rdr = try await world.make(
            "/v2/enrolments",
            """
            {"merchant_ids":["\(customer.merchant)"],"type":"VERIFI_RDR",
            "verifi_rdr":{"bin":"424242","caid":"ACMEFIT01"}}
            """)
        for enrolment in [customer.enrolment, rdr] {
            _ = try await world.send(
                .patch, "/v1/simulate/enrolments/\(enrolment)", #"{"status":"ENABLED"}"#)
        }
    }

    /// Plays it to the end, where nothing waits any more.
    mutating func play() async throws {
        for _ in 0..<Self.stepCount {
            let first = step(Self.happenings[below(Self.happenings.count)])
            guard below(4) == 0 else {
                try await first()
                continue
            }
            let second = step(Self.happenings[below(Self.happenings.count)])
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await first() }
                group.addTask { try await second() }
                try await group.waitForAll()
            }
        }
        for _ in 0..<3 {
            clock.pass(hours: 40)
            try await workOff()
        }
    }

    private func workOff() async throws {
        while try await AlertReviewService(database: world.database, wake: .silent)
            .step(now: clock.now())
        {}
        while try await DeadlineService(database: world.database, wake: .silent)
            .step(now: clock.now())
        {}
        try await answer(.taken(networkID: nil))
    }

    private mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }

    /// What is to be done, with everything that chance says about it decided already.
    private mutating func step(_ happening: Happening) -> @Sendable () async throws -> Void {
        let (life, number, other) = (self, below(Self.sales + 1), below(4))
        switch happening {
        case .push: return { try await life.push("E\(number)\(other % 2)", sale: number) }
        case .notice:
            let status = NetworkCase.Status.allCases[below(3)]
            return { try await life.tell("C\(number)", status, sale: number) }
        case .act:
            let action = ["REFUND", "ACCEPT_DISPUTE"][below(2)]
            return { try await life.patch(#"{"action":"\#(action)"}"#, nth: number + other) }
        case .note: return { try await life.patch(#"{"note":"n\#(other)"}"#, nth: number) }
        case .look: return { try await life.patch(#"{"needs_attention":false}"#, nth: number) }
        case .pass: return { life.clock.pass(hours: Int64(1 + other * 6)) }
        case .advance: return { try await life.advance(hours: 1 + other * 5) }
        case .due: return { try await life.due() }
        case .review: return { try await life.review() }
        case .order: return { try await life.upload(number) }
        case .refund:
            refunds += 1
            return { [refunds] in try await life.refund(number, as: "r\(refunds)") }
        case .match: return { try await life.match(nth: number, other == 0 ? nil : number) }
        case .rule: return { try await life.rule(below: [0, 2_000, 9_000][number % 3]) }
        case .answer:
            let answers: [NetworkAnswer] = [
                .taken(networkID: nil), .recoverable("later"), .final("never"),
                .taken(networkID: nil),
            ]
            return { try await life.answer(answers[other]) }
        case .intent: return { try await life.intend(number, commits: other > 0) }
        }
    }
}

// What can come to pass.
extension AlertLife {
    private func sold(_ number: Int) -> AlertTransaction {
        AlertTransaction(
            amount: 1_000 + Int64(number) * 1_000, currency: "USD", authorisedAt: Sample.start,
            authorisationCode: nil,
            acquirerReferenceNumber: "7402701234567890123456\(number)",
            statementDescriptor: "ACMEFIT MONTHLY", cardBIN: "424242", cardLast4: "424\(number)",
            cardScheme: "VISA", cardIssuer: nil)
    }

    private func told(_ id: String, sale: Int) -> NetworkAlert {
        NetworkAlert(
            networkID: id, category: .dispute, alertedAt: clock.now(), transaction: sold(sale),
            transactionAt: nil, reasonCode: nil)
    }

    private var intake: NetworkIntake { NetworkIntake(database: world.database, wake: .silent) }

    private func push(_ id: String, sale: Int) async throws {
        _ = try await intake.receive(
            told(id, sale: sale), body: Array("{}".utf8), mode: .test, now: clock.now())
    }

    private func tell(_ id: String, _ status: NetworkCase.Status, sale: Int) async throws {
        let notice = NetworkCase(
            status: status, alert: told(id, sale: sale), acquirerBIN: "424242",
            cardAcceptorID: "ACMEFIT01")
        _ = try await intake.receive(
            notice, body: Array("{}".utf8), mode: .test, now: clock.now())
    }

    private func alerts() async throws -> [String] {
        let page = try await world.send(.get, "/v1/alerts?sort=alert_received_at&limit=1000")
        return try page.json["items"]?.elements.compactMap { $0["id"]?.string } ?? []
    }

    private func nth(_ number: Int) async throws -> String? {
        let ids = try await alerts()
        return ids.isEmpty ? nil : ids[number % ids.count]
    }

    private func patch(_ body: String, nth number: Int) async throws {
        guard let id = try await nth(number) else { return }
        _ = try await world.send(.patch, "/v1/alerts/\(id)", body)
    }

    private func match(nth number: Int, _ sale: Int?) async throws {
        guard let id = try await nth(number) else { return }
        let reference = sale.map { "\"t\($0)\"" } ?? "null"
        _ = try await world.send(
            .put, "/v1/alerts/\(id)/match", #"{"integration_transaction_id":\#(reference)}"#)
    }

    private func advance(hours: Int) async throws {
        _ = try await world.send(
            .post, "/v1/simulate/clock",
            """
            {"organisation_id":"\(customer.organisation)","advance_seconds":\(hours * 3_600)}
            """)
    }

    private func due() async throws {
        _ = try await DeadlineService(database: world.database, wake: .silent)
            .step(now: clock.now())
    }

    private func review() async throws {
        _ = try await AlertReviewService(database: world.database, wake: .silent)
            .step(now: clock.now())
    }

    private func upload(_ number: Int) async throws {
        let sale = sold(number)
        let answer = try await world.send(
            .post, "/v1/orders",
            """
            [{"type":"COMPLETE","organisation_id":"\(customer.organisation)",
            "integration_id":"\(customer.integration)","reference_id":"o\(number)",
            "order_number":"\(number)","order_datetime":"2026-02-17T09:59:00Z",
            "order_subtotal_amount_in_cents":\(sale.amount),"order_currency":"USD",
            "order_total_amount_in_cents":\(sale.amount),"order_status":"CLOSED_COMPLETE",
            "transactions":[{"reference_id":"t\(number)","amount_in_cents":\(sale.amount),
            "currency":"USD","payment_method_type":"CARD","authorisation_status":"SETTLED",
            "payment_method_reference_id":"p\(number)","authorised_at":"2026-02-17T09:59:05Z",
            "descriptor":"ACMEFIT MONTHLY","payment_method_card_brand":"VISA",
            "payment_method_card_last_4":"424\(number)",
            "acquirer_reference_number":"7402701234567890123456\(number)"}]}]
            """)
        #expect([200, 201].contains(answer.status), "\(answer.text)")
    }

    private func refund(_ number: Int, as reference: String) async throws {
        let found = try await world.send(.get, "/v1/orders?reference_id=o\(number)").json["items"]
        guard let id = found?.elements.map(\.self).first?["id"]?.string else { return }
        _ = try await world.send(
            .patch, "/v1/orders/\(id)",
            """
            {"refunds":[{"reference_id":"\(reference)","amount_in_cents":500,"currency":"USD",
            "status":"SUCCEEDED","refund_datetime":"\(clock.now().iso8601)"}]}
            """)
    }

    private func rule(below cents: Int) async throws {
        let found = try await world.send(.get, "/v1/rulesets").json["items"]
        for old in found?.elements.map(\.self) ?? [] {
            _ = try await world.send(.delete, "/v1/rulesets/\(old["id"]?.string ?? "")")
        }
        guard cents > 0 else { return }
        _ = try await world.send(
            .post, "/v1/rulesets",
            """
            {"organisation_id":"\(customer.organisation)","enrolment_ids":["\(customer.enrolment)"],
            "outcome":"ACCEPT_DISPUTE","join_operator":"AND","rules":[{"type":"AMOUNT","parameters":
            {"operator":"LESS_THAN","currency_code":"USD","amount_in_cents":\(cents)}}]}
            """)
    }

    private func answer(_ answer: NetworkAnswer) async throws {
        let queue = NetworkQueue(database: world.database, wake: .silent)
        let claimed = try await queue.claim(
            .outcome, to: .ethoca, mode: .test, limit: 25, now: clock.now())
        try await queue.record(claimed.map { ($0, answer) }, mode: .test, now: clock.now())
    }

    private func intend(_ number: Int, commits: Bool) async throws {
        let asked = try await world.send(
            .post, "/v1/refund-intents",
            """
            {"organisation_id":"\(customer.organisation)",
            "integration_id":"\(customer.integration)","transaction_reference_id":"t\(number)",
            "amount_in_cents":700,"currency":"USD"}
            """)
        guard let id = try asked.json["refund_intent"]?["id"]?.string else { return }
        let path = "/v1/refund-intents/\(id)/\(commits ? "commit" : "release")"
        _ = try await world.send(
            .post, path, commits ? #"{"refund_reference_id":"\#(id)"}"# : nil)
    }
}
