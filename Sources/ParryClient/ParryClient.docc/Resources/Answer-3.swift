import ParryClient
import ParryWire

/// - Parameter refund: Refunds at your processor, and returns the refund's reference.
func answer(
    _ alert: Alert, with parry: ParryClient, refund: (RefundIntent) async throws -> String
) async throws {
    guard let intent = try await reserve(for: alert, with: parry) else { return }
    let reference = try await refund(intent)
    try await parry.refundIntents.commit(intent.id, refundReferenceID: reference)
    try await parry.alerts.act(.refund, on: alert.id, note: "Refunded as \(reference).")
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
