package import ParryWire

/// A sale as the partner tells it: what lists and matching need as values, the rest as its document.
package struct Order: Sendable {
    package let id: OrderID
    package let organisationID: OrganisationID
    package let integrationID: IntegrationID
    package let referenceID: String
    package let type: OrderType
    package let createdAt: Timestamp
    package let content: OrderContent
    package let updatedAt: Timestamp
    package let version: Int64

    package init(
        id: OrderID, organisationID: OrganisationID, integrationID: IntegrationID,
        referenceID: String, type: OrderType, createdAt: Timestamp, content: OrderContent,
        updatedAt: Timestamp, version: Int64
    ) {
        self.id = id
        self.organisationID = organisationID
        self.integrationID = integrationID
        self.referenceID = referenceID
        self.type = type
        self.createdAt = createdAt
        self.content = content
        self.updatedAt = updatedAt
        self.version = version
    }
}

/// What an order says: everything that a PATCH can change.
package struct OrderContent: Sendable {
    package let orderDatetime: Timestamp?
    package let orderStatus: String?
    /// Normalised JSON: known members only, in declared order, absent and null left out. Two orders
    /// say the same when these bytes are equal.
    package let document: [UInt8]
    package let transactions: [OrderTransaction]

    /// Whether the document is larger than an order may be.
    package var isTooLarge: Bool { document.count > Limits.orderDocumentBytesMax }

    /// Takes what matching and lists need out of a valid order and keeps the rest as its document.
    package init(_ request: RequestObject) {
        orderDatetime = request[OrderRequest.orderDatetime]
        orderStatus = request[OrderRequest.orderStatus]
        var writer = JSONWriter(capacity: 1_024)
        request.write(into: &writer)
        document = writer.bytes
        transactions = (request[OrderRequest.transactions] ?? []).map(OrderTransaction.init)
    }
}

/// The part of a transaction that alerts are matched by (CONTRACT.md 12). Code and ARN are spelled as they are looked
/// up (``MatchKey``); the document has them as sent.
package struct OrderTransaction: Sendable, Hashable {
    package let referenceID: String
    package let authorisedAt: Timestamp?
    package let amount: Int64?
    package let currency: String?
    package let cardBrand: String?
    package let cardLast4: String?
    package let cardBIN: String?
    package let authorisationCode: String?
    package let acquirerReferenceNumber: String?
    package let descriptor: String?
    package let authorisationStatus: String?
    package let paymentMethodType: String?

    package init(
        referenceID: String, authorisedAt: Timestamp?, amount: Int64?, currency: String?,
        card: OrderCard, authorisationCode: String?, acquirerReferenceNumber: String?,
        descriptor: String?, authorisationStatus: String?, paymentMethodType: String?
    ) {
        self.referenceID = referenceID
        self.authorisedAt = authorisedAt
        self.amount = amount
        self.currency = currency
        cardBrand = card.brand
        cardLast4 = card.last4
        cardBIN = card.bin
        self.authorisationCode = authorisationCode
        self.acquirerReferenceNumber = acquirerReferenceNumber
        self.descriptor = descriptor
        self.authorisationStatus = authorisationStatus
        self.paymentMethodType = paymentMethodType
    }

    init(_ request: RequestObject) {
        referenceID = TransactionRequest.name(of: request) ?? ""
        authorisedAt = request[TransactionRequest.authorisedAt]
        amount = request[TransactionRequest.amount]
        currency = request[TransactionRequest.currency]
        cardBrand = request[TransactionRequest.cardBrand]
        cardLast4 = request[TransactionRequest.cardLast4]
        cardBIN = request[TransactionRequest.cardBIN]
        authorisationCode = MatchKey.authorisationCode(
            request[TransactionRequest.authorisationCode])
        acquirerReferenceNumber = MatchKey.acquirerReferenceNumber(
            request[TransactionRequest.acquirerReferenceNumber])
        descriptor = request[TransactionRequest.descriptor]
        authorisationStatus = request[TransactionRequest.authorisationStatus]
        paymentMethodType = request[TransactionRequest.paymentMethodType]
    }
}

/// What is known of the card that paid.
package struct OrderCard: Sendable, Hashable {
    package let brand: String?
    package let last4: String?
    package let bin: String?

    package init(brand: String?, last4: String?, bin: String?) {
        self.brand = brand
        self.last4 = last4
        self.bin = bin
    }
}

/// Why one order of a batch, or a change of an order, is refused (CONTRACT.md 8.6 and 8.7).
package enum OrderRejection: Error, Equatable {
    case invalidOrganisation
    case invalidIntegration
    case invalidOrderType
    case missingField(String)
    /// The document is larger than ``Limits/orderDocumentBytesMax``.
    case tooLarge
    case cardNumber(String)
    /// The stored order's id, and whether it says the same (amendment 7).
    case duplicateOrder(OrderID, identical: Bool)
    case duplicateTransaction(String)
    case invalidReference(String)
    /// A nested object's reference stands twice in its list.
    case repeatedReference(String)
    case immutableField(String)

    /// The path inside the order that the refusal is about.
    package var field: String? {
        switch self {
        case .invalidOrganisation: "organisation_id"
        case .invalidIntegration: "integration_id"
        case .invalidOrderType: "type"
        case .duplicateOrder: "reference_id"
        case .tooLarge: nil
        case .missingField(let path), .cardNumber(let path), .duplicateTransaction(let path),
            .invalidReference(let path), .repeatedReference(let path), .immutableField(let path):
            path
        }
    }
}
