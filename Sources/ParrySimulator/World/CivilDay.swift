import ParryWire

/// A day of UTC as the simulator counts it, from 1970-01-01.
///
/// ARNs carry the day of the year (NETWORKS.md) and exchange rates are given by the day.
struct CivilDay: Sendable, Hashable {
    static let milliseconds: Int64 = 86_400_000

    /// Days since 1970-01-01.
    let number: Int

    init(number: Int) {
        self.number = number
    }

    init(of time: Timestamp) {
        let (days, rest) = time.milliseconds.quotientAndRemainder(dividingBy: Self.milliseconds)
        number = Int(days) - (rest < 0 ? 1 : 0)
    }

    /// The day's first millisecond.
    var start: Timestamp { Timestamp(milliseconds: Int64(number) * Self.milliseconds) }

    /// `2026-02-17`.
    var text: String { String(start.iso8601.prefix(10)) }

    /// 0 for Monday to 6 for Sunday; 1970-01-01 was a Thursday.
    var weekday: Int { ((number + 3) % 7 + 7) % 7 }

    /// The last digit of the year and the day of the year, as an ARN has them.
    var yearDigitAndDay: (digit: Int, day: Int) {
        // The estimate from the mean length of a year is never more than one year off.
        var year = 1970 + Int((Double(number) / 365.2425).rounded(.down))
        if Self.firstDay(of: year) > number { year -= 1 }
        if Self.firstDay(of: year + 1) <= number { year += 1 }
        return (year % 10, number - Self.firstDay(of: year) + 1)
    }

    private static func firstDay(of year: Int) -> Int {
        let past = year - 1
        return 365 * past + past / 4 - past / 100 + past / 400 - 719_162
    }
}
