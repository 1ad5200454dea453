import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// An endpoint in a list.
struct EndpointRow: Sendable {
    let path: String
    let url: String
    /// Whose events it gets; nil for all of the partner.
    let organisation: String?
    let types: [String]
    let state: StateChip
    let tally: TallyText

    init(_ overview: WebhookService.Overview, _ visit: SeatVisit) {
        let endpoint = overview.endpoint
        path = visit.path("/webhooks/\(endpoint.id)")
        url = endpoint.details.url
        organisation = overview.organisationName
        types = endpoint.details.eventTypes.map(\.rawValue)
        state = StateChip(overview, now: visit.now)
        tally = TallyText(overview.tally)
    }

    /// Of the file. What is beyond the bound of a count stands there as the bound.
    static let columns: [Export<WebhookService.Overview>.Column] = [
        .init("id") { .text($0.endpoint.id.text) },
        .init("url") { .text($0.endpoint.details.url) },
        .init("organisation_id") { .text($0.endpoint.organisationID?.text) },
        .init("event_types") {
            .text($0.endpoint.details.eventTypes.map(\.rawValue).joined(separator: " "))
        },
        .init("is_paused") { .flag($0.endpoint.details.isPaused) },
        .init("delivered_in_24_hours") { .number($0.tally.delivered.number) },
        .init("failed_in_24_hours") { .number($0.tally.failed.number) },
        .init("waiting") { .number($0.tally.waiting.number) },
        .init("not_taken_yet") { .number($0.tally.refused.number) },
        .init("created_at") { .time($0.endpoint.createdAt) },
        .init("updated_at") { .time($0.endpoint.updatedAt) },
    ]
}

extension StateChip {
    init(_ overview: WebhookService.Overview, now: Timestamp) {
        self.init(
            isPaused: overview.endpoint.details.isPaused,
            refused: overview.tally.refused.number > 0
                ? TallyText(overview.tally).refused : nil,
            dueSince: overview.tally.dueSince, now: now)
    }
}

/// How the last day of an endpoint went; a plus stands behind what is more than was counted.
struct TallyText: Sendable {
    let delivered: String
    let failed: String
    let waiting: String
    let refused: String
    let hasFailed: Bool

    init(_ tally: DeliveryTally) {
        delivered = Self.text(tally.delivered)
        failed = Self.text(tally.failed)
        waiting = Self.text(tally.waiting)
        refused = Self.text(tally.refused)
        hasFailed = tally.failed.number > 0
    }

    private static func text(_ count: DeliveryTally.Count) -> String {
        Money.count(count.number) + (count.isCut ? "+" : "")
    }
}
