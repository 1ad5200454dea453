package import ParryWire

/// The sale as its seller uploads it.
extension SoldTransaction {
    /// The COMPLETE order of this sale: one element of the array of `POST /v1/orders` (CONTRACT.md
    /// 8.2).
    ///
    /// It has every member that matching can use, and nothing that only the issuer knows.
    package func order(
        organisationID: OrganisationID, integrationID: IntegrationID
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024)
        writer.beginObject()
        writer.field("type", OrderType.complete)
        writer.field("organisation_id", organisationID.text)
        writer.field("integration_id", integrationID.text)
        writer.field("reference_id", orderReferenceID)
        writer.field("order_datetime", authorisedAt)
        writer.field("order_number", orderNumber)
        writer.field("order_subtotal_amount_in_cents", amount.minorUnits)
        writer.field("order_currency", amount.currency.code)
        writer.field("order_total_amount_in_cents", amount.minorUnits)
        writer.field("order_status", orderStatus)
        writeTransaction(into: &writer)
        if !refunds.isEmpty { writeRefunds(into: &writer) }
        if !disputes.isEmpty { writeDisputes(into: &writer) }
        writer.endObject()
        return writer.bytes
    }

    /// A PATCH body that adds the real ARN, as an acquirer's settlement file tells it days later.
    package var arnPatch: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("transactions")
        writer.beginArray()
        writer.beginObject()
        writer.field("reference_id", referenceID)
        if let arn = hidden.arn { writer.field("acquirer_reference_number", arn) }
        writer.endObject()
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    /// A PATCH body that adds the refunds.
    package var refundPatch: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writeRefunds(into: &writer)
        writer.endObject()
        return writer.bytes
    }

    private var orderStatus: OrderStatus {
        switch status {
        case .settled: .closedComplete
        case .pending, .authorised: .openPending
        case .declined, .voided, .failed: .closedCancelled
        }
    }

    private func writeTransaction(into writer: inout JSONWriter) {
        writer.key("transactions")
        writer.beginArray()
        writer.beginObject()
        writer.field("reference_id", referenceID)
        writer.field("amount_in_cents", amount.minorUnits)
        writer.field("currency", amount.currency.code)
        writer.field("payment_method_type", hidden.wallet == nil ? "CARD" : "DIGITAL_WALLET")
        writer.field("authorisation_status", status)
        writer.field("payment_method_reference_id", paymentReferenceID)
        writer.field("authorised_at", authorisedAt)
        writer.field("descriptor", descriptor)
        writer.field("payment_method_card_brand", brand)
        writer.field("payment_method_card_last_4", card.last4)
        if !card.bin.isEmpty { writer.field("payment_method_card_bin", card.bin) }
        if let authorisationCode { writer.field("authorisation_code", authorisationCode) }
        if let arn = acquirerReferenceNumber { writer.field("acquirer_reference_number", arn) }
        writer.endObject()
        writer.endArray()
    }

    private func writeRefunds(into writer: inout JSONWriter) {
        writer.key("refunds")
        writer.beginArray()
        for refund in refunds {
            writer.beginObject()
            writer.field("reference_id", refund.referenceID)
            writer.field("amount_in_cents", refund.amount.minorUnits)
            writer.field("currency", refund.amount.currency.code)
            writer.field("status", "SUCCEEDED")
            writer.field("original_transaction_reference_id", referenceID)
            writer.field("refund_datetime", refund.refundedAt)
            writer.endObject()
        }
        writer.endArray()
    }

    private func writeDisputes(into writer: inout JSONWriter) {
        writer.key("disputes")
        writer.beginArray()
        for dispute in disputes {
            writer.beginObject()
            writer.field("reference_id", dispute.referenceID)
            writer.field("original_transaction_reference_id", referenceID)
            writer.field("amount_in_cents", dispute.amount.minorUnits)
            writer.field("currency", dispute.amount.currency.code)
            writer.field("status", "OPEN")
            writer.field("reason_code", dispute.reasonCode)
            writer.field("dispute_datetime", dispute.disputedAt)
            writer.endObject()
        }
        writer.endArray()
    }
}
