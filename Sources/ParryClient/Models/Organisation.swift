public import ParryWire

/// A customer of the partner.
public struct Organisation: Codable, Sendable, Hashable, Identifiable {
    public let id: OrganisationID
    public let name: String
    /// TEST or LIVE: the partner's, and so the key's.
    public let mode: Word<AccountMode>
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?

    enum CodingKeys: String, CodingKey {
        case id, name, mode
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}
