package import ParryWire

/// A refund or a dispute that an order tells of.
package struct KnownReversal: Sendable, Hashable {
    /// The partner's name of it.
    package let reference: String?
    /// In minor units of the currency; nil where the order does not say.
    package let amount: Int64?
    package let currency: String?
    /// Of refunds only `SUCCEEDED` counts (CONTRACT.md 8.4).
    package let status: String?
    package let at: Timestamp?
    package let originalTransactionReference: String?

    package init(
        reference: String? = nil, amount: Int64?, currency: String?, status: String?,
        at: Timestamp?, originalTransactionReference: String?
    ) {
        self.reference = reference
        self.amount = amount
        self.currency = currency
        self.status = status
        self.at = at
        self.originalTransactionReference = originalTransactionReference
    }
}

/// What an order's document says about the life of its transactions, read once.
package struct OrderHistory: Sendable, Hashable {
    /// How a transaction was paid, and whether.
    package struct Payment: Sendable, Hashable {
        package let reference: String
        package let authorisationStatus: String?
        package let paymentMethodType: String?
    }

    package let payments: [Payment]
    package let refunds: [KnownReversal]
    package let disputes: [KnownReversal]

    /// Reads a stored document, or any object of its shape; what is not there or has another kind is unknown.
    package init(_ document: JSONValue) {
        payments = Self.list(document, OrderRequest.transactions.name, Self.payment)
        refunds = Self.list(document, OrderRequest.refunds.name) {
            Self.reversal($0, at: "refund_datetime")
        }
        disputes = Self.list(document, OrderRequest.disputes.name) {
            Self.reversal($0, at: "dispute_datetime")
        }
    }

    private static func reversal(_ value: JSONValue, at time: String) -> KnownReversal {
        KnownReversal(
            reference: value["reference_id"]?.string,
            amount: value["amount_in_cents"]?.integer, currency: value["currency"]?.string,
            status: value["status"]?.string, at: Self.time(value[time]),
            originalTransactionReference: original(value))
    }

    /// The refunds of one transaction; one that names none belongs to the only transaction of the order
    /// that took place.
    package func refunds(of reference: String) -> [KnownReversal] {
        refunds.filter { belongs($0.originalTransactionReference, to: reference) }
    }

    /// The refunds that may be of one transaction: also those that name none, whatever else the order has.
    package func possibleRefunds(of reference: String) -> [KnownReversal] {
        refunds.filter { refund in
            refund.originalTransactionReference.map { Self.isSame($0, reference) } ?? true
        }
    }

    /// The disputes of one transaction, told as ``refunds(of:)`` are.
    package func disputes(of reference: String) -> [KnownReversal] {
        disputes.filter { belongs($0.originalTransactionReference, to: reference) }
    }

    /// The status and method of one transaction; nil when the order has none of that reference.
    package func payment(of reference: String) -> Payment? {
        payments.first { Self.isSame($0.reference, reference) }
    }

    private func belongs(_ original: String?, to reference: String) -> Bool {
        if let original { return Self.isSame(original, reference) }
        // A declined attempt cannot be refunded or disputed, so it does not make the owner doubtful.
        let live = payments.filter { !MatchCandidate.isDead($0.authorisationStatus) }
        return live.count == 1 && Self.isSame(live[0].reference, reference)
    }

    /// References are compared byte by byte, as the database does.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8)
    }

    private static func payment(_ value: JSONValue) -> Payment {
        Payment(
            reference: value[TransactionRequest.referenceID.name]?.string
                ?? value[TransactionRequest.paymentMethodReferenceID.name]?.string ?? "",
            authorisationStatus: value[TransactionRequest.authorisationStatus.name]?.string,
            paymentMethodType: value[TransactionRequest.paymentMethodType.name]?.string)
    }

    private static func list<Element>(
        _ document: JSONValue, _ name: String, _ read: (JSONValue) -> Element
    ) -> [Element] {
        guard let values = document[name] else { return [] }
        return values.elements.map(read)
    }

    private static func original(_ value: JSONValue) -> String? {
        value[OrderDetailRequest.originalTransactionReferenceID.name]?.string
    }

    private static func time(_ value: JSONValue?) -> Timestamp? {
        value?.string.flatMap { Timestamp(iso8601: $0) }
    }
}

extension MatchCandidate {
    /// Takes status and method from the order's document, as far as it says them.
    package mutating func complete(from history: OrderHistory) {
        guard let payment = history.payment(of: referenceID) else { return }
        authorisationStatus = payment.authorisationStatus ?? authorisationStatus
        paymentMethodType = payment.paymentMethodType ?? paymentMethodType
    }
}
