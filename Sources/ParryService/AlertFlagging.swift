import ParryDatabase
import ParryDomain
import ParryStore
import ParryWire

/// Puts alerts on the list of those that somebody has to look at, each with its event, in the commit of what makes it
/// necessary.
struct AlertFlagging {
    let recorder: EventRecorder

    /// Flags an alert that its caller has locked, and saved if it changed it.
    func flag(_ id: AlertID, _ reason: AttentionReason, _ tx: any WriteTransaction) throws {
        guard let alert = try AlertStore.named(id, lock: .update, tx) else { return }
        try flag(alert, reason, tx)
    }

    /// Flags the alerts whose networks were told that the money of these sales stays.
    func flagDeclined(
        _ references: [String], in integration: IntegrationID, _ tx: any WriteTransaction
    ) throws {
        guard !references.isEmpty else { return }
        for alert in try AlertStore.declined(about: references, in: integration, tx) {
            try flag(alert, .refundedAfterDecline, tx)
        }
    }

    /// Flags alerts that were declined just now although an intent tells that their sale was refunded. What orders tell
    /// later of these refunds is no news then.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    func flagCommitted(_ alerts: [Alert], _ tx: any WriteTransaction) throws -> Bool {
        let declined = alerts.filter(\.isDeclined)
        let refunded = try RefundIntentStore.committed(among: declined.compactMap(\.sale), tx)
        guard !refunded.isEmpty else { return false }
        for alert in declined where alert.sale.map(refunded.contains) == true {
            try flag(alert.id, .refundedAfterDecline, tx)
        }
        return true
    }

    /// Flags an RDR case by which the network refunded what was refunded before: people have to undo one of them.
    ///
    /// - Returns: Whether it did.
    @discardableResult
    func flagSecondRefund(_ alert: Alert, _ tx: any WriteTransaction) throws -> Bool {
        guard alert.enrolmentType == .verifiRDR, alert.state.status == .resolved,
            alert.state.refundOutcome == .refunded, let sale = alert.sale
        else { return false }
        let ledger = try RefundBook(sale: sale, now: recorder.now.shown)
            .knownLedger(of: alert.organisationID, tx)
        guard let ledger, ledger.isExceeded(byRefundOf: alert.id) else { return false }
        try flag(alert.id, .refundedTwice, tx)
        return true
    }

    /// The same for every case by which a sale was refunded.
    func flagSecondRefunds(of sale: RefundedSale, _ tx: any WriteTransaction) throws {
        for alert in try AlertStore.refunding(sale, tx)
        where alert.attention?.reason != .refundedTwice {
            try flagSecondRefund(alert, tx)
        }
    }

    private func flag(
        _ alert: Alert, _ reason: AttentionReason, _ tx: any WriteTransaction
    ) throws {
        var flagged = alert
        flagged.flag(reason, now: recorder.now.shown)
        flagged.updatedAt = recorder.now.shown
        try AlertStore.save(flagged, tx)
        try recorder.flagged(flagged, tx)
    }
}
