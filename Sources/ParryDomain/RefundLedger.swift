package import ParryWire

/// Everything that is known to have been refunded of one transaction, and what is on its way.
///
/// One refund that is told several times counts once: an intent and the order's refund of the same reference are one, and
/// what was declared by actions counts only as far as it exceeds what orders and intents tell. What the network refunded
/// comes on top: it moved on its own rails.
package struct RefundLedger: Sendable, Hashable {
    /// One refund.
    package struct Entry: Sendable, Hashable {
        package let source: RefundSource
        /// The partner's name of the refund; nil for those of alerts.
        package let reference: String?
        package let alertID: AlertID?
        /// In minor units of the transaction's currency; nil where that is not known, which counts as all of it.
        package let amount: Int64?
        package let at: Timestamp?

        package init(
            _ source: RefundSource, reference: String? = nil, alertID: AlertID? = nil,
            amount: Int64?, at: Timestamp?
        ) {
            self.source = source
            self.reference = reference
            self.alertID = alertID
            self.amount = amount
            self.at = at
        }
    }

    /// The transaction's, in minor units.
    package let amount: Int64
    package let currency: String
    package let entries: [Entry]
    /// Reserved, or told by the order to be on its way.
    package let inFlight: Int64

    /// - Parameters:
    ///   - entries: Each refund as often as it was told.
    ///   - pending: Amounts that are on their way; nil for one that is not known.
    package init(amount: Int64, currency: String, entries: [Entry], pending: [Int64?]) {
        self.amount = amount
        self.currency = currency
        self.entries = entries
        inFlight = Self.sum(pending, atMost: amount)
    }

    /// What is recorded, once each; it can exceed the transaction's amount.
    package var refunded: Int64 {
        let told = max(sum(.order, .intent), sum(.action))
        return Self.capped(told, sum(.network))
    }

    /// Whether an alert's refund is more than its transaction, together with others: one that is more by itself is not a
    /// second one.
    package func isExceeded(byRefundOf alert: AlertID) -> Bool {
        let others = RefundLedger(
            amount: amount, currency: currency, entries: entries.filter { $0.alertID != alert },
            pending: [])
        return others.refunded > 0 && refunded > amount
    }

    /// What may still be refunded, with nothing else on its way.
    package var remaining: Int64 { max(0, amount - refunded) }

    /// Whether so much more may be refunded.
    package func judge(_ wanted: Int64) -> RefundIntentOutcome {
        if refunded >= amount { return .alreadyRefunded }
        if wanted > remaining { return .exceedsRemaining }
        return wanted > remaining - inFlight ? .inFlight : .safe
    }

    private func sum(_ sources: RefundSource...) -> Int64 {
        Self.sum(entries.filter { sources.contains($0.source) }.map(\.amount), atMost: amount)
    }

    private static func sum(_ amounts: [Int64?], atMost unknown: Int64) -> Int64 {
        amounts.reduce(0) { capped($0, $1 ?? unknown) }
    }

    private static func capped(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }
}
