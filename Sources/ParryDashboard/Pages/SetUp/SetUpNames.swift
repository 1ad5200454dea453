import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// What the organisations and merchants on a page are called.
struct SetUpNames: Sendable {
    private let visit: SeatVisit
    private let organisations: [OrganisationID: String]
    private let merchants: [MerchantID: String]

    init(
        _ visit: SeatVisit, organisations: [OrganisationID] = [], merchants: [MerchantID] = []
    ) async throws {
        self.visit = visit
        let services = visit.base.site.services
        self.organisations = try await services.organisations.names(
            of: Array(Set(organisations)), by: visit.principal)
        self.merchants = try await services.merchants.names(
            of: Array(Set(merchants)), by: visit.principal)
    }

    func organisation(_ id: OrganisationID) -> NamedLink {
        NamedLink(
            path: visit.path("/organisations/\(id.text)"), name: organisations[id] ?? id.text)
    }

    func merchant(_ id: MerchantID) -> NamedLink {
        NamedLink(path: visit.path("/merchants/\(id.text)"), name: merchants[id] ?? id.text)
    }

    /// The first few of a list of merchants, and how many more there are.
    func few(_ ids: [MerchantID]) -> (shown: [NamedLink], more: Int?) {
        let shown = ids.prefix(Self.fewMax)
        return (shown.map(merchant), ids.count > shown.count ? ids.count - shown.count : nil)
    }

    /// Merchants that a row of a list names.
    static let fewMax = 3
}

extension SeatVisit {
    /// The organisation whose account this is; nil where it is a partner's or a group's.
    var ownOrganisation: OrganisationID? {
        if case .organisation(let id, _) = seat.owner { id } else { nil }
    }
}

/// The organisations that a form or a filter offers.
struct OrganisationOffer: Sendable {
    /// More are not offered one by one: the id is typed instead.
    static let offeredMax = 200

    /// nil when there are too many.
    private let options: [(value: String, label: String)]?

    /// nothing in an organisation's own account.
    init?(_ visit: SeatVisit) async throws {
        guard visit.ownOrganisation == nil else { return nil }
        let page = Page(limit: Self.offeredMax, offset: 0)
        let found = try await visit.base.site.services.organisations.list(
            page: page, by: visit.principal)
        options =
            found.count > Int64(found.items.count)
            ? nil
            : found.items.map { ($0.id.text, $0.name) }.sorted { $0.label < $1.label }
    }

    func filter(_ chosen: OrganisationID?) -> ListFilter {
        guard let options else {
            return ListFilter("organisation", "Organisation id", value: chosen?.text)
        }
        return ListFilter("organisation", "Organisation", chosen: chosen?.text, options)
    }

    /// For a form, whose field has this name.
    func field(_ name: String, _ chosen: String?, error: String?) -> OrganisationField {
        guard let options else {
            return OrganisationField(
                choice: nil,
                typed: FormField(
                    name, "Organisation id", value: chosen,
                    hint: "As org_…, from the organisation's page.", error: error, isRequired: true)
            )
        }
        let none = Choice("", "Choose one", isChosen: chosen == nil)
        return OrganisationField(
            choice: FormField(
                name, "Organisation", error: error,
                choices: [none]
                    + options.map { Choice($0.value, $0.label, isChosen: $0.value == chosen) }),
            typed: nil)
    }
}

/// The organisation in a form: chosen, or typed where there are very many. Templates show it with
/// `{{>organisation-field}}`.
struct OrganisationField: Sendable {
    let choice: FormField?
    let typed: FormField?

    /// What is wrong with the organisation that a first step asked for.
    static func error(_ query: FormFields) -> String? {
        guard query.isSet("organisation") else { return nil }
        guard let text = query.text("organisation") else { return "Choose one." }
        return OrganisationID(text) == nil ? "It is no organisation's id." : nil
    }
}

/// The merchants of an organisation that a form offers. Templates show it with `{{>merchant-checks}}`.
struct MerchantOffer: Sendable {
    /// More are not offered one by one: their ids are typed.
    static let offeredMax = 200

    let checks: FormField
    let isEmpty: Bool
    /// The ids of chosen merchants that are not offered, where not all can be.
    let others: String
    let isCut: Bool
    /// Where the first one is made, for who may.
    let newPath: String?

    /// - Parameter chosen: Ids, as typed.
    init(
        _ visit: SeatVisit, of organisation: OrganisationID, chosen: [String], error: String?
    ) async throws {
        var filter = MerchantStore.Filter()
        filter.organisationID = organisation
        (filter.sort, filter.direction) = (.name, .ascending)
        let found = try await visit.base.site.services.merchants.list(
            filter, page: Page(limit: Self.offeredMax, offset: 0), by: visit.principal)
        let offered = Set(found.items.map(\.id.text))
        checks = FormField(
            "merchant_ids", "Merchants",
            error: error.map { chosen.isEmpty ? "Choose at least one." : $0 },
            choices: found.items.map { merchant in
                let external = merchant.details.externalID.map { " (\($0))" } ?? ""
                return Choice(
                    merchant.id.text, merchant.details.name + external,
                    isChosen: chosen.contains(merchant.id.text))
            })
        isEmpty = found.items.isEmpty
        isCut = found.count > Int64(found.items.count)
        others = chosen.filter { !offered.contains($0) }.joined(separator: "\n")
        newPath =
            visit.allows(.setUp)
            ? visit.path("/merchants/new?organisation=\(organisation.text)") : nil
    }

    /// What a form names: the boxes and the lines.
    static func chosen(_ form: FormFields) -> [String] {
        form.all("merchant_ids").filter { !$0.isEmpty } + form.lines("other_merchant_ids")
    }
}

extension FormFields {
    /// The lines of a text, without empty ones.
    func lines(_ name: String) -> [String] {
        (self[name] ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
    }
}
