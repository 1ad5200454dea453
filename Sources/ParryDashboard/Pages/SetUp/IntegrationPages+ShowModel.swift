import ParryDomain
import ParryService
import ParryStore
import ParryWire

extension IntegrationPages {
    /// The page of one.
    struct ShowModel: Sendable {
        let id: String
        let path: String
        let name: String
        let type: String
        let status: String
        let isEnabled: Bool
        let organisation: NamedLink
        let organisationID: String
        let merchants: [NamedLink]
        let orders: String
        let ordersPath: String
        let healthPath: String
        let createdAt: TimeText
        let updatedAt: TimeText
        let canChange: Bool
        /// Whether orders are uploaded to it, rather than fetched from a processor.
        let isUpload: Bool

        init(_ visit: SeatVisit, _ feed: Integration) async throws {
            id = feed.id.text
            path = visit.path("/integrations/\(id)")
            name = feed.details.name
            type = SetUpWords.feedType(feed.type)
            status = feed.details.status.rawValue
            isEnabled = feed.details.status == .enabled
            let names = try await SetUpNames(
                visit, organisations: [feed.organisationID], merchants: feed.details.merchantIDs)
            organisation = names.organisation(feed.organisationID)
            organisationID = feed.organisationID.text
            merchants = feed.details.merchantIDs.map(names.merchant)
            let counts = try await visit.base.site.services.integrations.orderCounts(
                of: [feed.id], by: visit.principal)
            orders = Money.count(counts[feed.id] ?? 0)
            ordersPath = visit.path("/orders?integration=\(id)")
            healthPath = visit.path("/overview/feeds?integration=\(id)")
            createdAt = TimeText(feed.createdAt)
            updatedAt = TimeText(feed.updatedAt)
            isUpload = feed.type == .customOrders
            canChange = visit.allows(.integrations) && isUpload
        }
    }
}
