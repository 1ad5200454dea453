package import ParryWire

/// The second stage of an order's validation: what can be judged by looking at the order alone
/// (CONTRACT.md 8.2 to 8.7). What needs the database is the store's and the service's.
package enum OrderRules {
    /// The first member that an order of its type must have and has not.
    package static func missingField(in order: RequestObject) -> OrderRejection? {
        OrderFaults(order).missing.first.map(OrderRejection.missingField)
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
        OrderFaults(order).repeatedTransactions.first.map(OrderRejection.duplicateTransaction)
    }

    /// A reference that stands twice in a nested list. Transactions have ``repeatedTransaction(in:)``.
    package static func repeatedReference(in order: RequestObject) -> OrderRejection? {
        OrderFaults(order).repeatedReferences.first.map(OrderRejection.repeatedReference)
    }

    /// A nested reference that names nothing in the same order.
    package static func danglingReference(in order: RequestObject) -> OrderRejection? {
        OrderFaults(order).danglingReferences.first.map(OrderRejection.invalidReference)
    }
}
