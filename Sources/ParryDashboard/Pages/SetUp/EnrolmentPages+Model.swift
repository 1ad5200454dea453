import ParryDomain
import ParryService
import ParryStore
import ParryWire

extension EnrolmentPages {
    /// The list.
    struct ListModel: Sendable {
        let head: ListHead
        let enrolments: [Row]
        let pager: Pager
        let newPath: String?
        let hasOrganisations: Bool

        init(_ list: ListPage<EnrolmentStore.Filter, Enrolment>.Shown) async throws {
            let (visit, filter) = (list.visit, list.filter)
            let offer = try await OrganisationOffer(visit)
            let filters = [
                ListFilter(
                    "status", "Status", chosen: filter.status, called: EnrolmentMeaning.title),
                ListFilter("type", "Product", chosen: filter.type, called: SetUpWords.product),
                offer?.filter(filter.organisationID),
                try await Self.merchantFilter(visit, filter),
            ].compactMap(\.self)
            head = list.head(filters)
            enrolments = try await rows(visit, list.items)
            pager = list.pager
            let chosen = filter.organisationID.map { "?organisation=\($0.text)" } ?? ""
            newPath = visit.allows(.setUp) ? visit.path("/enrolments/new" + chosen) : nil
            hasOrganisations = offer != nil
        }

        /// Merchants are offered once it is known of which organisation, and if there are few.
        private static func merchantFilter(
            _ visit: SeatVisit, _ filter: EnrolmentStore.Filter
        ) async throws -> ListFilter {
            let typed = ListFilter("merchant", "Merchant id", value: filter.merchantID?.text)
            guard let organisation = filter.organisationID ?? visit.ownOrganisation else {
                return typed
            }
            let offer = try await MerchantOffer(visit, of: organisation, chosen: [], error: nil)
            let chosen = filter.merchantID?.text
            let options = offer.checks.choices.map { (value: $0.value, label: $0.label) }
            guard !offer.isCut, chosen == nil || options.contains(where: { $0.value == chosen })
            else { return typed }
            return ListFilter("merchant", "Merchant", chosen: chosen, options)
        }
    }

    /// An enrolment in a list.
    struct Row: Sendable {
        let path: String
        let product: String
        /// What is enrolled, in short.
        let identifier: String
        let status: String
        let tone: String
        let meaning: String
        let note: String?
        let organisation: NamedLink
        let merchants: [NamedLink]
        let more: Int?
        let updatedAt: TimeText
    }

    static func rows(_ visit: SeatVisit, _ enrolments: [Enrolment]) async throws -> [Row] {
        let names = try await SetUpNames(
            visit, organisations: enrolments.map(\.organisationID),
            merchants: enrolments.flatMap { $0.merchantIDs.prefix(SetUpNames.fewMax) })
        return enrolments.map { enrolment in
            let meaning = EnrolmentMeaning(enrolment.status, of: enrolment.type)
            let (merchants, more) = names.few(enrolment.merchantIDs)
            return Row(
                path: visit.path("/enrolments/\(enrolment.id.text)"),
                product: SetUpWords.product(enrolment.type),
                identifier: enrolment.configuration.summary, status: meaning.title,
                tone: meaning.tone, meaning: meaning.partner, note: enrolment.note,
                organisation: names.organisation(enrolment.organisationID), merchants: merchants,
                more: more, updatedAt: TimeText(enrolment.updatedAt))
        }
    }
}

extension EnrolmentConfiguration {
    /// What is enrolled, in a few words.
    var summary: String {
        switch self {
        case .ethocaAlert(let descriptors):
            let first = descriptors.first.map { descriptor in
                descriptor.text + (descriptor.matchType == .startsWith ? "…" : "")
            }
            return (first ?? "") + Self.more(descriptors.count)
        case .verifiRDR(.acquirer(let bin, let caid)): return "BIN \(bin), CAID \(caid)"
        case .verifiRDR(.arns(let arns)):
            return "ARN \(arns.first ?? "")" + Self.more(arns.count)
        }
    }

    private static func more(_ count: Int) -> String { count > 1 ? " and \(count - 1) more" : "" }
}
