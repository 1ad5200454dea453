package import ParryWire

/// A card scheme's report of fraud or of a dispute (CONTRACT.md 16). Nothing about it can be changed.
package struct SchemeNotice: Sendable, Hashable {
    package let id: SchemeNoticeID
    package let organisationID: OrganisationID
    package let merchantID: MerchantID?
    package let type: SchemeNoticeType
    package let fraudType: String?
    package let reportedAt: Timestamp
    package let transaction: NoticeTransaction
    /// The merchant as the scheme knows it.
    package let merchantName: String?
    package let merchantNetworkID: String?
    package let createdAt: Timestamp

    package init(
        id: SchemeNoticeID, organisationID: OrganisationID, merchantID: MerchantID?,
        type: SchemeNoticeType, fraudType: String?, reportedAt: Timestamp,
        transaction: NoticeTransaction, merchantName: String?, merchantNetworkID: String?,
        createdAt: Timestamp
    ) {
        self.id = id
        self.organisationID = organisationID
        self.merchantID = merchantID
        self.type = type
        self.fraudType = fraudType
        self.reportedAt = reportedAt
        self.transaction = transaction
        self.merchantName = merchantName
        self.merchantNetworkID = merchantNetworkID
        self.createdAt = createdAt
    }
}

extension SchemeNoticeType {
    /// What notices of the report are about.
    package var noticeType: NoticeType {
        switch self {
        case .tc40, .safe: .fraud
        case .tc15: .dispute
        }
    }

    /// Whose report it is.
    package var scheme: CardBrand {
        switch self {
        case .tc15, .tc40: .visa
        case .safe: .mastercard
        }
    }
}

/// The transaction that a scheme notice or a lookup is about.
package struct NoticeTransaction: Sendable, Hashable {
    package let amount: Int64
    package let currency: String
    package let cardBIN: String?
    package let cardLast4: String?
    package let acquirerReferenceNumber: String?
    package let authorisationCode: String?
    package let originalDate: Timestamp

    package init(
        amount: Int64, currency: String, cardBIN: String?, cardLast4: String?,
        acquirerReferenceNumber: String?, authorisationCode: String?, originalDate: Timestamp
    ) {
        self.amount = amount
        self.currency = currency
        self.cardBIN = cardBIN
        self.cardLast4 = cardLast4
        self.acquirerReferenceNumber = acquirerReferenceNumber
        self.authorisationCode = authorisationCode
        self.originalDate = originalDate
    }

    /// A transaction as the simulator makes it up, like that of a simulated alert (CONTRACT.md 14.2).
    package static func simulated(_ request: RequestObject, now: Timestamp) -> NoticeTransaction {
        NoticeTransaction(
            amount: request[SimulationRequest.amount] ?? Limits.simulatedAmount,
            currency: request[SimulationRequest.currency] ?? "USD",
            cardBIN: "400000", cardLast4: "1234",
            acquirerReferenceNumber: request[SimulationRequest.acquirerReferenceNumber],
            authorisationCode: request[SimulationRequest.authorisationCode],
            originalDate: now.adding(seconds: -Limits.simulatedAuthorisationAgeSeconds))
    }
}
