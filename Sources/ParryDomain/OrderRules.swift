package import ParryWire

/// The second stage of an order's validation: what can be judged by looking at the order alone
/// (CONTRACT.md 8.2 to 8.7). What needs the database is the store's and the service's.
package enum OrderRules {
    /// The first member that an order of its type must have and has not.
    package static func missingField(in order: RequestObject) -> OrderRejection? {
        order[OrderRequest.type] == OrderType.partial.rawValue
            ? missingInPartial(order) : missingInComplete(order)
    }

    /// What names the order, and for each transaction what names it at the processor, which knows the rest
    /// (CONTRACT.md 8.5). Other nested objects are as complete as in any order.
    private static func missingInPartial(_ order: RequestObject) -> OrderRejection? {
        let identity = ["organisation_id", "integration_id", "reference_id"]
        let path = order.missing.first { path in
            identity.contains(path) || path.contains("[") && !path.hasPrefix("transactions[")
        }
        if let path { return .missingField(path) }
        let transactions = order[OrderRequest.transactions] ?? []
        if transactions.isEmpty { return .missingField("transactions") }
        let unnamed = transactions.firstIndex { OrderTransaction.reference(of: $0) == nil }
        return unnamed.map { .missingField("transactions[\($0)].reference_id") }
    }

    private static func missingInComplete(_ order: RequestObject) -> OrderRejection? {
        if let path = order.missing.first { return .missingField(path) }
        for (index, transaction) in (order[OrderRequest.transactions] ?? []).enumerated() {
            guard transaction[TransactionRequest.paymentMethodType] == "CARD" else { continue }
            let path = "transactions[\(index)].payment_method_card_"
            if transaction[TransactionRequest.cardBrand] == nil {
                return .missingField(path + "brand")
            }
            if transaction[TransactionRequest.cardLast4] == nil {
                return .missingField(path + "last_4")
            }
        }
        return nil
    }

    /// The first of these members that the order has not; an empty list counts as none.
    package static func missing(
        _ fields: [String], in order: RequestObject
    ) -> OrderRejection? {
        let missing = fields.first { field in
            guard let value = order.value[field], !value.isNull else { return true }
            return value.kind == .array && value.count == 0
        }
        return missing.map(OrderRejection.missingField)
    }

    /// A full card number where the order has free text (amendment 5).
    package static func cardNumber(in order: RequestObject) -> OrderRejection? {
        order.cardNumberPath.map(OrderRejection.cardNumber)
    }

    /// A transaction reference that stands twice in the same order.
    package static func repeatedTransaction(in order: RequestObject) -> OrderRejection? {
        let transactions = order[OrderRequest.transactions] ?? []
        guard transactions.count > 1 else { return nil }
        var seen: Set<[UInt8]> = []
        for (index, transaction) in transactions.enumerated() {
            guard let reference = OrderTransaction.reference(of: transaction) else { continue }
            guard seen.insert(Array(reference.utf8)).inserted else {
                return .duplicateTransaction("transactions[\(index)].reference_id")
            }
        }
        return nil
    }

    /// A reference that stands twice in a nested list: a change could not tell the two apart. Transactions have
    /// ``repeatedTransaction(in:)``.
    package static func repeatedReference(in order: RequestObject) -> OrderRejection? {
        for list in [
            OrderRequest.refunds, OrderRequest.disputes, OrderRequest.items,
            OrderRequest.deliveries, OrderRequest.subscriptions,
        ] {
            guard let objects = order[list], objects.count > 1 else { continue }
            var seen: Set<[UInt8]> = []
            for (index, object) in objects.enumerated() {
                guard let reference = object[OrderDetailRequest.referenceID],
                    !seen.insert(Array(reference.utf8)).inserted
                else { continue }
                return .repeatedReference("\(list.declaration.name)[\(index)].reference_id")
            }
        }
        return nil
    }

    /// A nested reference that names nothing in the same order.
    package static func danglingReference(in order: RequestObject) -> OrderRejection? {
        guard order.has("refunds") || order.has("disputes") || order.has("items") else {
            return nil
        }
        let transactions = Set(
            (order[OrderRequest.transactions] ?? []).compactMap { transaction in
                OrderTransaction.reference(of: transaction).map { Array($0.utf8) }
            })
        let original = OrderDetailRequest.originalTransactionReferenceID
        return dangling(order, OrderRequest.refunds, original, transactions)
            ?? dangling(order, OrderRequest.disputes, original, transactions)
            ?? danglingItem(in: order)
    }

    private static func danglingItem(in order: RequestObject) -> OrderRejection? {
        guard order.has("items") else { return nil }
        return dangling(
            order, OrderRequest.items, OrderDetailRequest.deliveryReferenceID,
            references(order[OrderRequest.deliveries]))
            ?? dangling(
                order, OrderRequest.items, OrderDetailRequest.subscriptionReferenceID,
                references(order[OrderRequest.subscriptions]))
            ?? dangling(
                order, OrderRequest.items, OrderDetailRequest.refundReferenceID,
                references(order[OrderRequest.refunds]))
    }

    /// References as bytes: they are compared exactly, and Strings by canonical equivalence.
    private static func references(_ objects: [RequestObject]?) -> Set<[UInt8]> {
        Set(
            (objects ?? []).compactMap { $0[OrderDetailRequest.referenceID].map { Array($0.utf8) } }
        )
    }

    private static func dangling(
        _ order: RequestObject, _ list: Field<[RequestObject]?>, _ field: Field<String?>,
        _ known: Set<[UInt8]>
    ) -> OrderRejection? {
        for (index, object) in (order[list] ?? []).enumerated() {
            guard let reference = object[field], !known.contains(Array(reference.utf8)) else {
                continue
            }
            return .invalidReference(
                "\(list.declaration.name)[\(index)].\(field.declaration.name)")
        }
        return nil
    }
}
