import HTTPTypes
import Hummingbird
import ParryDomain
import ParryService
import ParryWire

/// The page of one alert: what the network said beside what the order says, what the refund guard says, and what happened.
enum AlertPage {
    static let routes: [Route] =
        [
            .show("/alerts/{id}", .view, show),
            .change("/alerts/{id}/note", .act, "alert.update", note),
            .change("/alerts/{id}/seen", .act, "alert.update", seen),
            .change("/alerts/{id}/refund-besides", .act, "alert.update", refundBesides),
        ] + AlertChoicePages.routes

    private static func show(_ visit: SeatVisit) async throws -> Response {
        try await page(visit)
    }

    /// - Parameters:
    ///   - refused: A note that was not taken.
    ///   - trouble: Why something else was not done.
    private static func page(
        _ visit: SeatVisit, _ refused: Note.Refused? = nil, trouble: String? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let dossier = try await visit.base.site.services.alertCases.dossier(
            of: visit.id("alert"), by: visit.principal, now: visit.now)
        var model = Model(dossier, Place(visit), refused)
        model.trouble = trouble
        return visit.page("alert", title: "Alert \(model.amount)", .alerts, model, status: status)
    }

    private static func seen(_ visit: SeatVisit) async throws -> Response {
        let id: AlertID = try visit.id("alert")
        let change = AlertService.Change(action: nil, note: nil, isSeen: true)
        _ = try await visit.base.site.services.alerts.update(
            id, change, by: visit.principal, now: visit.now)
        return visit.redirect(to: "/alerts/\(id.text)", Notice("seen"))
    }

    /// The network refunded the sale, and the partner did so besides: the API's `force`.
    private static func refundBesides(_ visit: SeatVisit) async throws -> Response {
        let id: AlertID = try visit.id("alert")
        let form = try await visit.form()
        guard form.isSet("sure") else {
            return try await page(
                visit, trouble: "Nothing has been done. Tick the box if you did refund besides.",
                status: .unprocessableContent)
        }
        let change = AlertService.Change(
            action: form["action"] ?? AlertAction.refund.rawValue, note: nil, isForced: true)
        do {
            _ = try await visit.base.site.services.alerts.update(
                id, change, by: visit.principal, now: visit.now)
        } catch let error as AlertError {
            // Somebody was quicker: the page says who.
            let message =
                error == .notActionable
                ? "Nothing has been done: the alert was no longer open. Below is what became of it."
                : visit.base.site.explain(error)?.message
            return try await page(visit, trouble: message, status: .conflict)
        }
        return visit.redirect(to: "/alerts/\(id.text)", Notice("acted", number: 1))
    }

    /// A note that somebody else wrote meanwhile is not overwritten unseen: both are shown.
    private static func note(_ visit: SeatVisit) async throws -> Response {
        let id: AlertID = try visit.id("alert")
        let form = try await visit.form()
        let draft = lines(form["note"] ?? "")
        do {
            var change = AlertService.Change(action: nil, note: .some(try judged(draft)))
            change.formerNote = try await former(of: id, lines(form["was"] ?? ""), visit)
            _ = try await visit.base.site.services.alerts.update(
                id, change, by: visit.principal, now: visit.now)
        } catch let errors as FormErrors {
            let error = errors["note"] ?? errors.sentences.first
            return try await page(
                visit, Note.Refused(draft: draft, error: error, isStale: false),
                status: .unprocessableContent)
        } catch is NoteChanged {
            return try await page(
                visit, Note.Refused(draft: draft, error: nil, isStale: true), status: .conflict)
        }
        return visit.redirect(to: "/alerts/\(id.text)", Notice("note-saved"))
    }

    /// The note as the API would take it; nothing clears it.
    private static func judged(_ draft: String) throws -> String? {
        guard !draft.isEmpty else { return nil }
        return try AlertRequest.update.decode([("note", .text(draft))])[AlertRequest.note]
    }

    /// The note that the form showed, as it is kept.
    private static func former(
        of id: AlertID, _ shown: String, _ visit: SeatVisit
    ) async throws -> String?? {
        let alert = try await visit.base.site.services.alerts.find(id, by: visit.principal)
        let isSame = lines(alert.state.note ?? "") == shown
        return isSame ? .some(alert.state.note) : .some(shown.isEmpty ? nil : shown)
    }
}
