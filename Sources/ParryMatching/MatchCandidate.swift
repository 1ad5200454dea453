package import ParryDomain
package import ParryWire

/// A sale of the alert's organisation that the alert may be about.
///
/// The caller gives only those of ENABLED integrations that are linked to the enrolment's merchants
/// (CONTRACT.md 12). Nil is unknown.
package struct MatchCandidate: Sendable, Hashable {
    package let integrationID: IntegrationID
    package let referenceID: String
    package let orderID: OrderID
    package var authorisedAt: Timestamp?
    /// In minor units of the currency (amendment 10).
    package var amount: Int64?
    package var currency: String?
    package var cardBrand: String?
    package var cardLast4: String?
    package var cardBIN: String?
    package var authorisationCode: String?
    package var acquirerReferenceNumber: String?
    package var descriptor: String?
    /// `DECLINED`, `VOIDED` and `FAILED` never match; nil is unknown and may match.
    package var authorisationStatus: String?
    /// In a `DIGITAL_WALLET` the card's digits may be those of a token.
    package var paymentMethodType: String?

    /// Knows only which sale it is.
    package init(integrationID: IntegrationID, referenceID: String, orderID: OrderID) {
        self.integrationID = integrationID
        self.referenceID = referenceID
        self.orderID = orderID
    }

    /// Takes what the row of a transaction holds; ``complete(from:)`` adds what older rows lack.
    package init(
        _ transaction: OrderTransaction, integrationID: IntegrationID, orderID: OrderID
    ) {
        self.init(
            integrationID: integrationID, referenceID: transaction.referenceID, orderID: orderID)
        authorisedAt = transaction.authorisedAt
        amount = transaction.amount
        currency = transaction.currency
        cardBrand = transaction.cardBrand
        cardLast4 = transaction.cardLast4
        cardBIN = transaction.cardBIN
        authorisationCode = transaction.authorisationCode
        acquirerReferenceNumber = transaction.acquirerReferenceNumber
        descriptor = transaction.descriptor
        authorisationStatus = transaction.authorisationStatus
        paymentMethodType = transaction.paymentMethodType
    }

    /// Whether the sale did not take place.
    var isDead: Bool { Self.isDead(authorisationStatus) }

    static func isDead(_ status: String?) -> Bool {
        status.map { deadStatuses.contains($0) } ?? false
    }

    var isWallet: Bool { paymentMethodType == "DIGITAL_WALLET" }

    private static let deadStatuses: Set<String> = ["DECLINED", "VOIDED", "FAILED"]
}
