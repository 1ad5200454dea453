import ParryWire

/// How many sales and alerts belong to which day; both sums are exact.
struct SaleCalendar: Sendable {
    /// More is sold towards the weekend.
    private static let weekdayWeights = [0.95, 0.92, 0.95, 1.0, 1.1, 1.1, 0.98]
    /// Sales by the hour of UTC: few by night, most in the evening.
    static let hourWeights = [
        2.2, 1.6, 1.2, 1.0, 0.9, 1.0, 1.4, 2.2, 3.2, 4.0, 4.6, 4.9,
        5.1, 5.0, 4.9, 5.0, 5.2, 5.6, 6.2, 6.8, 7.0, 6.4, 5.0, 3.4,
    ]

    /// The first day of sales; the last is the day before the world's date.
    let firstDay: CivilDay
    /// Sales up to the end of each day, the first at 1; at 0 stands 0.
    private let totals: [Int]
    /// Disputed sales by day.
    let disputedPerDay: [Int]

    /// - Parameter disputed: Sales to dispute, the old ones included.
    init(_ plan: WorldPlan, disputed: Int, old: Int) {
        let today = CivilDay(of: plan.time).number
        firstDay = CivilDay(number: today - WorldShares.days)
        let first = firstDay.number
        let sales = (0..<WorldShares.days).map { day in
            Self.weekdayWeights[CivilDay(number: first + day).weekday]
        }
        let perDay = Self.share(plan.transactions, by: sales)
        totals = perDay.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
        let counts = perDay.map(Double.init)
        let oldDays = WorldShares.days - 120
        let oldWeights = counts.enumerated().map { $0 < oldDays ? $1 : 0 }
        let newWeights = counts.enumerated().map { day, count in
            day < oldDays ? 0 : count * Self.decay(age: WorldShares.days - day)
        }
        let oldOnes = Self.share(old, by: oldWeights)
        let newOnes = Self.share(disputed - old, by: newWeights)
        disputedPerDay = zip(oldOnes, newOnes).map { $0 + $1 }
    }

    /// Sales of one day.
    func count(_ day: Int) -> Int { totals[day + 1] - totals[day] }

    /// The place of a sale in the whole world.
    func position(_ day: Int, _ index: Int) -> Int { totals[day] + index }

    /// Whether sales of this day are older than 120 days at the world's date.
    func isOld(_ day: Int) -> Bool { day < WorldShares.days - 120 }

    /// Issuers need a day or so: sales of the day before the world's date have no alert yet.
    private static func decay(age: Int) -> Double {
        guard age >= 2 else { return 0 }
        return (2..<age).reduce(into: 1.0) { weight, _ in weight *= WorldShares.dailyDecay }
    }

    /// Splits a number by weights so that nothing is lost.
    private static func share(_ number: Int, by weights: [Double]) -> [Int] {
        let sum = max(weights.reduce(0, +), .leastNonzeroMagnitude)
        var weight = 0.0
        var given = 0
        return weights.map { part in
            weight += part
            let due = Int((Double(number) * min(1, weight / sum)).rounded())
            defer { given = due }
            return due - given
        }
    }
}
