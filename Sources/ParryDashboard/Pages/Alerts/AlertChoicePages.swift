import HTTPTypes
import Hummingbird
import ParryDomain
import ParryService
import ParryWire

/// An alert's sale chosen by hand: looked up, asked once with what follows, and set. The rules are those of
/// `PUT /v1/alerts/{alert_id}/match`.
enum AlertChoicePages {
    static let routes: [Route] = [
        .show("/alerts/{id}/match", .act, show),
        .change("/alerts/{id}/match", .act, "alert.match", set),
    ]

    /// What an address or a form names.
    struct Asked: Sendable {
        /// What somebody typed to find the sale.
        let search: String?
        /// nil for nothing that was chosen yet.
        let choice: Choice?

        /// A sale, or none of the known ones.
        enum Choice: Sendable {
            case sale(AlertCaseService.Choice)
            case noSale
        }

        /// - Throws: ``FormErrors`` for what is no reference, as over the API.
        init(_ fields: FormFields) throws {
            search = fields.text("q").map { String($0.prefix(RequestLimits.reference.upperBound)) }
            guard !fields.isSet("none") else {
                choice = .noSale
                return
            }
            guard let reference = fields["integration_transaction_id"], !reference.isEmpty else {
                choice = nil
                return
            }
            let body = try AlertMatchRequest.set.decode([
                ("integration_id", .text(fields.text("integration_id"))),
                ("integration_transaction_id", .text(reference)),
            ])
            choice = body[AlertMatchRequest.transactionID].map {
                .sale(.init(integrationID: body[AlertMatchRequest.integrationID], reference: $0))
            }
        }
    }

    private static func show(_ visit: SeatVisit) async throws -> Response {
        try await answer(visit, visit.query)
    }

    private static func set(_ visit: SeatVisit) async throws -> Response {
        let form = try await visit.form()
        guard let choice = try? Asked(form).choice else { return try await answer(visit, form) }
        let id: AlertID = try visit.id("alert")
        AuditDetail.say(choice.detail)
        do {
            // A form that does not say what it showed counts as one that showed something else.
            _ = try await visit.base.site.services.alertCases.set(
                choice.sale, of: id, seen: form["seen"] ?? "", by: visit.principal, now: visit.now)
        } catch is ChangedMeanwhile {
            return try await confirmation(choice, visit, isStale: true)
        } catch let error as NotFound where error.resource == "transaction" {
            return try await search(visit, form.text("q"), trouble: gone, status: .notFound)
        }
        return visit.redirect(
            to: "/alerts/\(id.text)", Notice(choice.sale == nil ? "no-sale" : "sale-set"))
    }

    /// The question where something was chosen, else the search.
    private static func answer(_ visit: SeatVisit, _ fields: FormFields) async throws -> Response {
        let asked: Asked
        do {
            asked = try Asked(fields)
        } catch let errors as FormErrors {
            return try await search(
                visit, fields.text("integration_transaction_id"),
                trouble: errors.fields.first.map { "The transaction \($0.message)." },
                status: .unprocessableContent)
        }
        guard let choice = asked.choice else { return try await search(visit, asked.search) }
        do {
            return try await confirmation(choice, visit)
        } catch let error as NotFound where error.resource == "transaction" {
            return try await search(
                visit, choice.sale?.reference, trouble: gone, status: .notFound)
        }
    }

    private static func confirmation(
        _ choice: Asked.Choice, _ visit: SeatVisit, isStale: Bool = false
    ) async throws -> Response {
        let proposal = try await visit.base.site.services.alertCases.proposal(
            choice.sale, of: visit.id("alert"), by: visit.principal, now: visit.now)
        let model = AlertChoiceModel(proposal, AlertPage.Place(visit), isStale: isStale)
        return visit.page(
            "alert-choice", title: model.question, .alerts, model, status: isStale ? .conflict : .ok
        )
    }

    /// - Parameter trouble: Why something else was not done; what was typed stays.
    private static func search(
        _ visit: SeatVisit, _ text: String?, trouble: String? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let id: AlertID = try visit.id("alert")
        let services = visit.base.site.services
        let alert = try await services.alerts.find(id, by: visit.principal)
        // No reference has a NUL, and PostgreSQL takes none.
        let isReadable = text?.contains("\0") == false
        let sales =
            isReadable
            ? try await services.alertCases.sales(
                called: text ?? "", of: id, by: visit.principal, now: visit.now) : []
        let model = AlertSearchModel(alert, text, sales, trouble, AlertPage.Place(visit))
        return visit.page(
            "alert-search", title: "Name the sale of an alert", .alerts, model, status: status)
    }

    private static let gone =
        "There is no such transaction in the alert's organisation, or several order feeds have one. Look it up "
        + "below."
}

extension AlertChoicePages.Asked.Choice {
    /// nil for none.
    var sale: AlertCaseService.Choice? {
        switch self {
        case .sale(let choice): choice
        case .noSale: nil
        }
    }

    /// What the audit log says of it.
    fileprivate var detail: [FormMember] {
        switch self {
        case .sale(let choice):
            [
                ("integration_id", .text(choice.integrationID)),
                ("integration_transaction_id", .text(choice.reference)),
            ]
        case .noSale: [("none", .flag(true))]
        }
    }
}
