import Hummingbird
import ParryDomain
import ParryService
import ParryWire

/// What is done to several alerts at once, or to one by a key: asked once, with what it means.
enum AlertQueueActions {
    /// Shows what would be done; changes nothing.
    static func confirm(_ visit: SeatVisit) async throws -> Response {
        let choice = try AlertQueueChoice(try await visit.form())
        guard !choice.ids.isEmpty else {
            return visit.redirect(to: choice.back, Notice("none-chosen"))
        }
        let docket = try await visit.base.site.services.alerts.docket(
            choice.ids, by: visit.principal, now: visit.now)
        let model = AlertConfirmationModel(choice, docket, visit)
        return visit.page("alerts-confirm", title: model.question, .alerts, model)
    }

    /// Acts on each alert by itself: what one refuses keeps no other back. Sent twice, the second time finds every alert
    /// decided and says so.
    static func act(_ visit: SeatVisit) async throws -> Response {
        let choice = try AlertQueueChoice(try await visit.form())
        guard !choice.ids.isEmpty else {
            return visit.redirect(to: choice.back, Notice("none-chosen"))
        }
        var refused: [AlertID: String] = [:]
        for id in choice.ids {
            do {
                try await act(choice.action, on: id, visit)
            } catch let error as CancellationError {
                throw error
            } catch {
                refused[id] = reason(error, visit)
            }
        }
        let count = choice.ids.count - refused.count
        guard !refused.isEmpty else {
            return visit.redirect(to: choice.back, Notice("acted", number: count))
        }
        return try await result(choice, refused, visit)
    }

    /// The audit log has a line for each alert, which names the action alone.
    private static func act(
        _ action: AlertAction, on id: AlertID, _ visit: SeatVisit
    ) async throws {
        let note = AuditNote(
            "alert.update", by: visit.principal.actor, in: visit.seat.owner, to: id.text,
            clock: visit.base.clock)
        note.describe("{\"action\":\"\(action.rawValue)\"}")
        _ = try await AuditNote.$current.withValue(note) {
            try await visit.base.site.services.alerts.update(
                id, AlertService.Change(action: action.rawValue, note: nil), by: visit.principal,
                now: visit.now)
        }
    }

    private static func reason(_ error: any Error, _ visit: SeatVisit) -> String {
        switch error {
        case AlertError.notActionable: "It is no longer open."
        case AlertError.deadlinePassed: "Its deadline has passed: the network takes nothing more."
        case AlertError.alreadyRefunded: AlertService.Docketed.networkRefunded
        case is NotFound: "It is not in this account."
        default:
            visit.base.site.explain(error)?.message
                ?? "Something went wrong on our side. Nothing has been done to it; try again."
        }
    }

    private static func result(
        _ choice: AlertQueueChoice, _ refused: [AlertID: String], _ visit: SeatVisit
    ) async throws -> Response {
        let docket = try await visit.base.site.services.alerts.docket(
            choice.ids.filter { refused[$0] != nil }, by: visit.principal, now: visit.now)
        let model = AlertResultModel(choice, docket, refused, visit)
        return visit.page("alerts-result", title: model.title, .alerts, model)
    }
}

/// What a form of the queue asks for.
struct AlertQueueChoice: Sendable {
    let action: AlertAction
    /// Each once, in the form's order.
    let ids: [AlertID]
    /// Where it began: the queue as it was, `/alerts?view=open`, or an alert's page.
    let back: String
    /// The same as a form carries it on.
    let backQuery: String
    /// What the way back is called.
    var backWords: String { isFromPage ? "Back to the alert" : "Back to the queue" }

    private var isFromPage: Bool { back.hasPrefix("/alerts/") }

    /// - Throws: ``Refusal`` for an unknown action, and for more alerts than at once.
    init(_ form: FormFields) throws {
        guard let action = form["action"].flatMap(AlertAction.init) else {
            throw Self.unknownAction
        }
        self.action = action
        var seen: Set<AlertID> = []
        ids = form.all("id").compactMap { AlertID($0) }.filter { seen.insert($0).inserted }
        guard ids.count <= Limits.alertsActedOnAtOnceMax else { throw Self.tooMany }
        (back, backQuery) = Self.back(form["back"] ?? "")
    }

    /// The queue's query, or the path of the page of one alert.
    private static func back(_ sent: String) -> (path: String, field: String) {
        if sent.hasPrefix("/"),
            let id = sent.split(separator: "/").last.flatMap({ AlertID(String($0)) })
        {
            return ("/alerts/\(id.text)", sent)
        }
        let fields = FormFields(parsing: sent.trimmingPrefix { $0 == "?" })
        let query = FormFields.query(fields.without(["notice", "n"]))
        return ("/alerts" + query, query)
    }

    private static let unknownAction = Refusal(
        .unprocessableContent, "INVALID_ACTION",
        "There is no such action. Choose one of the buttons below the queue.")
    private static let tooMany = Refusal(
        .unprocessableContent, "TOO_MANY_ALERTS",
        "These are more than \(Limits.alertsActedOnAtOnceMax) alerts. Choose less at once.")
}
