import ParryDomain
import ParryService
import ParryStore
import ParryWire

extension MerchantPages {
    /// The page of one.
    struct ShowModel: Sendable {
        let id: String
        let path: String
        let name: String
        let type: String
        let externalID: String?
        let serviceType: String?
        let organisation: NamedLink
        let createdAt: TimeText
        let updatedAt: TimeText
        let alertsPath: String
        let canChange: Bool
        let trouble: String?
        let feeds: [IntegrationPages.Row]
        let feedCount: String
        let feedsPath: String
        let enrolments: [EnrolmentPages.Row]
        let enrolmentCount: String
        let enrolmentsPath: String
        let newEnrolmentPath: String

        /// Rows of each table; the lists have the rest.
        private static let rowsMax = 50

        init(_ visit: SeatVisit, _ merchant: Merchant, _ trouble: String?) async throws {
            id = merchant.id.text
            path = visit.path("/merchants/\(id)")
            name = merchant.details.name
            type = SetUpWords.merchantType(merchant.details.type)
            externalID = merchant.details.externalID
            serviceType = merchant.details.defaultRepresentmentServiceType.map(
                SetUpWords.serviceType)
            organisation = try await SetUpNames(visit, organisations: [merchant.organisationID])
                .organisation(merchant.organisationID)
            createdAt = TimeText(merchant.createdAt)
            updatedAt = TimeText(merchant.updatedAt)
            alertsPath = visit.path("/alerts?view=all&merchant=\(id)")
            canChange = visit.allows(.setUp)
            self.trouble = trouble
            let services = visit.base.site.services
            let page = Page(limit: Self.rowsMax, offset: 0)
            var feedFilter = IntegrationStore.Filter()
            feedFilter.merchantID = merchant.id
            let feeds = try await services.integrations.list(
                feedFilter, page: page, by: visit.principal)
            self.feeds = try await IntegrationPages.rows(visit, feeds.items)
            feedCount = Money.count(feeds.count)
            feedsPath = visit.path("/integrations?merchant=\(id)")
            var enrolmentFilter = EnrolmentStore.Filter()
            enrolmentFilter.merchantID = merchant.id
            let enrolments = try await services.enrolments.list(
                enrolmentFilter, page: page, by: visit.principal)
            self.enrolments = try await EnrolmentPages.rows(visit, enrolments.items)
            enrolmentCount = Money.count(enrolments.count)
            enrolmentsPath = visit.path("/enrolments?merchant=\(id)")
            newEnrolmentPath = visit.path(
                "/enrolments/new?organisation=\(merchant.organisationID.text)&merchant=\(id)"
            )
        }
    }
}
