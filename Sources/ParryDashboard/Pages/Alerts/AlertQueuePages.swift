import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// The queue of alerts: who looks for something, or for what has to be done next.
enum AlertQueuePages {
    static let routes: [Route] = [
        .show("/alerts", .view, show),
        .show("/alerts/live", .view, AlertQueueLive.listen),
        .show("/alerts/export.csv", .view) { try await AlertQueueExport.file(.csv, $0) },
        .show("/alerts/export.json", .view) { try await AlertQueueExport.file(.json, $0) },
        Route(.post, "/alerts/confirm", .seat(.act, AlertQueueActions.confirm)),
        .change("/alerts/act", .act, "alert.update", AlertQueueActions.act),
    ]

    private static func show(_ visit: SeatVisit) async throws -> Response {
        let asked = AlertQueueFilter(visit.query)
        let page = Pager.page(visit.query)
        let services = visit.base.site.services
        async let names = AlertQueueNames.read(asked, visit)
        let queue = try await services.alerts.queue(
            asked.stored, page: page, by: visit.principal, now: visit.now)
        let model = AlertQueueModel(asked, queue, try await names, page, visit)
        let open = queue.waiting.open
        return visit.page(
            "alerts", title: open == 0 ? "Alerts" : "\(Money.count(open)) open · Alerts", .alerts,
            model)
    }
}

/// What the filters of the queue can be set to.
struct AlertQueueNames: Sendable {
    /// Choices of one list; of more the id is typed.
    private static let choicesMax = 200

    let organisations: ListFilter?
    let merchants: ListFilter
    /// The enrolment whose alerts are asked for.
    let enrolment: NamedLink?

    static func read(
        _ asked: AlertQueueFilter, _ visit: SeatVisit
    ) async throws -> AlertQueueNames {
        let services = visit.base.site.services
        let page = Page(limit: choicesMax, offset: 0)
        var organisations: ListFilter?
        if visit.seat.owner.isPartnerLevel {
            let found = try await services.organisations.list(page: page, by: visit.principal)
            organisations = filter(
                "organisation", "Organisation", asked.organisationID?.text, count: found.count,
                found.items.map { ($0.id.text, $0.name) })
        }
        var wanted = MerchantStore.Filter()
        wanted.organisationID = asked.organisationID
        wanted.sort = .name
        wanted.direction = .ascending
        let merchants = try await services.merchants.list(
            wanted, page: page, by: visit.principal)
        return AlertQueueNames(
            organisations: organisations,
            merchants: filter(
                "merchant", "Merchant", asked.merchantID?.text, count: merchants.count,
                merchants.items.map { ($0.id.text, $0.details.name) }),
            enrolment: try await enrolment(asked.enrolmentID, visit))
    }

    /// - Throws: ``NotFound`` for one that is not in this account.
    private static func enrolment(
        _ id: EnrolmentID?, _ visit: SeatVisit
    ) async throws -> NamedLink? {
        guard let id else { return nil }
        let found = try await visit.base.site.services.enrolments.find(id, by: visit.principal)
        let product = SetUpWords.product(found.type)
        return NamedLink(
            path: visit.path("/enrolments/\(id.text)"),
            name: "\(product): \(found.configuration.summary)")
    }

    private static func filter(
        _ name: String, _ label: String, _ chosen: String?, count: Int64,
        _ options: [(value: String, label: String)]
    ) -> ListFilter {
        count > choicesMax
            ? ListFilter(name, "\(label)'s id", type: "text", value: chosen)
            : ListFilter(name, label, chosen: chosen, options)
    }
}
