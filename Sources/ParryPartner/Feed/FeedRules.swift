import ParryWire

/// What the server judges of each order by itself, behind the schema (CONTRACT.md 8.2 to 8.7), so that a file can
/// be mended before it is sent. Unlike the server this lists every reason.
enum FeedRules {
    static func errors(in order: RequestObject, documentBytes: Int) -> [FieldError] {
        let missing =
            order[OrderRequest.type] == OrderType.partial.rawValue
            ? missingInPartial(order) : order.missing + missingOfCards(order)
        var errors = missing.map { path in
            error(path, .missingField, "\(path) is required. Send it with a value.")
        }
        if documentBytes > FeedLimits.documentBytesMax {
            errors.append(
                error(
                    "", .orderTooLarge,
                    "The order has more than \(FeedLimits.documentBytesMax) bytes. Shorten its "
                        + "communications and descriptions."))
        }
        return errors + repeatedTransactions(order) + repeatedReferences(order) + dangling(order)
    }

    private static func error(_ field: String, _ code: ErrorCode, _ message: String) -> FieldError {
        FieldError(field: field, code: code.rawValue, message: message)
    }

    /// Its identity, and for each transaction what names it at the processor, which knows the rest.
    private static func missingInPartial(_ order: RequestObject) -> [String] {
        let identity = ["organisation_id", "integration_id", "reference_id"]
        let paths = order.missing.filter { path in
            identity.contains(path) || path.contains("[") && !path.hasPrefix("transactions[")
        }
        let transactions = order[OrderRequest.transactions] ?? []
        guard !transactions.isEmpty else { return paths + ["transactions"] }
        return paths
            + transactions.indices.filter { reference(transactions[$0]) == nil }
            .map { "transactions[\($0)].reference_id" }
    }

    private static func missingOfCards(_ order: RequestObject) -> [String] {
        (order[OrderRequest.transactions] ?? []).enumerated().flatMap { index, transaction in
            guard transaction[TransactionRequest.paymentMethodType] == "CARD" else {
                return [String]()
            }
            let brand = transaction[TransactionRequest.cardBrand] == nil ? ["brand"] : []
            let last4 = transaction[TransactionRequest.cardLast4] == nil ? ["last_4"] : []
            return (brand + last4).map { "transactions[\(index)].payment_method_card_\($0)" }
        }
    }

    /// What a transaction is known by: its reference, or the processor's.
    private static func reference(_ transaction: RequestObject) -> String? {
        transaction[TransactionRequest.referenceID]
            ?? transaction[TransactionRequest.paymentMethodReferenceID]
    }

    private static func repeatedTransactions(_ order: RequestObject) -> [FieldError] {
        repeated(order[OrderRequest.transactions], reference).map { index in
            let path = "transactions[\(index)].reference_id"
            return error(
                path, .duplicateTransaction,
                "\(path) is used by another transaction of this order.")
        }
    }

    private static func repeatedReferences(_ order: RequestObject) -> [FieldError] {
        [
            OrderRequest.refunds, OrderRequest.disputes, OrderRequest.items,
            OrderRequest.deliveries, OrderRequest.subscriptions,
        ].flatMap { list in
            repeated(order[list]) { $0[OrderDetailRequest.referenceID] }.map { index in
                let path = "\(list.name)[\(index)].reference_id"
                return error(
                    path, .invalidReference,
                    "\(path) stands twice in its list. Send each reference once.")
            }
        }
    }

    /// The places of objects whose reference one before them has. Bytes are compared: Strings would be compared
    /// by canonical equivalence.
    private static func repeated(
        _ objects: [RequestObject]?, _ reference: (RequestObject) -> String?
    ) -> [Int] {
        guard let objects, objects.count > 1 else { return [] }
        var seen: Set<[UInt8]> = []
        return objects.indices.filter { index in
            guard let reference = reference(objects[index]) else { return false }
            return !seen.insert(Array(reference.utf8)).inserted
        }
    }

    /// Nested references that name nothing in the same order.
    private static func dangling(_ order: RequestObject) -> [FieldError] {
        guard order.has("refunds") || order.has("disputes") || order.has("items") else { return [] }
        let original = OrderDetailRequest.originalTransactionReferenceID
        let transactions = references(order[OrderRequest.transactions], reference)
        let own: (RequestObject) -> String? = { $0[OrderDetailRequest.referenceID] }
        return dangling(order, OrderRequest.refunds, original, transactions)
            + dangling(order, OrderRequest.disputes, original, transactions)
            + dangling(
                order, OrderRequest.items, OrderDetailRequest.deliveryReferenceID,
                references(order[OrderRequest.deliveries], own))
            + dangling(
                order, OrderRequest.items, OrderDetailRequest.subscriptionReferenceID,
                references(order[OrderRequest.subscriptions], own))
            + dangling(
                order, OrderRequest.items, OrderDetailRequest.refundReferenceID,
                references(order[OrderRequest.refunds], own))
    }

    private static func references(
        _ objects: [RequestObject]?, _ reference: (RequestObject) -> String?
    ) -> Set<[UInt8]> {
        Set((objects ?? []).compactMap { reference($0).map { Array($0.utf8) } })
    }

    private static func dangling(
        _ order: RequestObject, _ list: Field<[RequestObject]?>, _ field: Field<String?>,
        _ known: Set<[UInt8]>
    ) -> [FieldError] {
        (order[list] ?? []).enumerated().compactMap { index, object in
            guard let reference = object[field], !known.contains(Array(reference.utf8)) else {
                return nil
            }
            let path = "\(list.name)[\(index)].\(field.name)"
            return error(path, .invalidReference, "\(path) names nothing in this order.")
        }
    }
}
