public import ParryWire

/// A card scheme's report of fraud or of a dispute.
public struct SchemeNotice: Codable, Sendable, Hashable, Identifiable {
    public let id: SchemeNoticeID
    public let organisationID: OrganisationID
    public let merchantID: MerchantID?
    public let schemeNoticeType: Word<SchemeNoticeType>?
    public let noticeType: Word<NoticeType>?
    public let scheme: Word<CardBrand>?
    public let reportedAt: Timestamp?
    /// nil for a dispute.
    public let fraudReportedAt: Timestamp?
    public let fraudType: String?
    public let transactionAmountInCents: Int64?
    public let transactionCurrencyCode: String?
    public let transactionCardBIN: String?
    public let transactionCardLast4: String?
    public let transactionAcquirerReferenceNumber: String?
    public let transactionAuthorisationCode: String?
    public let transactionOriginalDate: Timestamp?
    public let transactionMerchantName: String?
    /// The merchant's `external_id`.
    public let transactionMerchantID: String?
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?

    enum CodingKeys: String, CodingKey {
        case id, scheme
        case organisationID = "organisation_id"
        case merchantID = "merchant_id"
        case schemeNoticeType = "scheme_notice_type"
        case noticeType = "notice_type"
        case reportedAt = "reported_at"
        case fraudReportedAt = "fraud_reported_at"
        case fraudType = "fraud_type"
        case transactionAmountInCents = "transaction_amount_in_cents"
        case transactionCurrencyCode = "transaction_currency_code"
        case transactionCardBIN = "transaction_card_bin"
        case transactionCardLast4 = "transaction_card_last4"
        case transactionAcquirerReferenceNumber = "transaction_acquirer_reference_number"
        case transactionAuthorisationCode = "transaction_authorisation_code"
        case transactionOriginalDate = "transaction_original_date"
        case transactionMerchantName = "transaction_merchant_name"
        case transactionMerchantID = "transaction_merchant_id"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}
