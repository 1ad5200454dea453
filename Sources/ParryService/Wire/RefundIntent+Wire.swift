package import ParryDomain
package import ParryWire

extension RefundIntentService.IntentView: ShapedObject {
    package static let shape = Shape<RefundIntentService.IntentView>(
        "RefundIntent", in: "/v1/refund-intents", id: { $0.intent.id.text },
        [
            .id("id") { $0.intent.id }, .id("organisation_id") { $0.intent.organisationID },
            .id("integration_id") { $0.intent.sale.integrationID },
            .text("transaction_reference_id") { $0.intent.sale.reference },
            .integer("amount_in_cents") { $0.intent.amount },
            .text("currency") { $0.intent.currency }, .word("status") { $0.status },
            .text("refund_reference_id") { $0.intent.reference },
            .time("expires_at") { $0.intent.expiresAt },
            .time("created_at") { $0.intent.createdAt },
            .time("updated_at") { $0.intent.updatedAt },
        ])
}

extension RefundIntentService.Answer: ShapedObject {
    /// The answer has no `links`; its reservation has none in it either.
    package static let shape = Shape<RefundIntentService.Answer>(
        "RefundIntentAnswer",
        [
            .word("outcome") { $0.outcome },
            .whereThere("refund_intent", RefundIntentService.IntentView.shape) { $0.intent },
            .text("currency") { $0.ledger.currency },
            .integer("transaction_amount_in_cents") { $0.ledger.amount },
            .integer("refunded_in_cents") { $0.ledger.refunded },
            .integer("in_flight_in_cents") { $0.ledger.inFlight },
            .integer("remaining_in_cents") { $0.ledger.remaining },
            .list("refunds", RefundLedger.Entry.shape) { $0.ledger.entries },
        ])
}

extension RefundLedger.Entry {
    fileprivate static let shape = Shape<RefundLedger.Entry>(
        "KnownRefund",
        [
            .word("source") { $0.source }, .text("refund_reference_id") { $0.reference },
            .id("alert_id") { $0.alertID }, .integer("amount_in_cents") { $0.amount },
            .time("refunded_at") { $0.at },
        ])
}

extension TestClock: ShapedObject {
    /// A clock has no id, and no `links`.
    package static let shape = Shape<TestClock>(
        "TestClock",
        [
            .id("organisation_id") { $0.organisationID }, .time("now") { $0.moment.shown },
            .integer("advanced_seconds") { $0.moment.lead / 1_000 },
        ])
}
