import ParryDomain
import ParryService
import ParryStore
import ParryWire

extension EnrolmentPages {
    /// For whom and for what the new one is.
    struct StartModel: Sendable {
        let path: String
        let cancel: String
        let organisation: OrganisationField?
        let type: FormField
        /// What the merchant's page asked for.
        let merchants: [String]

        init(_ visit: SeatVisit) async throws {
            path = visit.path("/enrolments/new")
            cancel = visit.path("/enrolments")
            let asked = visit.query.text("organisation")
            organisation = try await OrganisationOffer(visit)?.field(
                "organisation", asked,
                error: OrganisationField.error(visit.query))
            type = FormField(
                "type", "Product",
                choices: EnrolmentType.allCases.map { type in
                    let by =
                        switch type {
                        case .ethocaAlert: "by billing descriptor; you decide each alert"
                        case .verifiRDR: "by BIN and CAID; Visa refunds by your rules"
                        }
                    return Choice(
                        type.rawValue, "\(SetUpWords.product(type)): \(by)",
                        isChosen: type.rawValue == visit.query.text("type"))
                })
            merchants = visit.query.all("merchant")
        }
    }

    /// The form of a new one.
    struct FormModel: Sendable {
        let action: String
        let cancel: String
        let product: String
        let type: String
        let organisation: NamedLink
        let organisationID: String
        let merchants: MerchantOffer
        let isEthoca: Bool
        let rows: [DescriptorRow]
        let identifierError: String?
        let canHaveMore: Bool
        let bin: FormField
        let caid: FormField
        let arns: String
        let arnsError: String?
        let trouble: String?

        init(_ visit: SeatVisit, _ typed: Typed, _ trouble: FormTrouble?) async throws {
            guard let id = OrganisationID(typed.organisation) else {
                throw NotFound("organisation")
            }
            action = visit.path("/enrolments")
            cancel = action
            product = SetUpWords.product(typed.type)
            type = typed.type.rawValue
            organisationID = id.text
            organisation = try await SetUpNames(visit, organisations: [id]).organisation(id)
            merchants = try await MerchantOffer(
                visit, of: id, chosen: typed.merchants, error: trouble?["merchant_ids"])
            isEthoca = typed.type == .ethocaAlert
            rows = (0..<max(typed.rows, typed.descriptors.count)).map {
                DescriptorRow($0, typed.descriptors, trouble)
            }
            identifierError =
                trouble?["ethoca_alert.descriptors"].map { _ in "Write at least one descriptor." }
                ?? trouble?["ethoca_alert"]
                ?? trouble?["verifi_rdr"]
            canHaveMore = isEthoca && rows.count < RequestLimits.descriptors.upperBound
            bin = FormField(
                "bin", "Acquirer BIN", value: typed.bin,
                hint: "6 to 8 digits that name the acquiring bank; not the BIN of a card.",
                error: trouble?["verifi_rdr.bin"])
            caid = FormField(
                "caid", "CAID", value: typed.caid,
                hint: "1 to 16 letters or digits: the merchant at the acquirer. Some call it CID.",
                error: trouble?["verifi_rdr.caid"])
            arns = typed.arns.joined(separator: "\n")
            arnsError =
                trouble?["verifi_rdr.arns"]
                ?? typed.arns.indices.lazy.compactMap { index in
                    trouble?["verifi_rdr.arns[\(index)]"].map { "Line \(index + 1): \($0)" }
                }.first
            self.trouble = trouble?.message
        }
    }

    /// A row for one descriptor.
    struct DescriptorRow: Sendable {
        let number: Int
        let text: String
        let textError: String?
        let matchTypes: [Choice]
        let matchError: String?

        init(
            _ index: Int, _ typed: [(text: String, matchType: String)], _ trouble: FormTrouble?
        ) {
            let row = index < typed.count ? typed[index] : nil
            let path = "ethoca_alert.descriptors[\(index)]"
            number = index + 1
            text = row?.text ?? ""
            textError = trouble?[path + ".descriptor"]
            matchTypes = DescriptorMatchType.allCases.map {
                Choice(
                    $0.rawValue, SetUpWords.matchType($0), isChosen: $0.rawValue == row?.matchType)
            }
            matchError = trouble?[path + ".match_type"]
        }
    }
}
