import ParryDatabase
import ParryDomain
import ParryService
import ParryStore
import ParryWire
import Testing

@testable import ParryDashboard

@Suite("The overview")
struct OverviewTests {
    @Test("Numbers stand on the day of the receipt, the present day last, and add up")
    func days() throws {
        let numbers = OverviewNumbers(
            [
                count(0, .open, nil, nil, 2), count(0, .refunded, .underOneHour, .exact, 3),
                count(6, .invalid, nil, MatchLevel.none, 4),
                count(6, .expired, .deadlinePassed, .low, 5),
                // Out of the range, on either side.
                count(7, .refunded, nil, nil, 100), count(-1, .refunded, nil, nil, 100),
            ], days: 7, lastDay: 20_779)
        #expect(numbers.days.count == 7)
        #expect(numbers.days.first?.date == "2026-11-16")
        #expect(numbers.days.last?.date == "2026-11-22")
        #expect(numbers.days.map(\.received) == [9, 0, 0, 0, 0, 0, 5])
        #expect(numbers.received == 14)
        #expect(numbers.count(.expired) == 5)
        #expect(numbers.searched == 12)
        #expect(numbers.matched == 8)
        #expect(numbers.paces == [.underOneHour: 3, .deadlinePassed: 5])
        #expect(numbers.levels == [.exact: 3, MatchLevel.none: 4, .low: 5])
    }

    @Test("A range is one of three; what cannot be read is told")
    func range() {
        #expect(OverviewRange(FormFields(parsing: "")).days == 30)
        let range = OverviewRange(FormFields(parsing: "days=90"))
        #expect(range.days == 90)
        #expect(range.ignored.isEmpty)
        let odd = OverviewRange(FormFields(parsing: "days=365&organisation=x"))
        #expect(odd.days == 30)
        #expect(odd.ignored == ["organisation", "days"])
    }

    @Test("Every drawing has a row of its table for each day or kind")
    func plots() {
        let numbers = OverviewNumbers(
            [count(1, .refunded, .underFourHours, .high, 9)], days: 30, lastDay: 20_779)
        let plots = OverviewPlots.all(
            numbers, [.init(issuer: nil, alerts: 9, invalid: 0)])
        #expect(plots.map(\.id) == ["outcomes", "pace", "match-rate", "levels", "issuers"])
        #expect(plots.map { $0.table.rows.count } == [30, 6, 30, 6, 1])
        #expect(OverviewPlots.funnel(.init()) == nil)
    }

    @Test(
        "Lengths of time are told in their largest unit",
        arguments: [
            (0, "less than a second"), (1_000, "1 s"), (150_000, "3 min"), (9_000_000, "2.5 h"),
            (345_600_000, "4 days"), (-5, "less than a second"),
        ] as [(Int64, String)])
    func durations(milliseconds: Int64, text: String) {
        #expect(DurationText.text(milliseconds) == text)
    }

    private func count(
        _ daysAgo: Int64, _ outcome: AlertTally.Outcome, _ pace: AlertTally.Pace?,
        _ level: MatchLevel?, _ count: Int64
    ) -> StatisticsStore.AlertCount {
        .init(
            daysAgo: daysAgo, tally: AlertTally(outcome: outcome, pace: pace, level: level),
            count: count)
    }
}
