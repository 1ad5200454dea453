import ParryWire

// A world: sellers, their sales of 150 days, and one day of alerts about them.
//
// It is made in two walks over the same sales. The first writes every order and patch, and draws
// the alerts of the sales that are disputed. The second makes every sale again and holds it against
// the alerts, to learn which of them the data can decide (see Evidence). Only the alerts are kept,
// so a world's sales may be many more than memory holds; what the second walk costs is about half
// of the first, which also writes.

/// Makes worlds.
package enum World {
    /// What a world came to.
    package struct Counts: Sendable, Hashable {
        package fileprivate(set) var orders = 0
        package fileprivate(set) var lateOrders = 0
        package fileprivate(set) var patches = 0
        package fileprivate(set) var alerts = 0
        package fileprivate(set) var decidable = 0
    }

    /// Makes the world of a plan and writes it.
    ///
    /// - Returns: How much there is of everything; the manifest has the same numbers.
    /// - Throws: What the sink throws.
    @discardableResult
    package static func generate<Sink: WorldSink>(
        _ plan: WorldPlan, into sink: inout Sink
    ) throws -> Counts {
        var builder = WorldBuilder(plan)
        try builder.writeSales(into: &sink)
        builder.compareSales()
        try builder.writeAlerts(into: &sink)
        try builder.writeRates(into: &sink)
        try sink.write(builder.manifest, to: .manifest)
        try sink.finish()
        return builder.counts
    }
}

/// One world in the making.
private struct WorldBuilder {
    let plan: WorldPlan
    let stream: SaleStream
    let rates: WorldRates
    var deck: AlertDeck
    var book: AlertBook
    var counts = World.Counts()

    init(_ plan: WorldPlan) {
        self.plan = plan
        deck = AlertDeck(alerts: plan.alerts, lookAlikes: plan.lookAlikes)
        rates = WorldRates(seed: plan.seed)
        book = AlertBook(rates: rates)
        let calendar = SaleCalendar(plan, disputed: deck.disputedCount, old: deck.oldCount)
        stream = SaleStream(plan, Market(plan), calendar)
    }

    // MARK: The first walk

    mutating func writeSales<Sink: WorldSink>(into sink: inout Sink) throws {
        var owed = 0
        for day in 0..<WorldShares.days {
            var random = SeededGenerator(seed: plan.seed, WorldTag.pick, UInt64(day))
            let count = stream.calendar.count(day)
            owed += stream.calendar.disputedPerDay[day]
            for index in 0..<count {
                var item = stream.sale(day, index)
                var kind: Scenario?
                // Knuth's algorithm S: each of the rest has the same chance, and none is chosen
                // twice.
                if item.role != .declinedAttempt, random.below(count - index) < owed {
                    owed -= 1
                    kind =
                        stream.calendar.isOld(day) ? .olderThan120Days : deck.deal(using: &random)
                }
                if let kind { raise(kind, &item) }
                try write(item, isLate: kind == .orderAfterAlert, into: &sink)
            }
        }
    }

    /// Raises the alerts of a sale and gives the sale the story that they need.
    private mutating func raise(_ kind: Scenario, _ item: inout WorldSale) {
        var random = SeededGenerator(seed: plan.seed, WorldTag.alert, UInt64(item.position))
        // An hour is left for a second alert about the same dispute.
        let seconds = -Int64(random.within(3_600...86_399))
        let earliest = item.sale.authorisedAt.adding(seconds: 60)
        let raisedAt = min(max(plan.time.adding(seconds: seconds), earliest), plan.time)
        let again = min(raisedAt.adding(seconds: Int64(random.within(60...3_540))), plan.time)
        AlertCast.tell(kind, of: &item.sale, raisedAt: raisedAt)
        let isUnsold = [.noSuchSale, .anotherMerchantsDescriptor].contains(kind)
        var cast = AlertCast(
            kind: kind, subject: isUnsold ? stream.stranger(near: item) : item,
            raisedAt: raisedAt, raisedAgainAt: again, rates: rates, random: random)
        for var alert in cast.alerts() {
            let account = stream.market.organisations[alert.organisation].account
            alert.truth.organisationID = account.organisationID
            book.add(alert, sale: item.sale)
        }
    }

    private mutating func write<Sink: WorldSink>(
        _ item: WorldSale, isLate: Bool, into sink: inout Sink
    ) throws {
        let account = stream.market.organisations[item.organisation].account
        let order = item.uploaded.order(
            organisationID: account.organisationID, integrationID: account.integrationID)
        try sink.write(order, to: isLate ? .lateOrders : .orders)
        if isLate { counts.lateOrders += 1 } else { counts.orders += 1 }
        if item.isARNLate { try patch(item, item.sale.arnPatch, into: &sink) }
        if item.areRefundsLate, !item.sale.refunds.isEmpty {
            try patch(item, item.sale.refundPatch, into: &sink)
        }
    }

    private mutating func patch<Sink: WorldSink>(
        _ item: WorldSale, _ body: [UInt8], into sink: inout Sink
    ) throws {
        let account = stream.market.organisations[item.organisation].account
        var writer = JSONWriter(capacity: 384)
        writer.beginObject()
        writer.field("organisation_id", account.organisationID.text)
        writer.field("integration_id", account.integrationID.text)
        writer.field("reference_id", item.sale.orderReferenceID)
        writer.key("body")
        writer.raw(body)
        writer.endObject()
        try sink.write(writer.bytes, to: .patches)
        counts.patches += 1
    }

    // MARK: The second walk

    mutating func compareSales() {
        guard plan.alerts > 0 else { return }
        for day in 0..<WorldShares.days {
            for index in 0..<stream.calendar.count(day) { book.compare(stream.sale(day, index)) }
        }
    }

    // MARK: The rest

    mutating func writeAlerts<Sink: WorldSink>(into sink: inout Sink) throws {
        for line in book.lines { try sink.write(line, to: .alerts) }
        for truth in book.truths {
            var writer = JSONWriter(capacity: 256)
            truth.write(into: &writer)
            try sink.write(writer.bytes, to: .truth)
            counts.alerts += 1
            if truth.isDecidable { counts.decidable += 1 }
        }
    }

    func writeRates<Sink: WorldSink>(into sink: inout Sink) throws {
        let first = stream.calendar.firstDay.number
        try sink.write(Array("date,currency,usd_per_unit".utf8), to: .rates)
        for number in first...CivilDay(of: plan.time).number {
            let day = CivilDay(number: number)
            for code in WorldRates.currencies {
                guard let micro = rates.microDollars(per: code, on: day) else { continue }
                let (whole, rest) = micro.quotientAndRemainder(dividingBy: 1_000_000)
                let fraction = Padded.text("", Int(rest), width: 6)
                try sink.write(Array("\(day.text),\(code),\(whole).\(fraction)".utf8), to: .rates)
            }
        }
    }

    var manifest: [UInt8] {
        WorldManifest.write(plan, stream, counts)
    }
}
