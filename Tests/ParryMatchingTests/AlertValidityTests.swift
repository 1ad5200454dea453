import ParryDomain
import ParryMatching
import ParryWire
import Testing

@Suite("Invalid alerts")
struct AlertValidityTests {
    private static let before = Cases.alertedAt.adding(milliseconds: -1)

    private static func facts(_ change: (inout ValidityFacts) -> Void) -> ValidityFacts {
        var facts = ValidityFacts(
            alertedAt: Cases.alertedAt, mode: .soft, outcome: .matched(.exact))
        facts.amount = 4_900
        facts.currency = "USD"
        facts.saleAmount = 4_900
        facts.saleCurrency = "USD"
        change(&facts)
        return facts
    }

    private static func refund(
        _ amount: Int64? = 4_900, _ currency: String? = "USD", status: String? = "SUCCEEDED",
        at time: Timestamp? = before
    ) -> KnownReversal {
        KnownReversal(
            amount: amount, currency: currency, status: status, at: time,
            originalTransactionReference: nil)
    }

    private static func dispute(at time: Timestamp?) -> KnownReversal {
        KnownReversal(
            amount: nil, currency: nil, status: "OPEN", at: time, originalTransactionReference: nil)
    }

    private static func judge(_ facts: ValidityFacts) -> InvalidReason? {
        AlertValidity.judge(facts, rates: Cases.rates)
    }

    @Test("The first reason that applies is the reason")
    func order() {
        var facts = Self.facts {
            $0.isDuplicate = true
            $0.refunds = [Self.refund()]
            $0.disputes = [Self.dispute(at: Self.before)]
            $0.isWrongMerchant = true
            $0.mode = .strict
            $0.outcome = MatchOutcome.none
        }
        var reasons = [Self.judge(facts)]
        facts.isDuplicate = false
        reasons.append(Self.judge(facts))
        facts.refunds = []
        reasons.append(Self.judge(facts))
        facts.disputes = []
        reasons.append(Self.judge(facts))
        facts.isWrongMerchant = false
        reasons.append(Self.judge(facts))
        facts.outcome = .matched(.high)
        reasons.append(Self.judge(facts))
        #expect(reasons == InvalidReason.allCases + [nil])
    }

    @Test(
        "Refunds that cover the alert's amount, and those that do not",
        arguments: [
            ("none", [], false), ("all of it", [refund()], true),
            ("more than it", [refund(5_000)], true), ("less than it", [refund(4_899)], false),
            ("in parts", [refund(4_000), refund(900)], true),
            ("at the alert's time", [refund(at: Cases.alertedAt)], false),
            ("undated", [refund(at: nil)], false),
            ("pending", [refund(status: "PENDING")], false),
            ("failed", [refund(status: "FAILED")], false),
            ("of unknown status", [refund(status: nil)], false),
            ("of unknown amount", [refund(nil)], false),
            ("partly pending", [refund(4_000), refund(900, status: "PENDING")], false),
            ("in euros, as much", [refund(4_455, "EUR", at: Cases.saleAt)], true),
            ("in euros, 2 % less", [refund(4_366, "EUR", at: Cases.saleAt)], true),
            ("in euros, far less", [refund(4_360, "EUR", at: Cases.saleAt)], false),
            ("without a rate", [refund(100_000, "GBP")], false),
            ("in two currencies", [refund(2_700), refund(2_000, "EUR", at: Cases.saleAt)], true),
        ] as [(String, [KnownReversal], Bool)])
    func refunds(_ name: String, _ refunds: [KnownReversal], _ covered: Bool) {
        let facts = Self.facts { $0.refunds = refunds }
        #expect(Self.judge(facts) == (covered ? .alreadyRefunded : nil))
    }

    @Test("A refund of the whole sale covers an alert in another currency without any rate")
    func wholeSale() {
        let whole = Self.facts {
            $0.currency = "GBP"
            $0.refunds = [Self.refund(4_900)]
        }
        #expect(Self.judge(whole) == .alreadyRefunded)
        let part = Self.facts {
            $0.currency = "GBP"
            $0.refunds = [Self.refund(4_899)]
        }
        #expect(Self.judge(part) == nil)
    }

    @Test("A refund of a part covers an alert about that part")
    func part() {
        let facts = Self.facts {
            $0.amount = 1_000
            $0.refunds = [Self.refund(1_000)]
        }
        #expect(Self.judge(facts) == .alreadyRefunded)
    }

    @Test("Only a dispute that is dated before the alert counts")
    func disputes() {
        let times: [(Timestamp?, InvalidReason?)] = [
            (Self.before, .alreadyDisputed), (Cases.alertedAt, nil), (nil, nil),
        ]
        for (time, reason) in times {
            #expect(Self.judge(Self.facts { $0.disputes = [Self.dispute(at: time)] }) == reason)
        }
    }

    @Test("An alert is not found in strict mode only, and never when it is ambiguous")
    func notFound() {
        let rows: [(MatchingMode, MatchOutcome, InvalidReason?)] = [
            (.strict, .none, .notFound), (.soft, .none, nil), (.strict, .ambiguous, nil),
            (.strict, .matched(.high), nil),
        ]
        for (mode, outcome, reason) in rows {
            let facts = Self.facts {
                $0.mode = mode
                $0.outcome = outcome
            }
            #expect(Self.judge(facts) == reason)
        }
    }
}

@Suite("What an order's document says")
struct OrderHistoryTests {
    private static func history(_ text: String) throws -> OrderHistory {
        OrderHistory(try JSONDocument.parse(Array(text.utf8)).root)
    }

    private static let document = """
        {"reference_id": "order",
         "transactions": [
           {"reference_id": "a", "authorisation_status": "SETTLED",
            "payment_method_type": "DIGITAL_WALLET"},
           {"reference_id": "b", "authorisation_status": "DECLINED", "payment_method_type": "CARD"},
           {"payment_method_reference_id": "c", "authorisation_status": "FAILED"}],
         "refunds": [
           {"reference_id": "r1", "amount_in_cents": 100, "currency": "USD", "status": "SUCCEEDED",
            "original_transaction_reference_id": "b", "refund_datetime": "2026-02-10T10:30:00Z"},
           {"reference_id": "r2", "amount_in_cents": 200, "currency": "EUR", "status": "PENDING"},
           {"reference_id": "r3", "amount_in_cents": "300", "refund_datetime": "soon"}],
         "disputes": [
           {"reference_id": "d1", "amount_in_cents": 5, "currency": "USD", "status": "OPEN",
            "original_transaction_reference_id": "a", "dispute_datetime": "2026-02-10T10:30:00Z"},
           {"reference_id": "d2"}]}
        """

    @Test("Refunds and disputes are read with everything they say")
    func members() throws {
        let history = try Self.history(Self.document)
        #expect(
            history.refunds(of: "b") == [
                KnownReversal(
                    reference: "r1", amount: 100, currency: "USD", status: "SUCCEEDED",
                    at: Cases.saleAt,
                    originalTransactionReference: "b")
            ])
        #expect(history.refunds.last?.amount == nil)
        #expect(history.refunds.last?.at == nil)
        #expect(
            history.disputes(of: "a").first
                == KnownReversal(
                    reference: "d1", amount: 5, currency: "USD", status: "OPEN", at: Cases.saleAt,
                    originalTransactionReference: "a"))
    }

    @Test("One that names no transaction belongs to the only one that took place")
    func single() throws {
        let history = try Self.history(Self.document)
        #expect(history.refunds(of: "a").map(\.amount) == [200, nil])
        #expect(history.disputes(of: "a").count == 2)
        #expect(history.disputes(of: "b").isEmpty)
    }

    @Test("With two that took place it belongs to neither")
    func several() throws {
        let history = try Self.history(
            Self.document.replacing("\"DECLINED\"", with: "\"SETTLED\""))
        #expect(history.refunds(of: "a").isEmpty)
        #expect(history.refunds(of: "b").map(\.amount) == [100])
    }

    @Test("Status and method complete a candidate")
    func payments() throws {
        let history = try Self.history(Self.document)
        var sale = Cases.sale("a") {
            $0.authorisationStatus = nil
            $0.paymentMethodType = nil
        }
        sale.complete(from: history)
        #expect(sale.authorisationStatus == "SETTLED")
        #expect(sale.paymentMethodType == "DIGITAL_WALLET")
        #expect(history.payment(of: "c")?.authorisationStatus == "FAILED")
        var other = Cases.sale("other")
        other.complete(from: history)
        #expect(other == Cases.sale("other"))
    }

    @Test("A document without any of it", arguments: ["{}", "[]", "null", "{\"refunds\": 1}"])
    func empty(_ text: String) throws {
        let history = try Self.history(text)
        #expect(history.refunds.isEmpty)
        #expect(history.disputes.isEmpty)
        #expect(history.payments.isEmpty)
    }
}
