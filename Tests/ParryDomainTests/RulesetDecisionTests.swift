import ParryDomain
import ParryWire
import Testing

@Suite("What a ruleset decides")
struct RulesetDecisionTests {
    private let now = Timestamp(milliseconds: 1_771_322_400_000)

    private func evaluator(
        _ conditions: [RuleCondition], join: JoinOperator = .and, isEnabled: Bool = true,
        outcome: AlertAction = .acceptDispute
    ) throws -> RulesetEvaluator {
        RulesetEvaluator(
            try Ruleset.create(
                .init(
                    enrolmentIDs: [], outcome: outcome, joinOperator: join, isEnabled: isEnabled),
                conditions: conditions, of: [], organisationID: .make(at: now, slot: 7),
                now: Moment(now)))
    }

    private func subject(
        _ amount: Int64? = 4_900, _ currency: String? = "USD",
        _ descriptor: String? = "ACMEFIT MONTHLY"
    ) -> RuleSubject {
        RuleSubject(amount: amount, currency: currency, descriptor: descriptor, time: now)
    }

    private var rates: ExchangeRates {
        let day = ExchangeRates.day(of: now)
        return ExchangeRates([
            ExchangeRate(day: day, currency: "USD", usdPerUnit: ExchangeRates.scale),
            ExchangeRate(day: day, currency: "EUR", usdPerUnit: ExchangeRates.scale * 11 / 10),
            ExchangeRate(day: day, currency: "JPY", usdPerUnit: ExchangeRates.scale / 100),
        ])
    }

    @Test(
        "An AMOUNT rule compares as its operator says, on both sides of the bound and on it",
        arguments: [
            (AmountOperator.greaterThan, [false, false, true]),
            (.greaterThanOrEqual, [false, true, true]), (.lessThan, [true, false, false]),
            (.lessThanOrEqual, [true, true, false]), (.equal, [false, true, false]),
            (.notEqual, [true, false, true]),
        ])
    func operators(_ comparison: AmountOperator, _ expected: [Bool]) throws {
        let evaluator = try evaluator([.amount(comparison, cents: 4_900)])
        let held = [4_899, 4_900, 4_901].map {
            evaluator.decide(subject($0), rates: .none).outcome != nil
        }
        #expect(held == expected)
    }

    @Test(
        "Other currencies are compared in US dollars, to the cent, by the rate of the day",
        arguments: [("EUR", 4_900, 5_390), ("JPY", 500, 500), ("USD", 1, 1)])
    func currencies(_ currency: String, _ amount: Int64, _ cents: Int64) throws {
        let decision = try evaluator([.amount(.equal, cents: cents)])
            .decide(subject(amount, currency), rates: rates)
        #expect(decision.outcome == .acceptDispute)
        #expect(decision.findings.first?.amount == cents)
    }

    @Test(
        "Without a rate, an amount or a descriptor a rule does not hold, not even NOT_EQUAL, and says why"
    )
    func obstacles() throws {
        let amount = try evaluator([.amount(.notEqual, cents: 1)])
        let noRate = amount.decide(subject(4_900, "GBP"), rates: rates)
        #expect(noRate.outcome == nil)
        #expect(noRate.findings.map(\.obstacle) == [.noRate])
        let unknown = amount.decide(subject(nil), rates: rates)
        #expect(unknown.findings.map(\.obstacle) == [.notTold])
        let descriptor = try evaluator([
            .descriptor([.init(value: "ACMEFIT", matchType: .startsWith)])
        ])
        let nothing = descriptor.decide(subject(4_900, "USD", nil), rates: rates)
        #expect(nothing.outcome == nil)
        #expect(nothing.findings.map(\.obstacle) == [.notTold])
    }

    @Test(
        "A descriptor is compared without the spaces around it and without case",
        arguments: [
            ("acmefit monthly", DescriptorMatchType.exactMatch, true),
            ("  ACMEFIT MONTHLY ", .exactMatch, true), ("ACMEFIT", .exactMatch, false),
            ("AcmeFit", .startsWith, true), ("ACMEFIT MONTHLY PLUS", .startsWith, false),
            ("MONTHLY", .startsWith, false), ("ACMEFIT  MONTHLY", .exactMatch, false),
        ])
    func descriptors(_ value: String, _ type: DescriptorMatchType, _ holds: Bool) throws {
        let evaluator = try evaluator([.descriptor([.init(value: value, matchType: type)])])
        for text in ["ACMEFIT MONTHLY", " Acmefit Monthly\t"] {
            let decision = evaluator.decide(subject(1, "USD", text), rates: .none)
            #expect((decision.outcome != nil) == holds, "\(text)")
        }
    }

    @Test("Any descriptor of the list is enough")
    func anyDescriptor() throws {
        let evaluator = try evaluator([
            .descriptor([
                .init(value: "OTHER", matchType: .startsWith),
                .init(value: "ACMEFIT", matchType: .startsWith),
            ])
        ])
        #expect(evaluator.decide(subject(), rates: .none).outcome == .acceptDispute)
    }

    @Test(
        "AND wants every rule, OR any of them",
        arguments: [
            (4_900, "ACMEFIT", true, true), (4_900, "OTHER", false, true),
            (1, "ACMEFIT", false, true), (1, "OTHER", false, false),
        ])
    func joins(_ amount: Int64, _ descriptor: String, _ and: Bool, _ or: Bool) throws {
        let conditions: [RuleCondition] = [
            .amount(.greaterThan, cents: 100),
            .descriptor([.init(value: "ACMEFIT", matchType: .startsWith)]),
        ]
        for (join, expected) in [(JoinOperator.and, and), (.or, or)] {
            let decision = try evaluator(conditions, join: join).decide(
                subject(amount, "USD", descriptor), rates: .none)
            #expect((decision.outcome != nil) == expected)
            #expect(decision.findings.map(\.holds) == [amount > 100, descriptor == "ACMEFIT"])
        }
    }

    @Test("One that is disabled or has no rules never holds, but tells what its rules found")
    func neverHolds() throws {
        for join in JoinOperator.allCases {
            #expect(try evaluator([], join: join).decide(subject(), rates: .none).outcome == nil)
        }
        let disabled = try evaluator([.amount(.equal, cents: 4_900)], isEnabled: false)
            .decide(subject(), rates: .none)
        #expect(disabled.outcome == nil)
        #expect(disabled.findings.map(\.holds) == [true])
    }

    @Test("Deciding the same twice gives the same")
    func pure() throws {
        let evaluator = try evaluator([.amount(.lessThan, cents: 10_000)], outcome: .refund)
        let first = evaluator.decide(subject(), rates: rates)
        #expect(first == evaluator.decide(subject(), rates: rates))
        #expect(first.outcome == .refund)
    }
}
