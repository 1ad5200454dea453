package import ParryWire

/// A payment platform or provider that owns organisations; one account per mode (CONTRACT.md 2.1).
package struct Partner: Sendable, Hashable {
    package let id: PartnerID
    package let name: String
    package let mode: AccountMode
    package let createdAt: Timestamp

    package init(id: PartnerID, name: String, mode: AccountMode, createdAt: Timestamp) {
        self.id = id
        self.name = name
        self.mode = mode
        self.createdAt = createdAt
    }
}

/// Owns keys. An admin group sees all organisations of its partner, another one the assigned.
package struct PartnerGroup: Sendable, Hashable {
    package let id: PartnerGroupID
    package let partnerID: PartnerID
    package let name: String
    package let isAdmin: Bool
    package let createdAt: Timestamp

    package init(
        id: PartnerGroupID, partnerID: PartnerID, name: String, isAdmin: Bool, createdAt: Timestamp
    ) {
        self.id = id
        self.partnerID = partnerID
        self.name = name
        self.isAdmin = isAdmin
        self.createdAt = createdAt
    }
}

/// A key as it is kept: the secret itself is shown once and only its hash is stored.
package struct APIKey: Sendable, Hashable {
    package let id: APIKeyID
    /// What people call it; may be empty.
    package let name: String
    package let owner: Owner
    package let abilities: Set<Ability>
    package let expiresAt: Timestamp?
    package let revokedAt: Timestamp?
    package let createdAt: Timestamp
    /// To about a minute; nil for never.
    package let lastUsedAt: Timestamp?

    package init(
        id: APIKeyID, name: String = "", owner: Owner, abilities: Set<Ability>,
        expiresAt: Timestamp?, revokedAt: Timestamp?, createdAt: Timestamp,
        lastUsedAt: Timestamp? = nil
    ) {
        self.id = id
        self.name = name
        self.lastUsedAt = lastUsedAt
        self.owner = owner
        self.abilities = abilities
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.createdAt = createdAt
    }

    /// Whether the key opens anything at this moment.
    package func isValid(at now: Timestamp) -> Bool {
        revokedAt == nil && expiresAt.map { now < $0 } ?? true
    }

    /// As what it is shown at this moment.
    ///
    /// - Parameter isOwned: Whether its group or organisation is there; a deleted one's keys open nothing.
    package func state(at now: Timestamp, isOwned: Bool) -> APIKeyState {
        if revokedAt != nil { return .revoked }
        guard isValid(at: now) else { return .expired }
        return isOwned ? .active : .organisationDeleted
    }
}

/// Whether a key opens anything, and if not, why.
package enum APIKeyState: String, Sendable, Hashable, CaseIterable {
    case active = "ACTIVE"
    case expired = "EXPIRED"
    case revoked = "REVOKED"
    case organisationDeleted = "ORGANISATION_DELETED"
}
