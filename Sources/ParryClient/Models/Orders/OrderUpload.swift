public import ParryWire

/// What became of orders that were sent together: each is stored or refused by itself.
public struct OrderUpload: Sendable, Hashable {
    /// How many were stored.
    public let created: Int
    /// How many were not.
    public let failed: Int
    /// Those that were stored, in the order in which they were sent.
    public let results: [UploadedOrder]
    /// Those that were not.
    public let errors: [OrderRefusal]
}

/// An order that was stored. What was sent is not repeated here: ``OrderCalls/get(_:)`` reads it.
public struct UploadedOrder: Sendable, Hashable, Identifiable {
    public let id: OrderID
    public let referenceID: String?
    public let type: Word<OrderType>?
    public let organisationID: OrganisationID?
    public let integrationID: IntegrationID?
    public let createdAt: Timestamp?
}

/// An order that was not stored.
public struct OrderRefusal: Sendable, Hashable {
    /// Its place in what was sent, from 0.
    public let index: Int
    /// nil where it has none.
    public let referenceID: String?
    public let code: Word<ErrorCode>
    /// For people; it can change.
    public let message: String
    /// The path in the order, such as `transactions[0].currency`; nil for the whole order.
    public let field: String?
    /// Of `DUPLICATE_ORDER`: the order that is stored.
    public let orderID: OrderID?
    /// Of `DUPLICATE_ORDER`: whether the stored order says the same, so that nothing is left to do.
    public let identical: Bool?
}

extension OrderUpload {
    /// Reads the answer to an upload; nil where it is none.
    init?(_ root: JSONValue) {
        guard let created = root["created"]?.integer, let failed = root["failed"]?.integer
        else { return nil }
        self.created = Int(created)
        self.failed = Int(failed)
        var results: [UploadedOrder] = []
        results.reserveCapacity(root["results"]?.count ?? 0)
        if let elements = root["results"]?.elements {
            for element in elements {
                guard let order = UploadedOrder(element) else { return nil }
                results.append(order)
            }
        }
        var errors: [OrderRefusal] = []
        errors.reserveCapacity(root["errors"]?.count ?? 0)
        if let elements = root["errors"]?.elements {
            for element in elements {
                guard let refusal = OrderRefusal(element) else { return nil }
                errors.append(refusal)
            }
        }
        self.results = results
        self.errors = errors
    }
}

extension UploadedOrder {
    /// Reads an item of `results`; nil where it names no order.
    fileprivate init?(_ value: JSONValue) {
        guard let id = value["id"]?.string.flatMap(OrderID.given) else { return nil }
        self.id = id
        referenceID = value["reference_id"]?.string
        type = value["type"]?.string.map(Word.init(text:))
        organisationID = value["organisation_id"]?.string.flatMap(OrganisationID.given)
        integrationID = value["integration_id"]?.string.flatMap(IntegrationID.given)
        createdAt = value["created_at"]?.string.flatMap { Timestamp(iso8601: $0) }
    }
}

extension OrderRefusal {
    /// Reads an item of `errors`; nil where it does not say which order and why.
    fileprivate init?(_ value: JSONValue) {
        guard let index = value["index"]?.integer, let code = value["code"]?.string
        else { return nil }
        self.index = Int(index)
        self.code = Word(text: code)
        referenceID = value["reference_id"]?.string
        message = value["message"]?.string ?? ""
        field = value["field"]?.string
        orderID = value["order_id"]?.string.flatMap(OrderID.given)
        identical = value["identical"]?.boolean
    }
}
