package import ParryWire

/// That somebody has to look at an alert, because what was decided and what happened do not agree.
package struct AlertAttention: Sendable, Hashable {
    package let reason: AttentionReason
    package let since: Timestamp

    package init(_ reason: AttentionReason, since: Timestamp) {
        self.reason = reason
        self.since = since
    }
}

extension Alert {
    /// Puts the alert on the list of those that somebody has to look at; a newer reason replaces an older one.
    package mutating func flag(_ reason: AttentionReason, now: Timestamp) {
        attention = AlertAttention(reason, since: now)
    }

    /// Whether a refund of its sale contradicts what became of it: the network was told that the money stays.
    package var isDeclined: Bool {
        state.status == .resolved && state.refundOutcome == .notRefunded
    }
}
