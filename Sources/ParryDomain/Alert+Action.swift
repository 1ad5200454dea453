package import ParryWire

extension Alert {
    /// Carries out what the partner declares, and takes the note; says whether anything changed.
    ///
    /// The platform moves no money: `REFUND` declares that the partner already refunded.
    /// - Parameters:
    ///   - action: nil leaves the alert's status alone.
    ///   - note: nil leaves the note alone; `.some(nil)` clears it. Allowed in any status.
    ///   - isSeen: Takes the alert off the list of those that somebody has to look at.
    ///   - now: Decides whether the deadline has passed.
    /// - Throws: ``AlertError``; the alert is then unchanged. Checks run in the order status,
    ///   deadline, support, refund, so that a repeated action always hears `notActionable`.
    package mutating func update(
        action: AlertAction?, note: String??, isSeen: Bool = false,
        _ context: ActionContext = ActionContext(), now: Timestamp
    ) throws(AlertError) -> Bool {
        var next = self
        if let action { try Self.apply(action, to: &next.state, of: self, context, now: now) }
        if let note { next.state.note = note }
        // Who acts has looked at what a rule could not.
        let isDecided = action != nil && attention?.reason == .rateMissing
        if isSeen || isDecided { next.attention = nil }
        guard next != self else { return false }
        self = next
        updatedAt = now
        return true
    }

    private static func apply(
        _ action: AlertAction, to state: inout State, of alert: Alert, _ context: ActionContext,
        now: Timestamp
    ) throws(AlertError) {
        guard state.status == .actionRequired, alert.enrolmentType == .ethocaAlert else {
            throw .notActionable
        }
        if let deadline = alert.actionRequiredDeadline, now >= deadline { throw .deadlinePassed }
        if action.cancels {
            guard context.allowsCancel else { throw .actionNotSupported }
            state.cancelOutcome = .cancelled
        }
        if action.refundOutcome == .refunded, context.isRefundedAtNetwork {
            throw .alreadyRefunded
        }
        state.refundOutcome = action.refundOutcome
        state.status = .resolved
    }
}

/// What an action depends on besides its alert.
package struct ActionContext: Sendable, Hashable {
    /// Whether somebody cancels the subscription of this organisation's customers.
    package let allowsCancel: Bool
    /// Whether the network refunded the sale already, and the caller did not say that it knows.
    package let isRefundedAtNetwork: Bool

    package init(allowsCancel: Bool = false, isRefundedAtNetwork: Bool = false) {
        self.allowsCancel = allowsCancel
        self.isRefundedAtNetwork = isRefundedAtNetwork
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
