package import ParryDomain
package import ParryWire

extension Alert: ShapedObject {
    /// CONTRACT.md 9.1.
    package static let shape = Shape<Alert>(
        "Alert", in: "/v1/alerts", id: { $0.id.text },
        [
            .id("id") { $0.id }, .text("alert_network_id") { $0.networkID },
            .id("organisation_id") { $0.organisationID }, .id("merchant_id") { $0.merchantID },
            .id("enrolment_id") { $0.enrolmentID }, .word("enrolment_type") { $0.enrolmentType },
            .word("status") { $0.state.status },
            .integer("transaction_amount_in_cents") { $0.transaction.amount },
            .text("transaction_currency_code") { $0.transaction.currency },
            .time("transaction_authorised_at") { $0.transaction.authorisedAt },
            .time("action_required_deadline") { $0.actionRequiredDeadline },
            .text("transaction_authorisation_code") { $0.transaction.authorisationCode },
            .text("transaction_acquirer_reference_number") {
                $0.transaction.acquirerReferenceNumber
            },
            .text("transaction_statement_descriptor") { $0.transaction.statementDescriptor },
            .text("transaction_card_bin") { $0.transaction.cardBIN },
            .text("transaction_card_last4") { $0.transaction.cardLast4 },
            .text("transaction_card_scheme") { $0.transaction.cardScheme },
            .text("transaction_card_issuer") { $0.transaction.cardIssuer },
            .word("transaction_refund_outcome") { $0.state.refundOutcome },
            .word("subscription_cancel_outcome") { $0.state.cancelOutcome },
            .text("note") { $0.state.note }, .id("integration_id") { $0.state.integrationID },
            .text("integration_transaction_id") { $0.state.integrationTransactionID },
            .time("alert_received_at") { $0.receivedAt }, .time("created_at") { $0.createdAt },
            .time("updated_at") { $0.updatedAt },
            .whereThere("attention", AlertAttention.shape) { $0.attention },
        ])
}

extension AlertAttention {
    /// Beyond the original; most alerts have none.
    fileprivate static let shape = Shape<AlertAttention>(
        "AlertAttention", [.word("reason") { $0.reason }, .time("since") { $0.since }])
}
