import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// The health of order feeds.
struct FeedHealthModel: Sendable {
    let head: OverviewHead
    let csvPath: String
    let jsonPath: String
    let feeds: [FeedRow]
    /// nil where nothing was uploaded.
    let plot: Plot?
    let pager: Pager
    /// Back to all feeds; nil where all are shown.
    let allPath: String?
    let integrationsPath: String
    let overviewPath: String

    init(
        _ feeds: [StatisticsService.FeedHealth], _ head: OverviewHead, _ pager: Pager,
        _ range: OverviewRange, _ visit: SeatVisit
    ) {
        let kept = visit.query.filters()
        let query = FormFields.query(kept)
        self.head = head
        self.pager = pager
        csvPath = visit.path("/overview/feeds/export.csv") + query
        jsonPath = visit.path("/overview/feeds/export.json") + query
        self.feeds = feeds.map { FeedRow($0, range, visit) }
        allPath =
            visit.query.text("integration") == nil
            ? nil : visit.path("/overview/feeds") + range.query(range.days)
        integrationsPath = visit.path("/integrations")
        overviewPath = visit.path("") + range.query(range.days)
        plot = Self.plot(feeds.flatMap(\.days), range, today: OrderFeedDayStore.day(visit.now))
    }

    private static func plot(
        _ days: [StatisticsStore.FeedDay], _ range: OverviewRange, today: Int64
    ) -> Plot? {
        guard !days.isEmpty else { return nil }
        var tallies = [OrderFeedTally](repeating: OrderFeedTally(), count: range.days)
        for day in days where (0..<Int64(range.days)).contains(day.daysAgo) {
            tallies[range.days - 1 - Int(day.daysAgo)] += day.tally
        }
        let dates = tallies.indices.map {
            OverviewNumbers.date(today - Int64(range.days - 1 - $0))
        }
        return Plot(
            columns: dates,
            [
                PlotSeries(label: "Accepted", style: "s1", values: tallies.map(\.accepted)),
                PlotSeries(label: "Updated", style: "s2", values: tallies.map(\.updated)),
                PlotSeries(label: "Failed", style: "s3", values: tallies.map(\.failed)),
                PlotSeries(label: "Duplicates", style: "s4", values: tallies.map(\.duplicate)),
            ], id: "uploads", title: "Orders by day",
            summary: "One bar for each day on which orders were uploaded, divided by what became "
                + "of them.",
            head: "Uploaded on")
    }
}

/// An order feed in the table.
struct FeedRow: Sendable {
    let path: String
    let integrationPath: String
    let ordersPath: String
    let name: String
    let isEnabled: Bool
    let status: String
    let accepted: String
    let updated: String
    let failed: String
    let duplicate: String
    let failedShare: String
    let hasFailed: Bool
    let sample: Sample?
    let lastAt: TimeText?

    /// What the newest orders have.
    struct Sample: Sendable {
        let transactions: String
        let arn: String
        let code: String
        let bin: String
        let lag: String
    }

    init(_ feed: StatisticsService.FeedHealth, _ range: OverviewRange, _ visit: SeatVisit) {
        let id = feed.integration.id.text
        var fields = [(name: "integration", value: id)]
        fields.append(("days", String(range.days)))
        path = visit.path("/overview/feeds") + FormFields.query(fields)
        integrationPath = visit.path("/integrations/\(id)")
        ordersPath = visit.path("/orders?integration=\(id)")
        name = feed.integration.details.name
        isEnabled = feed.integration.details.status == .enabled
        status = isEnabled ? "Enabled" : "Disabled"
        let sum = feed.days.reduce(into: OrderFeedTally()) { $0 += $1.tally }
        accepted = Money.count(sum.accepted)
        updated = Money.count(sum.updated)
        failed = Money.count(sum.failed)
        duplicate = Money.count(sum.duplicate)
        hasFailed = sum.failed > 0
        failedShare = shareText(sum.failed, of: sum.accepted + sum.failed + sum.duplicate)
        lastAt = TimeText(
            (feed.days.map(\.lastAt) + [feed.sample.newestAt].compactMap(\.self)).max())
        sample = feed.sample.transactions == 0 ? nil : Sample(feed.sample)
    }
}

extension FeedRow.Sample {
    fileprivate init(_ sample: FeedSample) {
        transactions = Money.count(sample.transactions)
        arn = shareText(sample.withARN, of: sample.transactions)
        code = shareText(sample.withCode, of: sample.transactions)
        bin = shareText(sample.withBIN, of: sample.transactions)
        lag = sample.medianLagMilliseconds.map(DurationText.text) ?? "–"
    }
}
