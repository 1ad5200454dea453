import ParryClient
import ParryWire

/// - Parameter refund: Refunds at your processor, and returns the refund's reference.
/// - Returns: Whether the answer came in time.
func answer(
    _ alert: Alert, with parry: ParryClient, refund: (RefundIntent) async throws -> String
) async throws -> Bool {
    do {
        if let intent = try await reserve(for: alert, with: parry) {
            let reference = try await refund(intent)
            try await parry.refundIntents.commit(intent.id, refundReferenceID: reference)
            try await parry.alerts.act(.refund, on: alert.id, note: "Refunded as \(reference).")
        } else {
            try await parry.alerts.act(.acceptDispute, on: alert.id)
        }
        return true
    } catch let error as ClientError where error.code == .alertDeadlinePassed {
        return false
    }
}

/// - Returns: The reservation; nil where a refund is not safe.
func reserve(for alert: Alert, with parry: ParryClient) async throws -> RefundIntent? {
    guard let integration = alert.integrationID, let transaction = alert.integrationTransactionID,
        let amount = alert.transactionAmountInCents, let currency = alert.transactionCurrencyCode
    else { return nil }
    let question = NewRefundIntent(
        organisationID: alert.organisationID, integrationID: integration,
        transactionReferenceID: transaction, amountInCents: amount, currency: currency)
    // The alert's id names the work: asking again after a crash finds the own reservation.
    let answer = try await parry.refundIntents.ask(
        question, idempotencyKey: IdempotencyKey("refund-\(alert.id)"))
    return answer.outcome == .safe ? answer.refundIntent : nil
}
