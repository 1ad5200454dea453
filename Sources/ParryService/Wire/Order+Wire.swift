import ParryDomain
package import ParryStore
package import ParryWire

extension OrderStore.Stored: WireObject {
    package static let answerSchema = AnswerSchema(
        "Order",
        [AnswerMember("id", .id(prefix: OrderResource.idPrefix))]
            + AnswerSchema(answering: OrderRequest.create).members + [
                AnswerMember("created_at", .timestamp), AnswerMember("updated_at", .timestamp),
            ], in: "/v1/orders")

    /// The full order: every member of the declaration, null when empty (CONTRACT.md 21, rows 27 and 59).
    package func write(to json: inout JSONWriter, links: Bool) {
        json.beginObject()
        json.field("id", id.text)
        OrderRequest.create.writeMembers(of: document.root, to: &json)
        json.field("created_at", createdAt.truncatedToSecond)
        json.field("updated_at", updatedAt.truncatedToSecond)
        if links { json.links("/v1/orders", id.text) }
        json.endObject()
    }
}

extension Order {
    /// What ``writeReceipt(to:)`` writes.
    static let receiptSchema = AnswerSchema(
        "OrderReceipt",
        [
            AnswerMember("id", .id(prefix: OrderResource.idPrefix)),
            AnswerMember("reference_id", .text),
            AnswerMember("type", .word(OrderType.allCases.map(\.rawValue))),
            AnswerMember("organisation_id", .id(prefix: OrganisationResource.idPrefix)),
            AnswerMember("integration_id", .id(prefix: IntegrationResource.idPrefix)),
            AnswerMember("created_at", .timestamp),
            AnswerMember(
                "transactions",
                .list(
                    .object(
                        AnswerSchema(
                            answering: ObjectSchema("TransactionReceipt", receiptFields))))),
        ], in: "/v1/orders")

    /// The members of a transaction that the guide's answer to a create shows: all but the descriptor.
    private static let receiptFields = TransactionRequest.schema.fields.filter {
        $0.name != leftOut
    }

    private static let leftOut = TransactionRequest.descriptor.declaration.name

    /// Writes the item of `results[]`, a subset of what was sent (CONTRACT.md 8.6).
    func writeReceipt(to json: inout JSONWriter) throws(JSONError) {
        let transactions = try JSONDocument.parse(content.document).root["transactions"]
        json.beginObject()
        json.field("id", id.text)
        json.field("reference_id", referenceID)
        json.field("type", type)
        json.field("organisation_id", organisationID.text)
        json.field("integration_id", integrationID.text)
        json.field("created_at", createdAt.truncatedToSecond)
        json.key("transactions")
        json.beginArray()
        if let transactions {
            for transaction in transactions.elements {
                TransactionRequest.schema.write(
                    transaction, leavingOut: Self.leftOut, to: &json)
            }
        }
        json.endArray()
        json.links("/v1/orders", id.text)
        json.endObject()
    }
}
