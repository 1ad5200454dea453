import ParryClient
import ParryWire

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
