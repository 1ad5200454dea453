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

extension Rule {
    /// Writes a stored value with every member that the rule declares.
    fileprivate func write(_ value: JSONValue?, to json: inout JSONWriter) {
        guard let value, !value.isNull else { return writeAbsent(to: &json) }
        switch self {
        case .object(let schema): schema.write(value, to: &json)
        case .array(let rule, _, _):
            json.beginArray()
            for element in value.elements { rule.write(element, to: &json) }
            json.endArray()
        default: json.raw(value.raw)
        }
    }

    /// A list that was never sent is an empty list; anything else is null.
    private func writeAbsent(to json: inout JSONWriter) {
        guard case .array = self else { return json.null() }
        json.beginArray()
        json.endArray()
    }
}

extension ObjectSchema {
    fileprivate func write(_ value: JSONValue, to json: inout JSONWriter) {
        json.beginObject()
        writeMembers(of: value, to: &json)
        json.endObject()
    }

    /// Writes every declared member. A stored object has its members in declared order, so one walk over
    /// both finds them all.
    fileprivate func writeMembers(of value: JSONValue, to json: inout JSONWriter) {
        var members = value.members.makeIterator()
        var member = members.next()
        for field in fields {
            json.key(field.name)
            if let found = member, found.name == field.name {
                field.rule.write(found.value, to: &json)
                member = members.next()
            } else {
                field.rule.write(nil, to: &json)
            }
        }
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
        $0.name != TransactionRequest.descriptor.declaration.name
    }

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
            for transaction in transactions.elements { Self.write(transaction, to: &json) }
        }
        json.endArray()
        json.links("/v1/orders", id.text)
        json.endObject()
    }

    /// A stored object has its members in declared order, so one walk over both finds them all.
    private static func write(_ transaction: JSONValue, to json: inout JSONWriter) {
        var members = transaction.members.makeIterator()
        var member = members.next()
        json.beginObject()
        for field in receiptFields {
            while let other = member, other.name != field.name, isLeftOut(other.name) {
                member = members.next()
            }
            json.key(field.name)
            if let found = member, found.name == field.name {
                json.raw(found.value.raw)
                member = members.next()
            } else {
                json.null()
            }
        }
        json.endObject()
    }

    private static func isLeftOut(_ name: String) -> Bool {
        name == TransactionRequest.descriptor.declaration.name
    }
}
