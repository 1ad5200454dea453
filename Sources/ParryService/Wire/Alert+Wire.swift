package import ParryDomain
package import ParryWire

extension Alert: WireObject {
    /// The shape of CONTRACT.md 9.1; every member always, null when empty.
    package func write(to json: inout JSONWriter, links: Bool) {
        json.beginObject()
        json.field("id", id.text)
        json.field("alert_network_id", networkID)
        json.field("organisation_id", organisationID.text)
        json.field("merchant_id", merchantID.text)
        json.field("enrolment_id", enrolmentID.text)
        json.field("enrolment_type", enrolmentType)
        json.field("status", state.status)
        json.field("transaction_amount_in_cents", transaction.amount)
        json.field("transaction_currency_code", transaction.currency)
        json.field("transaction_authorised_at", transaction.authorisedAt.truncatedToSecond)
        json.field("action_required_deadline", actionRequiredDeadline?.truncatedToSecond)
        json.field("transaction_authorisation_code", transaction.authorisationCode)
        json.field("transaction_acquirer_reference_number", transaction.acquirerReferenceNumber)
        json.field("transaction_statement_descriptor", transaction.statementDescriptor)
        json.field("transaction_card_bin", transaction.cardBIN)
        json.field("transaction_card_last4", transaction.cardLast4)
        json.field("transaction_card_scheme", transaction.cardScheme)
        json.field("transaction_card_issuer", transaction.cardIssuer)
        json.field("transaction_refund_outcome", state.refundOutcome)
        json.field("subscription_cancel_outcome", state.cancelOutcome)
        json.field("note", state.note)
        json.field("integration_id", state.integrationID?.text)
        json.field("integration_transaction_id", state.integrationTransactionID)
        json.field("alert_received_at", receivedAt.truncatedToSecond)
        json.field("created_at", createdAt.truncatedToSecond)
        json.field("updated_at", updatedAt.truncatedToSecond)
        if links { json.links("/v1/alerts", id.text) }
        json.endObject()
    }
}
