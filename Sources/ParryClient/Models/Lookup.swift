public import ParryWire

/// An issuer's question for order data.
public struct Lookup: Codable, Sendable, Hashable, Identifiable {
    public let id: LookupID
    public let organisationID: OrganisationID
    /// The contract spells it `enrollment_id`.
    public let enrolmentID: EnrolmentID?
    public let parentLookupID: LookupID?
    public let type: Word<LookupType>?
    public let lookupStatus: Word<LookupStatus>?
    /// Whether the dispute behind it was deflected.
    public let deflectionStatus: Word<DeflectionStatus>?
    public let transactionAmountInCents: Int64?
    public let transactionCurrencyCode: String?
    public let transactionCardBIN: String?
    public let transactionCardLast4: String?
    public let transactionAcquirerReferenceNumber: String?
    public let transactionAuthorisationCode: String?
    public let transactionOriginalDate: Timestamp?
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?

    enum CodingKeys: String, CodingKey {
        case id, type
        case organisationID = "organisation_id"
        case enrolmentID = "enrollment_id"
        case parentLookupID = "parent_lookup_id"
        case lookupStatus = "lookup_status"
        case deflectionStatus = "deflection_status"
        case transactionAmountInCents = "transaction_amount_in_cents"
        case transactionCurrencyCode = "transaction_currency_code"
        case transactionCardBIN = "transaction_card_bin"
        case transactionCardLast4 = "transaction_card_last4"
        case transactionAcquirerReferenceNumber = "transaction_acquirer_reference_number"
        case transactionAuthorisationCode = "transaction_authorisation_code"
        case transactionOriginalDate = "transaction_original_date"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}
