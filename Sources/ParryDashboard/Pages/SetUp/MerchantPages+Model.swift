import ParryDomain
import ParryService
import ParryStore
import ParryWire

extension MerchantPages {
    /// The list.
    struct ListModel: Sendable {
        let head: ListHead
        let merchants: [Row]
        let pager: Pager
        let newPath: String?
        let hasOrganisations: Bool

        init(_ list: ListPage<MerchantStore.Filter, Merchant>.Shown) async throws {
            let (visit, filter) = (list.visit, list.filter)
            let offer = try await OrganisationOffer(visit)
            let filters = [
                ListFilter("q", "Name", value: filter.name),
                offer?.filter(filter.organisationID),
                ListFilter(
                    "type", "Type", chosen: filter.type, called: SetUpWords.merchantType),
                ListFilter("external_id", "External id", value: filter.externalID),
            ].compactMap(\.self)
            head = list.head(filters)
            merchants = try await rows(visit, list.items)
            pager = list.pager
            let chosen = filter.organisationID.map { "?organisation=\($0.text)" } ?? ""
            newPath = visit.allows(.setUp) ? visit.path("/merchants/new" + chosen) : nil
            hasOrganisations = offer != nil
        }
    }

    /// A merchant in a list.
    struct Row: Sendable {
        let id: String
        let path: String
        let name: String
        let type: String
        let externalID: String?
        let organisation: NamedLink
        let createdAt: TimeText
    }

    static func rows(_ visit: SeatVisit, _ merchants: [Merchant]) async throws -> [Row] {
        let names = try await SetUpNames(visit, organisations: merchants.map(\.organisationID))
        return merchants.map { merchant in
            Row(
                id: merchant.id.text, path: visit.path("/merchants/\(merchant.id.text)"),
                name: merchant.details.name, type: SetUpWords.merchantType(merchant.details.type),
                externalID: merchant.details.externalID,
                organisation: names.organisation(merchant.organisationID),
                createdAt: TimeText(merchant.createdAt))
        }
    }

    /// What a form says of a merchant.
    struct Typed: Sendable {
        var organisation: String?
        var name = ""
        var type: String?
        var externalID: String?
        var serviceType: String?

        init() {}

        init(_ form: FormFields) {
            organisation = form.text("organisation_id")
            name = form.text("name") ?? ""
            type = form.text("type")
            externalID = form.text("external_id")
            serviceType = form.text("default_representment_service_type")
        }

        init(_ merchant: Merchant) {
            organisation = merchant.organisationID.text
            name = merchant.details.name
            type = merchant.details.type.rawValue
            externalID = merchant.details.externalID
            serviceType = merchant.details.defaultRepresentmentServiceType?.rawValue
        }

        fileprivate var typeTitle: String? {
            type.map { MerchantType(rawValue: $0).map(SetUpWords.merchantType) ?? $0 }
        }

        fileprivate var serviceTypeTitle: String? {
            serviceType.map {
                RepresentmentServiceType(rawValue: $0).map(SetUpWords.serviceType) ?? $0
            }
        }

        /// As members of a request.
        var members: [FormMember] {
            [
                ("name", .text(name)), ("type", .text(type)), ("external_id", .text(externalID)),
                ("default_representment_service_type", .text(serviceType)),
            ]
        }
    }

    /// The form of a new merchant, or of a change.
    struct FormModel: Sendable {
        let frame: EditFrame
        let organisation: OrganisationField?
        let name: FormField
        let type: FormField
        let externalID: FormField
        let serviceType: FormField

        init(
            _ visit: SeatVisit, _ now: Merchant?, _ typed: Typed, _ trouble: FormTrouble?
        ) async throws {
            frame = EditFrame(
                visit, "/merchants", now.map { "Change \($0.details.name)" } ?? "New merchant",
                of: now.map { ($0.id.text, $0.version) }, trouble,
                conflicts: now.map { Self.conflicts(Typed($0), typed) } ?? [])
            organisation =
                now == nil
                ? try await OrganisationOffer(visit)?.field(
                    "organisation_id", typed.organisation,
                    error: trouble?["organisation_id"].map {
                        typed.organisation == nil ? "Choose one." : $0
                    }) : nil
            name = FormField(
                "name", "Name", value: typed.name, error: trouble?["name"], isRequired: true)
            type = FormField(
                "type", "Type",
                hint: "Fixed once an order feed or an enrolment names the merchant.",
                error: trouble?["type"],
                choices: MerchantType.allCases.map {
                    Choice(
                        $0.rawValue, SetUpWords.merchantType($0),
                        isChosen: $0.rawValue == typed.type)
                })
            externalID = FormField(
                "external_id", "External id", value: typed.externalID,
                hint: "The MID, the CAID or the account id at the provider.",
                error: trouble?["external_id"])
            serviceType = FormField(
                "default_representment_service_type", "What it sells",
                hint: "For representments.", error: trouble?["default_representment_service_type"],
                choices: [Choice("", "Not said", isChosen: typed.serviceType == nil)]
                    + RepresentmentServiceType.allCases.map {
                        Choice(
                            $0.rawValue, SetUpWords.serviceType($0),
                            isChosen: $0.rawValue == typed.serviceType)
                    })
        }

        private static func conflicts(_ now: Typed, _ typed: Typed) -> [EditConflict] {
            [
                EditConflict("Name", now: now.name, typed: typed.name),
                EditConflict("Type", now: now.typeTitle, typed: typed.typeTitle),
                EditConflict("External id", now: now.externalID, typed: typed.externalID),
                EditConflict(
                    "What it sells", now: now.serviceTypeTitle, typed: typed.serviceTypeTitle),
            ]
        }
    }
}
