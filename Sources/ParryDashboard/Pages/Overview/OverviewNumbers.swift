import ParryStore
import ParryWire

/// The alerts of some days, added up.
struct OverviewNumbers: Sendable, Hashable {
    /// One day.
    struct Day: Sendable, Hashable {
        /// `2026-11-22`, in UTC.
        let date: String
        var outcomes: [AlertTally.Outcome: Int64] = [:]
        /// Those that a sale was looked for.
        var searched: Int64 = 0
        var matched: Int64 = 0

        var received: Int64 { outcomes.values.reduce(0, +) }

        init(date: String) {
            self.date = date
        }

        func count(_ outcome: AlertTally.Outcome) -> Int64 { outcomes[outcome] ?? 0 }
    }

    /// The oldest first.
    private(set) var days: [Day]
    private(set) var paces: [AlertTally.Pace: Int64] = [:]
    private(set) var levels: [MatchLevel: Int64] = [:]

    /// - Parameter lastDay: Days between 1970 and the last of them.
    init(_ counts: [StatisticsStore.AlertCount], days: Int, lastDay: Int64) {
        self.days = (0..<Int64(days)).map { index in
            Day(date: Self.date(lastDay - Int64(days) + 1 + index))
        }
        for count in counts where (0..<Int64(days)).contains(count.daysAgo) {
            let index = days - 1 - Int(count.daysAgo)
            self.days[index].outcomes[count.tally.outcome, default: 0] += count.count
            if let pace = count.tally.pace { paces[pace, default: 0] += count.count }
            guard let level = count.tally.level else { continue }
            levels[level, default: 0] += count.count
            self.days[index].searched += count.count
            if level.isMatched { self.days[index].matched += count.count }
        }
    }

    /// A day of UTC as it is written.
    static func date(_ day: Int64) -> String {
        String(Timestamp(milliseconds: day * 86_400_000).iso8601.prefix(10))
    }

    var received: Int64 { days.reduce(0) { $0 + $1.received } }
    var searched: Int64 { days.reduce(0) { $0 + $1.searched } }
    var matched: Int64 { days.reduce(0) { $0 + $1.matched } }

    func count(_ outcome: AlertTally.Outcome) -> Int64 {
        days.reduce(0) { $0 + $1.count(outcome) }
    }

    /// Those that ended by a decision or by their deadline.
    var paced: Int64 { paces.values.reduce(0, +) }
}
