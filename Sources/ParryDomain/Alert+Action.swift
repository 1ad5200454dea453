package import ParryWire

extension Alert {
    /// Carries out what the partner declares, and takes the note; says whether anything changed.
    ///
    /// The platform moves no money: `REFUND` declares that the partner already refunded.
    /// - Parameters:
    ///   - action: nil leaves the alert's status alone.
    ///   - note: nil leaves the note alone; `.some(nil)` clears it. Allowed in any status.
    ///   - now: Decides whether the deadline has passed.
    /// - Throws: ``AlertError``; the alert is then unchanged. Checks run in the order status,
    ///   deadline, support, so that a repeated action always hears `notActionable`.
    package mutating func update(
        action: AlertAction?, note: String??, now: Timestamp
    ) throws(AlertError) -> Bool {
        var next = state
        if let action { try Self.apply(action, to: &next, of: self, now: now) }
        if let note { next.note = note }
        guard next != state else { return false }
        state = next
        updatedAt = now
        return true
    }

    private static func apply(
        _ action: AlertAction, to state: inout State, of alert: Alert, now: Timestamp
    ) throws(AlertError) {
        guard state.status == .actionRequired, alert.enrolmentType == .ethocaAlert else {
            throw .notActionable
        }
        if let deadline = alert.actionRequiredDeadline, now >= deadline { throw .deadlinePassed }
        state.refundOutcome = try outcome(of: action)
        state.status = .resolved
    }

    private static func outcome(of action: AlertAction) throws(AlertError) -> RefundOutcome {
        switch action {
        case .refund: .refunded
        case .acceptDispute: .notRefunded
        case .cancel, .refundAndCancel: throw .actionNotSupported
        }
    }
}
