import ParryWire

/// Every sale of a world by its place, made when asked for and always the same.
///
/// A sale stands at an index of a day. Whether an index is a subscriber's is drawn once for each of
/// 30 days of the month, so that the same subscriber, drawn from the same numbers, pays there every
/// 30 days until it leaves. Nothing is kept from one sale to the next: that is what lets a world be
/// larger than memory.
struct SaleStream: Sendable {
    private static let monthDays = 30

    let market: Market
    let calendar: SaleCalendar
    private let seed: UInt64
    private let time: Timestamp

    init(_ plan: WorldPlan, _ market: Market, _ calendar: SaleCalendar) {
        self.market = market
        self.calendar = calendar
        seed = plan.seed
        time = plan.time
    }

    /// The sale at an index of a day.
    func sale(_ day: Int, _ index: Int) -> WorldSale {
        switch role(day, index) {
        case .declinedAttempt: neighbour(day, index, of: index + 1, seconds: -240, .declinedAttempt)
        case .sameDayTwin: neighbour(day, index, of: index - 1, seconds: 420, .sameDayTwin)
        default: own(day, index)
        }
    }

    // MARK: Who buys

    /// Attempts stand at even indices before their sale, twins at odd ones behind theirs, so none
    /// meets another.
    private func role(_ day: Int, _ index: Int) -> WorldSale.Role {
        var random = generator(WorldTag.role, day, index)
        if index % 2 == 0 {
            let hasNext = index + 1 < calendar.count(day)
            let isDeclined = random.chance(2 * WorldShares.declinedAttempts)
            return hasNext && isDeclined ? .declinedAttempt : .ordinary
        }
        guard random.chance(2 * WorldShares.sameDayTwins),
            role(day, index - 1) != .declinedAttempt
        else { return .ordinary }
        return .sameDayTwin
    }

    private func buyer(_ day: Int, _ index: Int) -> (buyer: Buyer, isRebill: Bool) {
        let (month, phase) = day.quotientAndRemainder(dividingBy: Self.monthDays)
        var slot = generator(WorldTag.slot, phase, index)
        guard slot.chance(WorldShares.rebills) else {
            var random = generator(WorldTag.buyer, day, index)
            return (Buyer(market, isSubscriber: false, using: &random), false)
        }
        let start = firstMonth(month, phase, index)
        var random = SeededGenerator(
            seed: seed, WorldTag.subscriber, UInt64(phase), UInt64(index), UInt64(start))
        return (Buyer(market, isSubscriber: true, using: &random), start < month)
    }

    /// The month in which the subscriber came who pays here in `month`.
    private func firstMonth(_ month: Int, _ phase: Int, _ index: Int) -> Int {
        var start = month
        while start > 0 {
            var random = SeededGenerator(
                seed: seed, WorldTag.churn, UInt64(phase), UInt64(index), UInt64(start))
            if random.chance(WorldShares.churn) { break }
            start -= 1
        }
        return start
    }

    private func generator(_ tag: UInt64, _ day: Int, _ index: Int) -> SeededGenerator {
        SeededGenerator(seed: seed, tag, UInt64(day), UInt64(index))
    }

    // MARK: What is sold

    private func own(_ day: Int, _ index: Int) -> WorldSale {
        let (buyer, isRebill) = buyer(day, index)
        let hasAttempt = index > 0 && role(day, index - 1) == .declinedAttempt
        let hasTwin =
            index + 1 < calendar.count(day) && role(day, index + 1) == .sameDayTwin
        var random = generator(WorldTag.sale, day, index)
        let position = calendar.position(day, index)
        let jitter = random.within(-600...600)
        let second = min(max(buyer.second + jitter, 300), 85_800)
        let authorisedAt = dayStart(day).adding(seconds: Int64(second))
        var maker = SaleMaker(buyer: buyer, position: position, now: time, random: random)
        return maker.make(
            at: authorisedAt, settlementDay: dayStart(day), role: isRebill ? .rebill : .ordinary,
            hasDeclinedAttempt: hasAttempt, isTwin: hasTwin)
    }

    private func neighbour(
        _ day: Int, _ index: Int, of other: Int, seconds: Int64, _ role: WorldSale.Role
    ) -> WorldSale {
        let (buyer, _) = buyer(day, other)
        let random = generator(WorldTag.sale, day, index)
        let position = calendar.position(day, index)
        let authorisedAt = own(day, other).sale.authorisedAt.adding(seconds: seconds)
        var maker = SaleMaker(buyer: buyer, position: position, now: time, random: random)
        return maker.make(
            at: authorisedAt, settlementDay: dayStart(day), role: role,
            hasDeclinedAttempt: false, isTwin: role == .sameDayTwin)
    }

    private func dayStart(_ day: Int) -> Timestamp {
        CivilDay(number: calendar.firstDay.number + day).start
    }

    /// A sale that no order was ever uploaded for, at about the time of another.
    func stranger(near other: WorldSale) -> WorldSale {
        var random = SeededGenerator(seed: seed, WorldTag.stranger, UInt64(other.position))
        let buyer = Buyer(market, isSubscriber: false, using: &random)
        let day = CivilDay(of: other.sale.authorisedAt).start
        var maker = SaleMaker(
            buyer: buyer, position: other.position + SaleMaker.strangersFrom, now: time,
            random: random)
        return maker.make(
            at: other.sale.authorisedAt, settlementDay: day, role: .ordinary,
            hasDeclinedAttempt: false, isTwin: false)
    }
}
