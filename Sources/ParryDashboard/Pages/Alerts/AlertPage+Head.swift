import ParryDomain
import ParryService
import ParryWire

extension AlertPage {
    /// Where the page stands, and what its reader may do.
    struct Place: Sendable {
        /// `/dashboard/ptnr_…`
        let account: String
        let mayAct: Bool
        let seesWebhooks: Bool
        /// Whether it is told why an alert is invalid: that is the operator's.
        let seesReasons: Bool

        /// The address of a page of the account.
        func path(_ inner: String) -> String { account + inner }
    }

    /// Until when somebody has to act.
    struct Deadline: Sendable {
        let at: TimeText
        /// In real time, for scripts.
        let real: String
        let left: TimeLeft
        let hasPassed: Bool

        /// - Parameter now: In the alert's organisation, whose clock can be ahead.
        init?(_ alert: Alert, now: Moment) {
            guard alert.state.status == .actionRequired,
                let deadline = alert.actionRequiredDeadline,
                let real = now.real(of: deadline)
            else { return nil }
            left = TimeLeft(until: deadline, at: now.shown)
            at = TimeText(deadline)
            self.real = real.truncatedToSecond.iso8601
            hasPassed = deadline <= now.shown
        }
    }

    /// Why somebody has to look at the alert.
    struct Attention: Sendable {
        let sentence: String
        let since: TimeText
        /// Where it is taken off the list; nil for who may not.
        let seenPath: String?
    }

    /// The declarations that are open to the reader.
    struct Actions: Sendable {
        let path: String
        let buttons: [ActionButton]
        /// What can be declared although the network refunded the sale; empty where it did not.
        let besides: [ActionButton]
        let besidesPath: String
        let hasBesides: Bool
        /// A sentence instead of buttons.
        let note: String?
    }

    /// A declaration.
    struct ActionButton: Sendable {
        let action: String
        let label: String
        /// Without a question behind it.
        let declaration: String
        let isPrimary: Bool
        /// What would be a mistake, as far as is known.
        let isDanger: Bool
        let refunds: Bool
    }
}

extension AlertPage.Place {
    init(_ visit: SeatVisit) {
        self.init(
            account: visit.path(""), mayAct: visit.allows(.act),
            seesWebhooks: visit.allows(.webhooks), seesReasons: visit.seat.role == .operator)
    }
}

extension AlertPage.Actions {
    /// nil for an alert that is not open, and for who may not act.
    init?(_ dossier: AlertDossier, _ place: AlertPage.Place) {
        let alert = dossier.alert
        guard place.mayAct, alert.state.status == .actionRequired,
            alert.enrolmentType == .ethocaAlert
        else { return nil }
        path = place.path("/alerts/confirm")
        besidesPath = place.path("/alerts/\(alert.id.text)/refund-besides")
        let hasPassed = alert.actionRequiredDeadline.map { $0 <= dossier.now.shown } ?? false
        guard !hasPassed else {
            (buttons, besides, hasBesides) = ([], [], false)
            note =
                "The deadline has passed: the network takes no outcome any more, and the alert ends by itself "
                + "within seconds."
            return
        }
        let all = Self.buttons(
            dossier.allowsCancel, isMistake: AlertRefundAdvice(dossier).forbidsRefund)
        let isRefunded = dossier.networkRefund != nil
        buttons = all.filter { !isRefunded || !$0.refunds }
        besides = isRefunded ? all.filter(\.refunds) : []
        hasBesides = isRefunded
        note = nil
    }

    private static func buttons(
        _ allowsCancel: Bool, isMistake: Bool
    ) -> [AlertPage.ActionButton] {
        let actions: [AlertAction] = [.refund, .acceptDispute, .cancel, .refundAndCancel]
        return actions.filter { allowsCancel || !$0.cancels }.map { action in
            let refunds = action.refundOutcome == .refunded
            return AlertPage.ActionButton(
                action: action.rawValue, label: action.buttonLabel,
                declaration: action.cancels ? "refunded and cancelled" : "refunded",
                isPrimary: action == .refund && !isMistake, isDanger: refunds && isMistake,
                refunds: refunds)
        }
    }
}
