package import ParryDomain
package import ParryWire

extension OrderBatchResult {
    /// What ``json(_:)`` writes.
    package static let answerSchema = AnswerSchema(
        "OrderBatchResult",
        [
            AnswerMember("created", .integer), AnswerMember("failed", .integer),
            AnswerMember("results", .list(.object(Order.receiptSchema))),
            AnswerMember("errors", .list(.object(errorSchema))),
        ])

    /// The codes of orders that are refused by themselves (CONTRACT.md 8.6).
    package static let itemCodes: [ErrorCode] = [
        .invalidOrganisation, .invalidIntegration, .invalidOrderType, .missingField,
        .cardNumberRejected, .duplicateOrder, .duplicateTransaction, .invalidReference,
        .orderTooLarge,
    ]

    private static let errorSchema = AnswerSchema(
        "OrderError",
        [
            AnswerMember("index", .integer), AnswerMember("reference_id", .text, isNullable: true),
            AnswerMember("code", .word(itemCodes.map(\.rawValue))),
            AnswerMember("message", .text), AnswerMember("field", .text, isNullable: true),
            AnswerMember(
                "order_id", .id(prefix: OrderResource.idPrefix), isAlwaysThere: false),
            AnswerMember("identical", .boolean, isAlwaysThere: false),
        ])

    /// The answer to a create: counts, stored orders, and an error for each other one (CONTRACT.md 8.6).
    ///
    /// - Parameter message: Says what a rejection means and what to do.
    package func json(
        _ describe: (OrderRejection) -> (code: ErrorCode, message: String)
    ) throws -> [UInt8] {
        let created = created
        var json = JSONWriter(capacity: 512 * max(1, outcomes.count))
        json.beginObject()
        json.field("created", created.count)
        json.field("failed", outcomes.count - created.count)
        json.key("results")
        json.beginArray()
        for order in created { try order.writeReceipt(to: &json) }
        json.endArray()
        json.key("errors")
        json.beginArray()
        for (index, outcome) in outcomes.enumerated() {
            guard case .rejected(let rejection, let referenceID) = outcome else { continue }
            Self.write(rejection, index, referenceID, describe(rejection), to: &json)
        }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    private static func write(
        _ rejection: OrderRejection, _ index: Int, _ referenceID: String?,
        _ description: (code: ErrorCode, message: String), to json: inout JSONWriter
    ) {
        json.beginObject()
        json.field("index", index)
        json.field("reference_id", referenceID)
        json.field("code", description.code)
        json.field("message", description.message)
        json.field("field", rejection.field)
        if case .duplicateOrder(let id, let identical) = rejection {
            json.field("order_id", id.text)
            json.field("identical", identical)
        }
        json.endObject()
    }
}
