package import ParryWire

extension Alert {
    /// Carries out what the partner declares, and takes the note; says whether anything changed.
    ///
    /// The platform moves no money: `REFUND` declares that the partner already refunded.
    /// - Parameters:
    ///   - action: nil leaves the alert's status alone.
    ///   - note: nil leaves the note alone; `.some(nil)` clears it. Allowed in any status.
    ///   - allowsCancel: Whether somebody cancels the subscription of this organisation's customers.
    ///   - now: Decides whether the deadline has passed.
    /// - Throws: ``AlertError``; the alert is then unchanged. Checks run in the order status,
    ///   deadline, support, so that a repeated action always hears `notActionable`.
    package mutating func update(
        action: AlertAction?, note: String??, allowsCancel: Bool = false, now: Timestamp
    ) throws(AlertError) -> Bool {
        var next = state
        if let action {
            try Self.apply(action, to: &next, of: self, allowsCancel: allowsCancel, now: now)
        }
        if let note { next.note = note }
        guard next != state else { return false }
        state = next
        updatedAt = now
        return true
    }

    private static func apply(
        _ action: AlertAction, to state: inout State, of alert: Alert, allowsCancel: Bool,
        now: Timestamp
    ) throws(AlertError) {
        guard state.status == .actionRequired, alert.enrolmentType == .ethocaAlert else {
            throw .notActionable
        }
        if let deadline = alert.actionRequiredDeadline, now >= deadline { throw .deadlinePassed }
        if action.cancels {
            guard allowsCancel else { throw .actionNotSupported }
            state.cancelOutcome = .cancelled
        }
        state.refundOutcome = action.refundOutcome
        state.status = .resolved
    }
}

extension AlertAction {
    /// Whether the subscription is cancelled.
    package var cancels: Bool {
        switch self {
        case .cancel, .refundAndCancel: true
        case .refund, .acceptDispute: false
        }
    }

    /// What the network is told of the money (CONTRACT.md 9.4).
    package var refundOutcome: RefundOutcome {
        switch self {
        case .refund, .refundAndCancel: .refunded
        case .cancel, .acceptDispute: .notRefunded
        }
    }
}
