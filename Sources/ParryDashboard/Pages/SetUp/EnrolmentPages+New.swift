import Hummingbird
import ParryDomain
import ParryService
import ParryWire

extension EnrolmentPages {
    /// The organisation and the product are chosen first: what the form asks for follows from them.
    static func new(_ visit: SeatVisit) async throws -> Response {
        let organisation = visit.query.text("organisation").flatMap { OrganisationID($0) }
        let type = visit.query.text("type").flatMap(EnrolmentType.init)
        guard let organisation, let type else {
            return visit.page(
                "enrolment-start", title: "New enrolment", .enrolments,
                try await StartModel(visit))
        }
        _ = try await visit.base.site.services.organisations.find(
            organisation, by: visit.principal)
        var typed = Typed(organisation.text, type)
        typed.merchants = visit.query.all("merchant")
        return try await form(visit, typed, nil)
    }

    static func create(_ visit: SeatVisit) async throws -> Response {
        let sent = try await visit.form()
        guard let type = sent.text("type").flatMap(EnrolmentType.init) else {
            return visit.redirect(to: "/enrolments/new")
        }
        let typed = Typed(sent, type)
        if sent.isSet("more") { return try await form(visit, typed.withMoreRows, nil) }
        do {
            let body = try typed.schema.decode(typed.members)
            let enrolment = try await service(visit).create(
                of: body[EnrolmentRequest.merchantIDs], body, by: visit.principal, now: visit.now)
            return visit.redirect(to: "/enrolments/\(enrolment.id.text)", Notice("enrolled"))
        } catch EnrolmentError.invalidVerifiRDRConfiguration {
            let errors = FormErrors([("verifi_rdr", Self.identifierRule)])
            return try await form(visit, typed, FormTrouble(errors, visit))
        } catch {
            return try await form(visit, typed, FormTrouble(error, visit))
        }
    }

    /// What a merchant at Visa is named by, beside the fields.
    private static let identifierRule =
        "needs either a BIN of 6 to 8 digits and a CAID of 1 to 16 letters or digits, or ARNs of 23 "
        + "digits each, and not both"

    private static func form(
        _ visit: SeatVisit, _ typed: Typed, _ trouble: FormTrouble?
    ) async throws -> Response {
        visit.page(
            "enrolment-form", title: "New enrolment", .enrolments,
            try await FormModel(visit, typed, trouble), status: trouble?.status ?? .ok)
    }

    /// What a form says of an enrolment.
    struct Typed: Sendable {
        let organisation: String
        let type: EnrolmentType
        var merchants: [String] = []
        /// Without the rows that were left empty.
        var descriptors: [(text: String, matchType: String)] = []
        var bin: String?
        var caid: String?
        var arns: [String] = []
        /// Rows for descriptors that the form shows.
        var rows = Typed.rowsAtFirst

        static let rowsAtFirst = 5

        init(_ organisation: String, _ type: EnrolmentType) {
            self.organisation = organisation
            self.type = type
        }

        init(_ form: FormFields, _ type: EnrolmentType) {
            self.init(form.text("organisation_id") ?? "", type)
            merchants = MerchantOffer.chosen(form)
            let texts = form.all("descriptor")
            descriptors = zip(texts, form.all("match_type")).compactMap { text, matchType in
                text.allSatisfy(\.isWhitespace) ? nil : (text, matchType)
            }
            rows = min(max(texts.count, Self.rowsAtFirst), RequestLimits.descriptors.upperBound)
            bin = form.text("bin")
            caid = form.text("caid")
            arns = form.lines("arns")
        }

        var withMoreRows: Typed {
            var more = self
            more.rows = min(rows + Self.rowsAtFirst, RequestLimits.descriptors.upperBound)
            return more
        }

        /// The declaration of a request for this product.
        var schema: ObjectSchema {
            EnrolmentRequest.createSchemas[type == .ethocaAlert ? 0 : 1]
        }

        /// As members of a request.
        var members: [FormMember] {
            let common: [FormMember] = [
                ("merchant_ids", .list(merchants)), ("type", .text(type.rawValue)),
            ]
            switch type {
            case .ethocaAlert:
                let rows = descriptors.map { row in
                    [
                        ("descriptor", FormValue.text(row.text)),
                        ("match_type", .text(row.matchType)),
                    ]
                }
                return common + [("ethoca_alert", .object([("descriptors", .objects(rows))]))]
            case .verifiRDR:
                var block: [FormMember] = [("bin", .text(bin)), ("caid", .text(caid))]
                if !arns.isEmpty { block.append(("arns", .list(arns))) }
                return common + [("verifi_rdr", .object(block))]
            }
        }
    }
}
