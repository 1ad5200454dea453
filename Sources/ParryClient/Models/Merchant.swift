public import ParryWire

/// A merchant of an organisation: a shop, a MID, a provider's account.
public struct Merchant: Codable, Sendable, Hashable, Identifiable {
    public let id: MerchantID
    public let organisationID: OrganisationID
    public let name: String
    public let type: Word<MerchantType>
    /// What you call it.
    public let externalID: String?
    public let defaultRepresentmentServiceType: Word<RepresentmentServiceType>?
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?

    enum CodingKeys: String, CodingKey {
        case id, name, type
        case organisationID = "organisation_id"
        case externalID = "external_id"
        case defaultRepresentmentServiceType = "default_representment_service_type"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

/// A merchant to be made.
public struct NewMerchant: Encodable, Sendable, Hashable {
    public var organisationID: OrganisationID
    /// 1 to 255 characters.
    public var name: String
    public var type: MerchantType
    /// At most 250 characters.
    public var externalID: String?
    public var defaultRepresentmentServiceType: RepresentmentServiceType?

    /// A merchant of the type `GENERIC` unless told.
    public init(
        organisationID: OrganisationID, name: String, type: MerchantType = .generic,
        externalID: String? = nil,
        defaultRepresentmentServiceType: RepresentmentServiceType? = nil
    ) {
        self.organisationID = organisationID
        self.name = name
        self.type = type
        self.externalID = externalID
        self.defaultRepresentmentServiceType = defaultRepresentmentServiceType
    }

    enum CodingKeys: String, CodingKey {
        case name, type
        case organisationID = "organisation_id"
        case externalID = "external_id"
        case defaultRepresentmentServiceType = "default_representment_service_type"
    }
}

/// What is to be another of a merchant.
public struct MerchantChange: Encodable, Sendable {
    public var name: String?
    public var type: MerchantType?
    public var externalID: Change<String> = .keep
    public var defaultRepresentmentServiceType: Change<RepresentmentServiceType> = .keep

    /// A change of nothing yet.
    public init() {}

    enum CodingKeys: String, CodingKey {
        case name, type
        case externalID = "external_id"
        case defaultRepresentmentServiceType = "default_representment_service_type"
    }
}
