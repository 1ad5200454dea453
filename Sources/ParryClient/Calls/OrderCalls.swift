public import ParryWire

/// `/v1/orders`: what alerts are matched to.
public struct OrderCalls: Sendable {
    let caller: Caller

    /// What a list of orders is sorted by.
    public enum Sort: String, Sendable, CaseIterable {
        case newest = "-created_at"
        case oldest = "created_at"
        case lastOrdered = "-order_datetime"
        case firstOrdered = "order_datetime"
    }

    /// All that the filters let through, the newest first unless told.
    ///
    /// - Parameters:
    ///   - createdFrom: The first moment of `created_at`.
    ///   - createdTo: The last one; without a fraction it covers its whole second.
    public func list(
        organisationID: OrganisationID? = nil, integrationID: IntegrationID? = nil,
        referenceID: String? = nil, type: OrderType? = nil, orderStatus: OrderStatus? = nil,
        createdFrom: Timestamp? = nil, createdTo: Timestamp? = nil, sort: Sort? = nil,
        pageSize: Int = 100
    ) -> Listing<Order> {
        let query = Query([
            "organisation_id": organisationID, "integration_id": integrationID,
            "reference_id": referenceID, "type": type?.rawValue,
            "order_status": orderStatus?.rawValue, "created_at_gte": createdFrom?.iso8601,
            "created_at_lte": createdTo?.iso8601, "sort": sort?.rawValue,
        ])
        return Listing(caller, "/v1/orders", query, pageSize: pageSize)
    }

    /// The order of this reference; nil where there is none.
    public func find(
        referenceID: String, integrationID: IntegrationID
    ) async throws(ClientError) -> Order? {
        try await list(integrationID: integrationID, referenceID: referenceID).first()
    }

    /// Sends orders, 1 to 100 of them. Each is stored or refused by itself: read ``OrderUpload/errors``. To send the
    /// same again is safe, by their references.
    ///
    /// - Throws: A refusal where a field is not as documented; no order is stored then.
    public func create(
        _ orders: [NewOrder], idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> OrderUpload {
        try await upload(try Answers.write(orders), idempotencyKey)
    }

    /// Sends orders that are JSON objects already, 1 to 100 of them. They are not read here.
    ///
    /// - Throws: As ``create(_:idempotencyKey:)``.
    public func create(
        documents: [[UInt8]], idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> OrderUpload {
        var body: [UInt8] = []
        body.reserveCapacity(documents.reduce(2) { $0 + $1.count + 1 })
        body.append(UInt8(ascii: "["))
        for (index, document) in documents.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body += document
        }
        body.append(UInt8(ascii: "]"))
        return try await upload(body, idempotencyKey)
    }

    /// Reads an order.
    public func get(_ id: OrderID) async throws(ClientError) -> Order {
        try await caller.get("/v1/orders/\(id)")
    }

    /// Changes an order, mostly to add what happened later, such as refunds.
    @discardableResult
    public func update(
        _ id: OrderID, _ change: OrderChange
    ) async throws(ClientError) -> Order {
        try await caller.patch("/v1/orders/\(id)", change)
    }

    /// Changes an order by a JSON object, which is not read here.
    @discardableResult
    public func update(
        _ id: OrderID, document: [UInt8]
    ) async throws(ClientError) -> Order {
        try Answers.read(
            await caller.send(Call(method: .patch, path: "/v1/orders/\(id)", body: document)))
    }

    private func upload(
        _ body: [UInt8], _ key: IdempotencyKey?
    ) async throws(ClientError) -> OrderUpload {
        let result = try await caller.send(
            Call(method: .post, path: "/v1/orders", body: body, idempotencyKey: key ?? .fresh()))
        let root = try? JSONDocument.parse(result.answer.body).root
        guard let upload = root.flatMap(OrderUpload.init) else {
            throw .unreadable(
                UnreadableAnswer(
                    what: "OrderUpload",
                    reason: root == nil
                        ? "the body is no JSON"
                        : "the counts, an order's id or an error's code is missing",
                    requestID: result.answer.requestID))
        }
        return upload
    }
}

extension ParryClient {
    /// `/v1/orders`.
    public var orders: OrderCalls { OrderCalls(caller: caller) }
}
