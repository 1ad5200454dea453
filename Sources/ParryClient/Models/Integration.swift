public import ParryWire

/// Where orders of some merchants come from.
public struct Integration: Codable, Sendable, Hashable, Identifiable {
    public let id: IntegrationID
    public let organisationID: OrganisationID
    public let name: String
    public let type: Word<IntegrationType>
    /// A disabled one takes no orders.
    public let status: Word<IntegrationStatus>
    public let merchantIDs: [MerchantID]
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?

    enum CodingKeys: String, CodingKey {
        case id, name, type, status
        case organisationID = "organisation_id"
        case merchantIDs = "merchant_ids"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

/// An integration to be made. The operator makes those of other types than `CUSTOM_ORDERS`.
public struct NewIntegration: Encodable, Sendable, Hashable {
    public var organisationID: OrganisationID
    /// 1 to 255 characters.
    public var name: String
    /// 1 to 100 merchants of the organisation.
    public var merchantIDs: [MerchantID]
    public var type: IntegrationType = .customOrders
    public var status: IntegrationStatus = .enabled

    /// An `ENABLED` one of the type `CUSTOM_ORDERS` unless told.
    public init(
        organisationID: OrganisationID, name: String, merchantIDs: [MerchantID],
        type:
            IntegrationType = .customOrders, status: IntegrationStatus = .enabled
    ) {
        self.organisationID = organisationID
        self.name = name
        self.merchantIDs = merchantIDs
        self.type = type
        self.status = status
    }

    enum CodingKeys: String, CodingKey {
        case name, type, status
        case organisationID = "organisation_id"
        case merchantIDs = "merchant_ids"
    }
}

/// What is to be another of an integration; what is nil stays.
public struct IntegrationChange: Encodable, Sendable {
    public var name: String?
    public var status: IntegrationStatus?
    /// Replaces the whole list.
    public var merchantIDs: [MerchantID]?

    /// A change of nothing yet.
    public init() {}

    enum CodingKeys: String, CodingKey {
        case name, status
        case merchantIDs = "merchant_ids"
    }
}
