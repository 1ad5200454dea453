import ParryDomain
import ParryService
import ParryStore
import ParryWire

extension IntegrationPages {
    /// The list.
    struct ListModel: Sendable {
        let head: ListHead
        let feeds: [Row]
        let pager: Pager
        let newPath: String?
        let hasOrganisations: Bool

        init(_ list: ListPage<IntegrationStore.Filter, Integration>.Shown) async throws {
            let (visit, filter) = (list.visit, list.filter)
            let offer = try await OrganisationOffer(visit)
            let filters = [
                offer?.filter(filter.organisationID),
                ListFilter(
                    "status", "Status", chosen: filter.status, called: SetUpWords.feedStatus),
                filter.merchantID.map { ListFilter("merchant", "Merchant id", value: $0.text) },
            ].compactMap(\.self)
            head = list.head(filters)
            feeds = try await rows(visit, list.items)
            pager = list.pager
            let chosen = filter.organisationID.map { "?organisation=\($0.text)" } ?? ""
            newPath =
                visit.allows(.integrations) ? visit.path("/integrations/new" + chosen) : nil
            hasOrganisations = offer != nil
        }
    }

    /// An order feed in a list.
    struct Row: Sendable {
        let id: String
        let path: String
        let name: String
        let type: String
        let status: String
        let isEnabled: Bool
        let organisation: NamedLink
        let merchants: [NamedLink]
        let more: Int?
        let orders: String
        let createdAt: TimeText
    }

    static func rows(_ visit: SeatVisit, _ feeds: [Integration]) async throws -> [Row] {
        let names = try await SetUpNames(
            visit, organisations: feeds.map(\.organisationID),
            merchants: feeds.flatMap { $0.details.merchantIDs.prefix(SetUpNames.fewMax) })
        let counts = try await visit.base.site.services.integrations.orderCounts(
            of: feeds.map(\.id), by: visit.principal)
        return feeds.map { feed in
            let (merchants, more) = names.few(feed.details.merchantIDs)
            return Row(
                id: feed.id.text, path: visit.path("/integrations/\(feed.id.text)"),
                name: feed.details.name, type: SetUpWords.feedType(feed.type),
                status: feed.details.status.rawValue,
                isEnabled: feed.details.status == .enabled,
                organisation: names.organisation(feed.organisationID), merchants: merchants,
                more: more, orders: Money.count(counts[feed.id] ?? 0),
                createdAt: TimeText(feed.createdAt))
        }
    }

    /// Which organisation the new one is for.
    struct StartModel: Sendable {
        let path: String
        let cancel: String
        let organisation: OrganisationField?

        init(_ visit: SeatVisit) async throws {
            path = visit.path("/integrations/new")
            cancel = visit.path("/integrations")
            let asked = visit.query.text("organisation")
            organisation = try await OrganisationOffer(visit)?.field(
                "organisation", asked, error: OrganisationField.error(visit.query))
        }
    }

    /// What a form says of an order feed.
    struct Typed: Sendable {
        var organisation: String
        var name = ""
        var status: String?
        var merchants: [String] = []

        init(_ organisation: OrganisationID) {
            self.organisation = organisation.text
            status = IntegrationStatus.enabled.rawValue
        }

        init(_ form: FormFields, in visit: SeatVisit) {
            organisation = visit.ownOrganisation?.text ?? form.text("organisation_id") ?? ""
            name = form.text("name") ?? ""
            status = form.text("status")
            merchants = MerchantOffer.chosen(form)
        }

        init(_ feed: Integration) {
            organisation = feed.organisationID.text
            name = feed.details.name
            status = feed.details.status.rawValue
            merchants = feed.details.merchantIDs.map(\.text)
        }

        fileprivate var statusTitle: String? {
            status.map { IntegrationStatus(rawValue: $0).map(SetUpWords.feedStatus) ?? $0 }
        }

        /// As members of a request.
        var members: [FormMember] {
            [("name", .text(name)), ("status", .text(status)), ("merchant_ids", .list(merchants))]
        }
    }

    /// The form of a new order feed, or of a change.
    struct FormModel: Sendable {
        let frame: EditFrame
        let organisation: NamedLink
        let organisationID: String
        let name: FormField
        let status: FormField
        let merchants: MerchantOffer

        init(
            _ visit: SeatVisit, _ now: Integration?, _ typed: Typed, _ trouble: FormTrouble?
        ) async throws {
            guard let id = OrganisationID(typed.organisation) else {
                throw NotFound("organisation")
            }
            organisationID = id.text
            organisation = try await SetUpNames(visit, organisations: [id]).organisation(id)
            name = FormField(
                "name", "Name", value: typed.name, hint: "The shop or system the orders are of.",
                error: trouble?["name"], isRequired: true)
            status = FormField(
                "status", "Status", error: trouble?["status"],
                choices: IntegrationStatus.allCases.map {
                    Choice(
                        $0.rawValue, SetUpWords.feedStatus($0),
                        isChosen: $0.rawValue == typed.status)
                })
            merchants = try await MerchantOffer(
                visit, of: id, chosen: typed.merchants, error: trouble?["merchant_ids"])
            let isStale = trouble?.isStale == true
            frame = EditFrame(
                visit, "/integrations",
                now.map { "Change \($0.details.name)" } ?? "New order feed",
                of: now.map { ($0.id.text, $0.version) }, trouble,
                conflicts: isStale
                    ? try await Self.conflicts(visit, now.map(Typed.init), typed) : [])
        }

        private static func conflicts(
            _ visit: SeatVisit, _ now: Typed?, _ typed: Typed
        ) async throws -> [EditConflict] {
            guard let now else { return [] }
            let ids = (now.merchants + typed.merchants).compactMap { MerchantID($0) }
            let names = try await SetUpNames(visit, merchants: ids)
            func list(_ texts: [String]) -> String {
                texts.compactMap { MerchantID($0) }.map { names.merchant($0).name }
                    .joined(separator: ", ")
            }
            return [
                EditConflict("Name", now: now.name, typed: typed.name),
                EditConflict("Status", now: now.statusTitle, typed: typed.statusTitle),
                EditConflict("Merchants", now: list(now.merchants), typed: list(typed.merchants)),
            ]
        }
    }
}
