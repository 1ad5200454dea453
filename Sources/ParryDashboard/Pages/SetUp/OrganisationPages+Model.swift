import ParryDomain
import ParryService
import ParryStore
import ParryWire

extension OrganisationPages {
    /// The list.
    struct ListModel: Sendable {
        let head: ListHead
        let organisations: [Row]
        let pager: Pager
        let newPath: String?
        let isTest: Bool

        init(_ list: ListPage<String?, Organisation>.Shown) {
            let visit = list.visit
            head = list.head([ListFilter("q", "Name", value: list.filter)])
            organisations = list.items.map { Row(visit, $0) }
            pager = list.pager
            newPath = visit.allows(.organisations) ? visit.path("/organisations/new") : nil
            isTest = visit.seat.mode == .test
        }
    }

    /// An organisation in the list.
    struct Row: Sendable {
        let id: String
        let name: String
        let path: String
        let accountPath: String
        let createdAt: TimeText

        init(_ visit: SeatVisit, _ organisation: Organisation) {
            id = organisation.id.text
            name = organisation.name
            path = visit.path("/organisations/\(id)")
            accountPath = "/dashboard/\(id)"
            createdAt = TimeText(organisation.createdAt)
        }
    }

    /// The form of a new one, or of another name.
    struct FormModel: Sendable {
        let frame: EditFrame
        let isTest: Bool
        let name: FormField

        init(
            _ visit: SeatVisit, _ now: Organisation?, name typed: String, _ trouble: FormTrouble?
        ) {
            frame = EditFrame(
                visit, "/organisations", now.map { "Rename \($0.name)" } ?? "New organisation",
                of: now.map { ($0.id.text, $0.version) }, trouble,
                conflicts: [EditConflict("Name", now: now?.name, typed: typed)])
            isTest = visit.seat.mode == .test
            name = FormField(
                "name", "Name", value: typed, hint: "The customer, as you call it.",
                error: trouble?["name"], isRequired: true)
        }
    }

    /// The page of one.
    struct ShowModel: Sendable {
        let id: String
        let name: String
        let createdAt: TimeText
        let updatedAt: TimeText
        let path: String
        let accountPath: String?
        let canChange: Bool
        let trouble: String?
        let settings: Settings
        let members: String
        let merchants: [MerchantPages.Row]
        let merchantCount: String
        let merchantsPath: String
        let newMerchantPath: String
        let feeds: [IntegrationPages.Row]
        let feedCount: String
        let feedsPath: String
        let newFeedPath: String?
        let enrolments: [EnrolmentPages.Row]
        let enrolmentCount: String
        let enrolmentsPath: String
        let newEnrolmentPath: String

        /// Rows of each table; the lists have the rest.
        private static let rowsMax = 10

        init(
            _ visit: SeatVisit, _ organisation: Organisation, _ trouble: String?
        ) async throws {
            let id = organisation.id
            self.id = id.text
            name = organisation.name
            createdAt = TimeText(organisation.createdAt)
            updatedAt = TimeText(organisation.updatedAt)
            path = visit.path("/organisations/\(id.text)")
            accountPath = visit.ownOrganisation == nil ? "/dashboard/\(id.text)" : nil
            canChange = visit.allows(.setUp)
            self.trouble = trouble
            let services = visit.base.site.services
            let page = Page(limit: Self.rowsMax, offset: 0)
            settings = Settings(
                try await services.organisations.settings(of: id, by: visit.principal))
            members = Money.count(
                try await services.memberships.list(
                    of: id, page: Page(limit: 1, offset: 0), by: visit.principal
                ).count)
            let narrowed = "?organisation=\(id.text)"
            var merchantFilter = MerchantStore.Filter()
            merchantFilter.organisationID = id
            let merchants = try await services.merchants.list(
                merchantFilter, page: page, by: visit.principal)
            self.merchants = try await MerchantPages.rows(visit, merchants.items)
            merchantCount = Money.count(merchants.count)
            merchantsPath = visit.path("/merchants" + narrowed)
            newMerchantPath = visit.path("/merchants/new" + narrowed)
            var feedFilter = IntegrationStore.Filter()
            feedFilter.organisationID = id
            let feeds = try await services.integrations.list(
                feedFilter, page: page, by: visit.principal)
            self.feeds = try await IntegrationPages.rows(visit, feeds.items)
            feedCount = Money.count(feeds.count)
            feedsPath = visit.path("/integrations" + narrowed)
            newFeedPath =
                visit.allows(.integrations) ? visit.path("/integrations/new" + narrowed) : nil
            var enrolmentFilter = EnrolmentStore.Filter()
            enrolmentFilter.organisationID = id
            let enrolments = try await services.enrolments.list(
                enrolmentFilter, page: page, by: visit.principal)
            self.enrolments = try await EnrolmentPages.rows(visit, enrolments.items)
            enrolmentCount = Money.count(enrolments.count)
            enrolmentsPath = visit.path("/enrolments" + narrowed)
            newEnrolmentPath = visit.path("/enrolments/new" + narrowed)
        }
    }

    /// What the operator set.
    struct Settings: Sendable {
        let matching: String
        let window: String
        let reminders: String
        let cancels: String
        let required: String

        init(_ settings: OrganisationSettings) {
            matching =
                switch settings.matchingMode {
                case .strict: "Strict: what is not found for certain is looked into by a person"
                case .soft: "Soft: the best match counts; without one the alert waits for you"
                }
            window = "\(settings.alertWindowHours) hours"
            reminders =
                settings.reminderHours.isEmpty
                ? "None"
                : settings.reminderHours.map(String.init).joined(separator: " and ")
                    + " hours before the deadline"
            cancels = settings.allowsCancelActions ? "Yes" : "No"
            required =
                settings.requiredOrderFields.isEmpty
                ? "None besides those that all orders need"
                : settings.requiredOrderFields.joined(separator: ", ")
        }
    }
}
