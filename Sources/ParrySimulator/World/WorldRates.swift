package import ParryWire

/// What one unit of each currency was worth in US dollars, by the day.
///
/// The world's `rates.csv` and the foreign amounts of its alerts come from here, so the platform
/// can import the very rates that its alerts were converted by. They move by at most 1.5 % round a
/// mean of early 2026.
package struct WorldRates: Sendable {
    /// The rates of a play that belongs to no world.
    package static let standard = WorldRates(seed: 0)

    /// The currencies that have a rate, in the order of `rates.csv`.
    package static let currencies = ["USD", "EUR", "GBP", "JPY", "CAD", "AUD", "CHF", "SEK", "KWD"]

    /// Millionths of a dollar for one whole unit.
    private static let means: [String: Int64] = [
        "USD": 1_000_000, "EUR": 1_085_000, "GBP": 1_270_000, "JPY": 6_700, "CAD": 735_000,
        "AUD": 655_000, "CHF": 1_130_000, "SEK": 96_000, "KWD": 3_250_000,
    ]

    /// A rate is drawn for every tenth day; between them it moves in a straight line.
    private static let stepDays = 10
    private static let swing = 0.015
    private let seed: UInt64

    /// The rates that belong to a seed.
    package init(seed: UInt64) {
        self.seed = seed
    }

    /// Millionths of a dollar for one whole unit on the UTC day of `time`; nil for a currency
    /// without a rate.
    package func microDollars(per currency: Currency, at time: Timestamp) -> Int64? {
        microDollars(per: currency.code, on: CivilDay(of: time))
    }

    func microDollars(per code: String, on day: CivilDay) -> Int64? {
        guard let mean = Self.means[code] else { return nil }
        guard code != "USD" else { return mean }
        let (step, rest) = day.number.quotientAndRemainder(dividingBy: Self.stepDays)
        let share = Double(rest) / Double(Self.stepDays)
        let deviation = wave(code, step) * (1 - share) + wave(code, step + 1) * share
        return Int64((Double(mean) * (1 + Self.swing * deviation)).rounded())
    }

    /// -1 to 1, drawn for one currency and step.
    private func wave(_ code: String, _ step: Int) -> Double {
        let name = code.utf8.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        var random = SeededGenerator(seed: seed, name, UInt64(bitPattern: Int64(step)))
        return random.fraction() * 2 - 1
    }

    /// The amount in another currency at the day's rate; nil where one of the two has no rate.
    ///
    /// - Parameter factor: What the issuer's own rate adds, 1 for none.
    package func convert(
        _ money: Money, to currency: Currency, at time: Timestamp, factor: Double = 1
    ) -> Money? {
        guard let from = microDollars(per: money.currency, at: time),
            let to = microDollars(per: currency, at: time)
        else { return nil }
        let units = Double(money.minorUnits) / Self.scale(money.currency)
        let converted = units * Double(from) / Double(to) * factor * Self.scale(currency)
        return Money(max(1, Int64(converted.rounded())), currency)
    }

    private static func scale(_ currency: Currency) -> Double {
        (0..<currency.exponent).reduce(1.0) { scale, _ in scale * 10 }
    }
}
