import ParryWire
import Testing

@testable import ParryDomain

@Suite("Backtests")
struct BacktestTests {
    private static let now = Timestamp(milliseconds: 1_771_322_400_000)

    private static func ruleset(_ outcome: AlertAction, below cents: Int64) throws -> Ruleset {
        try Ruleset.create(
            .init(enrolmentIDs: [], outcome: outcome, joinOperator: .and, isEnabled: true),
            conditions: [.amount(.lessThan, cents: cents)], of: [],
            organisationID: .make(at: now, slot: 7), now: Moment(now))
    }

    private static func alert(
        _ amount: Int64, _ currency: String = "USD", type: EnrolmentType = .verifiRDR,
        status: AlertStatus = .resolved, was: RefundOutcome?, isMatched: Bool = true
    ) -> Backtest.Subject {
        Backtest.Subject(
            id: .make(at: now, slot: 7), type: type,
            told: RuleSubject(amount: amount, currency: currency, descriptor: nil, time: now),
            amount: amount, currency: currency, status: status, refundOutcome: was,
            isMatched: isMatched)
    }

    @Test("Counts and money by outcome, hits by rule, and who would have ended otherwise")
    func counted() throws {
        var backtest = Backtest(
            of: try Self.ruleset(.acceptDispute, below: 5_000), isDraft: true, rates: .none)
        let alerts = [
            Self.alert(4_000, was: .refunded), Self.alert(4_500, was: .notRefunded),
            Self.alert(6_000, was: .refunded), Self.alert(7_000, was: .notRefunded),
            Self.alert(300, "CHF", was: .refunded),
            Self.alert(4_000, type: .ethocaAlert, status: .actionRequired, was: nil),
            Self.alert(9_000, type: .ethocaAlert, was: .refunded),
            Self.alert(1, status: .invalid, was: .refunded),
        ]
        for alert in alerts { backtest.add(alert) }
        #expect(backtest.alertCount == 7)
        #expect(backtest.invalidCount == 1)
        #expect(backtest.tallies.map(\.outcome) == [.acceptDispute, nil])
        #expect(backtest.tallies.map(\.count) == [3, 4])
        #expect(backtest.tallies[0].money == ["USD": 12_500])
        #expect(backtest.tallies[1].money == ["USD": 22_000, "CHF": 300])
        #expect(backtest.rules.map(\.held) == [3])
        #expect(backtest.rules.map(\.blocked) == [1])
        #expect(backtest.rules.allSatisfy { $0.ruleID == nil })
        #expect(backtest.flipCount == 2)
        #expect(backtest.flips.map(\.wouldBe) == [.notRefunded, .refunded])
        #expect(backtest.flips.map(\.amount) == [4_000, 7_000])
    }

    @Test("In strict mode an Ethoca alert without a sale waits for people, so it flips by no rule")
    func strict() throws {
        for (isStrict, flips) in [(true, [.verifiRDR]), (false, [.ethocaAlert, .verifiRDR])]
            as [(Bool, [EnrolmentType])]
        {
            var backtest = Backtest(
                of: try Self.ruleset(.acceptDispute, below: 5_000), isDraft: false,
                isStrict: isStrict, rates: .none)
            for type in [EnrolmentType.ethocaAlert, .verifiRDR] {
                backtest.add(Self.alert(1, type: type, was: .refunded, isMatched: false))
            }
            #expect(backtest.flipCount == Int64(flips.count))
        }
    }

    @Test("Of many flips the first hundred are named, and all are counted")
    func manyFlips() throws {
        var backtest = Backtest(
            of: try Self.ruleset(.acceptDispute, below: 5_000), isDraft: false, rates: .none)
        for number in 0..<250 { backtest.add(Self.alert(Int64(number), was: .refunded)) }
        #expect(backtest.flipCount == 250)
        #expect(backtest.flips.map(\.amount) == (0..<100).map(Int64.init))
        #expect(backtest.rules.first?.ruleID != nil)
    }
}
