import ParryClient
package import ParryWire

/// What the platform's people need to look for an alert's transaction: everything that the guide's launch checklist
/// lists (alert, order and transaction references, ARN, code, brand, BIN, last 4, amount, currency, times), and the
/// near misses.
package struct DeskBundle: Sendable {
    private let detail: DeskDetail
    private let model: DeskModel
    private let now: Timestamp

    package init(_ detail: DeskDetail, in model: DeskModel, at now: Timestamp) {
        self.detail = detail
        self.model = model
        self.now = now
    }

    /// Where it goes unless told.
    package static func fileName(_ alert: String) -> String {
        let plain = alert.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" }
        return "escalation-\(String(plain)).json"
    }

    /// The bundle as one JSON object, in lines that people can read. What is not known is null.
    package func json() -> [UInt8] {
        var json = JSONWriter(capacity: 4_096)
        json.beginObject()
        json.field("environment", model.environment)
        json.field("mode", model.mode)
        json.field("platform", model.url)
        json.field("written_at", now)
        json.field("customer", detail.alert.customer)
        json.field("is_matched", detail.alert.isMatched)
        writeAlert(&json)
        writeOrder(&json)
        writeMatch(&json)
        writeJournal(&json)
        json.field("could_not_be_read", detail.problems)
        json.endObject()
        return DeskJSON.indented(json.bytes)
    }

    private func writeAlert(_ json: inout JSONWriter) {
        let (state, facts) = (detail.alert.state, detail.alert.facts)
        json.key("alert")
        json.beginObject()
        json.field("alert_id", state.id)
        json.field("alert_network_id", facts.networkID)
        json.field("organisation_id", state.organisationID)
        json.field("enrolment_type", facts.type)
        json.field("status", state.status)
        json.field("acquirer_reference_number", facts.arn)
        json.field("authorisation_code", facts.code)
        json.field("card_brand", facts.brand)
        json.field("card_bin", facts.bin)
        json.field("card_last_4", facts.last4)
        json.field("card_issuer", facts.issuer)
        json.field("amount_in_cents", facts.amount)
        json.field("currency", facts.currency)
        json.field("amount", facts.amount.map { DeskFormat.money($0, facts.currency) })
        json.field("statement_descriptor", facts.descriptor)
        json.field("authorised_at", facts.authorisedAt)
        json.field("received_at", facts.receivedAt)
        json.field("action_required_deadline", state.deadline)
        json.field("note", facts.note)
        json.field("attention", facts.attention)
        json.field("integration_id", state.integrationID)
        json.field("transaction_reference", state.transactionReference)
        json.endObject()
    }

    /// The order of a matched alert; of an unmatched one null.
    private func writeOrder(_ json: inout JSONWriter) {
        json.key("order")
        guard let order = detail.order else { return json.null() }
        let reference = detail.alert.state.transactionReference
        let sale = order.transactions?.first { $0.referenceID == reference }
        json.beginObject()
        Self.write(order, sale, &json)
        json.endObject()
    }

    private func writeMatch(_ json: inout JSONWriter) {
        json.key("match")
        guard let match = detail.match else { return json.null() }
        json.beginObject()
        json.field("outcome", match.outcome.text)
        json.field("confidence", match.confidence)
        json.field("is_set_by_hand", match.isSetByHand)
        json.field("judged_at", match.judgedAt)
        json.field("flags", match.flags)
        json.field("candidate_count", match.candidateCount)
        json.field("margin", match.margin)
        json.key("candidates")
        json.beginArray()
        for candidate in match.candidates ?? [] { write(candidate, &json) }
        json.endArray()
        json.endObject()
    }

    /// A near miss, or the transaction that was chosen.
    private func write(_ candidate: MatchCandidate, _ json: inout JSONWriter) {
        let order = detail.order(of: candidate)
        let sale = order?.transactions?.first {
            $0.referenceID == candidate.integrationTransactionID
        }
        json.beginObject()
        json.field("transaction_reference", candidate.integrationTransactionID)
        json.field("integration_id", candidate.integrationID?.text)
        json.field("is_near_miss", candidate.rule == nil)
        json.field("rule", candidate.rule)
        json.field("score", candidate.score)
        json.field("flags", candidate.flags)
        json.key("evidence")
        json.beginArray()
        for evidence in candidate.evidence ?? [] {
            json.beginObject()
            json.field("field", evidence.field)
            json.field("result", evidence.result)
            json.endObject()
        }
        json.endArray()
        json.field("amount_in_cents", candidate.amountInCents)
        json.field("currency", candidate.currency)
        json.field("authorised_at", candidate.authorisedAt)
        json.field("order_id", candidate.orderID?.text)
        json.key("order")
        if let order {
            json.beginObject()
            Self.write(order, sale, &json)
            json.endObject()
        } else {
            json.null()
        }
        json.endObject()
    }

    private static func write(
        _ order: Order, _ sale: OrderTransaction?, _ json: inout JSONWriter
    ) {
        json.field("order_id", order.id.text)
        json.field("order_reference", order.referenceID)
        json.field("order_number", order.orderNumber)
        json.field("order_datetime", order.orderDatetime)
        json.field("created_at", order.createdAt)
        json.key("transaction")
        guard let sale else { return json.null() }
        json.beginObject()
        json.field("transaction_reference", sale.referenceID)
        json.field("acquirer_reference_number", sale.acquirerReferenceNumber)
        json.field("authorisation_code", sale.authorisationCode)
        json.field("card_brand", sale.paymentMethodCardBrand?.text)
        json.field("card_bin", sale.paymentMethodCardBIN)
        json.field("card_last_4", sale.paymentMethodCardLast4)
        json.field("amount_in_cents", sale.amountInCents)
        json.field("currency", sale.currency)
        json.field("amount", sale.amountInCents.map { DeskFormat.money($0, sale.currency) })
        json.field("descriptor", sale.descriptor)
        json.field("authorised_at", sale.authorisedAt)
        json.field("authorisation_status", sale.authorisationStatus)
        json.endObject()
    }

    private func writeJournal(_ json: inout JSONWriter) {
        json.key("journal")
        json.beginArray()
        for entry in detail.journal {
            json.beginObject()
            json.field("at", entry.at)
            json.field("text", entry.text)
            json.endObject()
        }
        json.endArray()
    }
}
