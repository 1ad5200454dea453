/// What is wrong with an order that its declaration lets through, by looking at it alone (CONTRACT.md 8.2 to 8.7): the
/// paths, in the order in which they are refused. The server names the first, who checks a file names all.
package struct OrderFaults {
    private let order: RequestObject

    package init(_ order: RequestObject) {
        self.order = order
    }

    /// Members that an order of its type must have and has not.
    package var missing: [String] {
        order[OrderRequest.type] == OrderType.partial.rawValue
            ? missingInPartial : order.missing + missingOfCards
    }

    /// What names the order, and for each transaction what names it at the processor, which knows the rest
    /// (CONTRACT.md 8.5). Other nested objects are as complete as in any order.
    private var missingInPartial: [String] {
        let identity = ["organisation_id", "integration_id", "reference_id"]
        let paths = order.missing.filter { path in
            identity.contains(path) || path.contains("[") && !path.hasPrefix("transactions[")
        }
        guard !transactions.isEmpty else { return paths + ["transactions"] }
        return paths
            + transactions.indices.filter { TransactionRequest.name(of: transactions[$0]) == nil }
            .map { "transactions[\($0)].reference_id" }
    }

    private var missingOfCards: [String] {
        transactions.enumerated().flatMap { index, transaction -> [String] in
            guard transaction[TransactionRequest.paymentMethodType] == "CARD" else { return [] }
            let brand = transaction[TransactionRequest.cardBrand] == nil ? ["brand"] : []
            let last4 = transaction[TransactionRequest.cardLast4] == nil ? ["last_4"] : []
            return (brand + last4).map { "transactions[\(index)].payment_method_card_\($0)" }
        }
    }

    /// Transaction references that stand twice in the order.
    package var repeatedTransactions: [String] {
        repeated(OrderRequest.transactions, TransactionRequest.name)
    }

    /// References that stand twice in another nested list: a change could not tell the two apart.
    package var repeatedReferences: [String] {
        [
            OrderRequest.refunds, OrderRequest.disputes, OrderRequest.items,
            OrderRequest.deliveries, OrderRequest.subscriptions,
        ].flatMap { repeated($0, Self.reference) }
    }

    private func repeated(
        _ list: Field<[RequestObject]?>, _ reference: (RequestObject) -> String?
    ) -> [String] {
        guard let objects = order[list], objects.count > 1 else { return [] }
        var seen: Set<[UInt8]> = []
        return objects.enumerated().compactMap { index, object in
            guard let reference = reference(object),
                !seen.insert(Array(reference.utf8)).inserted
            else { return nil }
            return "\(list.name)[\(index)].reference_id"
        }
    }

    /// Nested references that name nothing in the order.
    package var danglingReferences: [String] {
        guard order.has("refunds") || order.has("disputes") || order.has("items") else { return [] }
        let original = OrderDetailRequest.originalTransactionReferenceID
        let transactions = references(OrderRequest.transactions, TransactionRequest.name)
        return dangling(OrderRequest.refunds, original, transactions)
            + dangling(OrderRequest.disputes, original, transactions) + danglingOfItems
    }

    private var danglingOfItems: [String] {
        guard order.has("items") else { return [] }
        return [
            (OrderDetailRequest.deliveryReferenceID, OrderRequest.deliveries),
            (OrderDetailRequest.subscriptionReferenceID, OrderRequest.subscriptions),
            (OrderDetailRequest.refundReferenceID, OrderRequest.refunds),
        ].flatMap { field, list in
            dangling(OrderRequest.items, field, references(list, Self.reference))
        }
    }

    private func dangling(
        _ list: Field<[RequestObject]?>, _ field: Field<String?>, _ known: Set<[UInt8]>
    ) -> [String] {
        (order[list] ?? []).enumerated().compactMap { index, object in
            guard let reference = object[field], !known.contains(Array(reference.utf8)) else {
                return nil
            }
            return "\(list.name)[\(index)].\(field.name)"
        }
    }

    /// References as bytes: they are compared exactly, and Strings by canonical equivalence.
    private func references(
        _ list: Field<[RequestObject]?>, _ reference: (RequestObject) -> String?
    ) -> Set<[UInt8]> {
        Set((order[list] ?? []).compactMap { reference($0).map { Array($0.utf8) } })
    }

    private var transactions: [RequestObject] { order[OrderRequest.transactions] ?? [] }

    private static func reference(_ object: RequestObject) -> String? {
        object[OrderDetailRequest.referenceID]
    }
}
