/// What a person can do about an alert.
package enum DeskAction: Sendable, Hashable {
    case refund
    case accept
    /// The person refunded, under this reference.
    case confirm(reference: String)
    /// The person did not refund, and will not.
    case release
    case note(String)
    /// The alert is about this transaction of a candidate.
    case match(transaction: String, integration: String?)
    /// Writes the escalation bundle into a file.
    case escalate
}

/// An action with the alert as it was shown to the person who chose it.
package struct DeskPlan: Sendable, Hashable {
    package let action: DeskAction
    package let alert: DeskAlert
    /// What the platform is to show with the outcome; nil leaves the note as it is.
    package let note: String?

    package init(_ action: DeskAction, _ alert: DeskAlert, note: String? = nil) {
        self.action = action
        self.alert = alert
        self.note = note
    }

    /// Why it cannot be done now; nil where it can.
    ///
    /// People act only where the case waits for a decision or for them: while a refund is reserved, that comes first.
    package func obstacle(hasHook: Bool) -> String? {
        switch action {
        case .note, .escalate: nil
        case .accept, .match: undecided(hasHook)
        case .refund: undecided(hasHook) ?? unguarded
        case .confirm(let reference): reserved(hasHook) ?? Self.fault(of: reference)
        case .release: reserved(hasHook)
        }
    }

    /// What will happen, for the person to confirm; the question first.
    package func lines(hasHook: Bool) -> [String] {
        switch action {
        case .refund: refundLines(hasHook: hasHook)
        case .accept:
            [
                "Accept the dispute over \(alert.money)?",
                "No money goes back. The platform is told ACCEPT_DISPUTE, "
                    + "which cannot be taken back.",
            ]
        case .confirm(let reference):
            [
                "Was \(alert.money) refunded under the reference \(reference)?",
                "The refund guard is told that the money went back.",
                alert.isOpen
                    ? "Then the platform is told REFUND, which cannot be taken back."
                    : "The alert has ended, so the platform is told nothing more.",
            ]
        case .release:
            [
                "Is \(alert.money) not refunded after all?",
                "The refund guard gives the amount free. Say so only if no money went back.",
                alert.isOpen
                    ? "Then the alert waits for a decision again." : "Then the case has ended.",
            ]
        case .note(let text):
            [
                text.isEmpty
                    ? "Take the note off the alert?" : "Write this note on the alert? \(text)"
            ]
        case .match(let transaction, _):
            [
                "Is the alert over \(alert.money) about the transaction \(transaction)?",
                "The platform is told, and its matching leaves the alert alone from then on.",
            ]
        case .escalate:
            [
                "Write the escalation bundle to \(DeskBundle.fileName(alert.id))?",
                "The file has the alert, the order and card data that the checklist names.",
            ]
        }
    }

    private func refundLines(hasHook: Bool) -> [String] {
        let sale = alert.state.transactionReference ?? "no transaction"
        let refunds =
            hasHook
            ? "If it says SAFE, the hook refunds, as after its own decisions."
            : "If it says SAFE, you refund at your processor and press c here."
        return [
            "Refund \(alert.money) of \(sale)?",
            "The refund guard is asked and reserves the amount. \(refunds)",
            "When the money went back, the platform is told REFUND.",
        ]
    }

    private func undecided(_ hasHook: Bool) -> String? {
        guard alert.isOpen else { return "The alert has ended: it is \(alert.state.status)." }
        if isReserved {
            return "A refund of \(alert.money) is reserved. "
                + "Press c when the money went back, or x when it did not."
        }
        switch alert.state.step {
        case .decide, .left: return nil
        default: return "Nothing can be decided now (\(alert.turn(hasHook: hasHook)))."
        }
    }

    private var unguarded: String? {
        guard alert.isMatched, alert.state.integrationID != nil else {
            return "The alert has no transaction, so the refund guard cannot be asked. "
                + "Press m to name one, or e to escalate."
        }
        guard alert.state.amount != nil, alert.state.currency != nil else {
            return "The alert has no amount, so the refund guard cannot be asked."
        }
        return nil
    }

    private func reserved(_ hasHook: Bool) -> String? {
        isReserved ? nil : "No refund waits for you here (\(alert.turn(hasHook: hasHook)))."
    }

    private var isReserved: Bool {
        let state = alert.state
        return state.step == .refundByHand || state.step == .left && state.refundIntentID != nil
    }

    /// The platform takes references of 1 to 250 characters.
    private static func fault(of reference: String) -> String? {
        switch reference.count {
        case 0: "A reference of the refund is needed."
        case 251...: "A reference has at most 250 characters."
        default: nil
        }
    }
}
