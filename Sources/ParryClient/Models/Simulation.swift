public import ParryWire

/// An alert to be simulated, for an enrolment that is `ENABLED`. What is nil takes the platform's default.
public struct AlertSimulation: Encodable, Sendable, Hashable {
    public var organisationID: OrganisationID
    public var enrolmentID: EnrolmentID
    /// `ACTION_REQUIRED` for Ethoca and `RESOLVED` for RDR unless told.
    public var status: AlertStatus?
    public var cardScheme: CardBrand?
    /// 10000 unless told.
    public var amountInCents: Int64?
    /// `USD` unless told.
    public var currencyCode: String?
    public var transactionAcquirerReferenceNumber: String?
    public var transactionAuthorisationCode: String?
    /// Whether it is matched and decided like an alert of the network; what is nil here is then not known.
    public var match: Bool?
    /// 6 to 8 digits.
    public var transactionCardBIN: String?
    /// 4 digits.
    public var transactionCardLast4: String?
    /// 7 days ago unless told.
    public var transactionAuthorisedAt: Timestamp?
    /// 1 to 250 characters.
    public var transactionStatementDescriptor: String?

    /// An alert with the platform's defaults.
    public init(organisationID: OrganisationID, enrolmentID: EnrolmentID) {
        self.organisationID = organisationID
        self.enrolmentID = enrolmentID
    }

    enum CodingKeys: String, CodingKey {
        case status, match
        case organisationID = "organisation_id"
        case enrolmentID = "enrolment_id"
        case cardScheme = "card_scheme"
        case amountInCents = "amount_in_cents"
        case currencyCode = "currency_code"
        case transactionAcquirerReferenceNumber = "transaction_acquirer_reference_number"
        case transactionAuthorisationCode = "transaction_authorisation_code"
        case transactionCardBIN = "transaction_card_bin"
        case transactionCardLast4 = "transaction_card_last4"
        case transactionAuthorisedAt = "transaction_authorised_at"
        case transactionStatementDescriptor = "transaction_statement_descriptor"
    }
}

/// A scheme notice to be simulated. What is nil takes the platform's default.
public struct SchemeNoticeSimulation: Encodable, Sendable, Hashable {
    public var organisationID: OrganisationID
    /// Its name and `external_id` become those of the notice.
    public var merchantID: MerchantID?
    /// `TC40` unless told.
    public var schemeNoticeType: SchemeNoticeType?
    /// 1 to 64 characters.
    public var fraudType: String?
    /// Now unless told.
    public var reportedAt: Timestamp?
    /// 10000 unless told.
    public var amountInCents: Int64?
    /// `USD` unless told.
    public var currencyCode: String?
    public var transactionAcquirerReferenceNumber: String?
    public var transactionAuthorisationCode: String?

    /// A notice with the platform's defaults.
    public init(organisationID: OrganisationID) {
        self.organisationID = organisationID
    }

    enum CodingKeys: String, CodingKey {
        case organisationID = "organisation_id"
        case merchantID = "merchant_id"
        case schemeNoticeType = "scheme_notice_type"
        case fraudType = "fraud_type"
        case reportedAt = "reported_at"
        case amountInCents = "amount_in_cents"
        case currencyCode = "currency_code"
        case transactionAcquirerReferenceNumber = "transaction_acquirer_reference_number"
        case transactionAuthorisationCode = "transaction_authorisation_code"
    }
}

/// A lookup to be simulated. What is nil takes the platform's default.
public struct LookupSimulation: Encodable, Sendable, Hashable {
    public var organisationID: OrganisationID
    public var enrolmentID: EnrolmentID?
    public var parentLookupID: LookupID?
    /// `ORDER_INSIGHT` unless told.
    public var type: LookupType?
    /// `SUCCEEDED` unless told.
    public var lookupStatus: LookupStatus?
    /// `NOT_ATTEMPTED` unless told.
    public var deflectionStatus: DeflectionStatus?
    /// 10000 unless told.
    public var amountInCents: Int64?
    /// `USD` unless told.
    public var currencyCode: String?
    public var transactionAcquirerReferenceNumber: String?
    public var transactionAuthorisationCode: String?

    /// A lookup with the platform's defaults.
    public init(organisationID: OrganisationID) {
        self.organisationID = organisationID
    }

    enum CodingKeys: String, CodingKey {
        case type
        case organisationID = "organisation_id"
        case enrolmentID = "enrollment_id"
        case parentLookupID = "parent_lookup_id"
        case lookupStatus = "lookup_status"
        case deflectionStatus = "deflection_status"
        case amountInCents = "amount_in_cents"
        case currencyCode = "currency_code"
        case transactionAcquirerReferenceNumber = "transaction_acquirer_reference_number"
        case transactionAuthorisationCode = "transaction_authorisation_code"
    }
}

/// What the test clock of an organisation shows.
public struct TestClock: Codable, Sendable, Hashable {
    public let organisationID: OrganisationID
    public let now: Timestamp
    /// How far it is ahead of the time.
    public let advancedSeconds: Int64

    enum CodingKeys: String, CodingKey {
        case now
        case organisationID = "organisation_id"
        case advancedSeconds = "advanced_seconds"
    }
}
