import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// The overview of an account.
struct OverviewModel: Sendable {
    let head: OverviewHead
    let csvPath: String
    let jsonPath: String
    let open: Figure
    let attention: Figure
    let saved: [SavedText]
    /// How many currencies are not shown; nil for none.
    let savedMore: String?
    let match: Figure
    let invalid: Figure
    let received: String
    /// nil for who has nothing to do with them.
    let webhooks: WebhookHealth?
    let feedsPath: String
    /// nil where nothing was received.
    let plots: [Plot]?
    let funnel: Plot?
    let enrolmentsPath: String
    let maySetUp: Bool

    /// A number in large letters.
    struct Figure: Sendable {
        let number: String
        /// What it is a part of, or what more there is.
        let detail: String
        let path: String?
    }

    /// Money in one currency.
    struct SavedText: Sendable {
        let amount: String
        let sales: String
    }

    /// Currencies of the money saved that are told apart.
    static let currenciesMax = 6

    init(
        _ found: StatisticsService.Alerts, _ head: OverviewHead, _ webhooks: WebhookHealth?,
        _ range: OverviewRange, _ visit: SeatVisit
    ) {
        let numbers = OverviewNumbers(found.counts, days: range.days, lastDay: found.lastDay)
        self.head = head
        self.webhooks = webhooks
        csvPath = visit.path("/overview/export.csv") + range.query(range.days)
        jsonPath = visit.path("/overview/export.json") + range.query(range.days)
        feedsPath = visit.path("/overview/feeds") + range.query(range.days)
        enrolmentsPath = visit.path("/enrolments")
        maySetUp = visit.allows(.setUp)
        received = Money.count(numbers.received)
        open = Figure(
            number: Money.count(found.waiting.open),
            detail: found.waiting.endingSoon == 0
                ? "None ends within 4 hours."
                : "\(Money.count(found.waiting.endingSoon)) of them "
                    + (found.waiting.endingSoon == 1 ? "ends" : "end") + " within 4 hours.",
            path: Self.queue("open", range, visit))
        attention = Figure(
            number: Money.count(found.waiting.needsAttention),
            detail: found.waiting.needsAttention == 0
                ? "Nothing to look into."
                : "What was decided and what happened do not agree.",
            path: Self.queue("attention", range, visit))
        let more = found.saved.count - Self.currenciesMax
        savedMore = more <= 0 ? nil : more == 1 ? "1 more currency" : "\(more) more currencies"
        saved = found.saved.prefix(Self.currenciesMax).map {
            SavedText(
                amount: Money.text($0.amount, $0.currency),
                sales: $0.sales == 1 ? "1 sale" : "\(Money.count($0.sales)) sales")
        }
        match = Figure(
            number: shareText(numbers.matched, of: numbers.searched),
            detail: "For \(Money.count(numbers.matched)) of \(Money.count(numbers.searched)) "
                + "alerts the sale was found.",
            path: nil)
        invalid = Figure(
            number: shareText(numbers.count(.invalid), of: numbers.received),
            detail: "\(Money.count(numbers.count(.invalid))) of "
                + "\(Money.count(numbers.received)) alerts were refused as invalid.",
            path: Self.queue("invalid", range, visit))
        plots = numbers.received == 0 ? nil : OverviewPlots.all(numbers, found.issuers)
        funnel = OverviewPlots.funnel(found.enrolments)
    }

    private static func queue(
        _ view: String, _ range: OverviewRange, _ visit: SeatVisit
    ) -> String {
        var fields = [(name: "view", value: view)]
        if let id = range.organisationID { fields.append(("organisation", id.text)) }
        return visit.path("/alerts") + FormFields.query(fields)
    }
}

/// How deliveries to the account's endpoints went in the last 24 hours.
struct WebhookHealth: Sendable {
    let path: String
    let endpoints: String
    let delivered: String
    let failed: String
    let waiting: String
    /// Those that were sent and not taken; nil for none.
    let refused: String?
    let hasFailed: Bool
    /// Since when the oldest of what waits is due.
    let dueSince: TimeText?
    let isNone: Bool
    /// Whether only some endpoints were looked at.
    let isCut: Bool

    init(_ listing: Listing<WebhookService.Overview>, _ visit: SeatVisit) {
        let tallies = listing.items.map(\.tally)
        path = visit.path("/webhooks")
        endpoints = Money.count(listing.count)
        isNone = listing.count == 0
        isCut = listing.count > Int64(listing.items.count)
        dueSince = TimeText(tallies.compactMap(\.dueSince).min())
        delivered = Self.sum(tallies.map(\.delivered))
        failed = Self.sum(tallies.map(\.failed))
        hasFailed = tallies.contains { $0.failed.number > 0 }
        waiting = Self.sum(tallies.map(\.waiting))
        refused =
            tallies.contains { $0.refused.number > 0 } ? Self.sum(tallies.map(\.refused)) : nil
    }

    /// Of counts that may be cut; then it says so by a plus.
    private static func sum(_ counts: [DeliveryTally.Count]) -> String {
        Money.count(counts.reduce(0) { $0 + $1.number })
            + (counts.contains(where: \.isCut) ? "+" : "")
    }
}
