import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// What administrators do with the keys of their accounts.
extension KeyService {
    /// What a new key is to be.
    package struct Draft: Sendable {
        package let name: String
        package let owner: KeyOwner
        package let abilities: Set<Ability>
        package let expiresAt: Timestamp?

        package init(
            name: String, owner: KeyOwner, abilities: Set<Ability>, expiresAt: Timestamp?
        ) {
            self.name = name
            self.owner = owner
            self.abilities = abilities
            self.expiresAt = expiresAt
        }
    }

    /// A key with its secret, which is told here and nowhere else.
    package struct Created: Sendable {
        package let key: APIKey
        package let secret: String
    }

    /// Makes a key for an account that the principal administers.
    ///
    /// - Throws: ``NotFound`` for a group or organisation that it does not.
    package func create(
        _ draft: Draft, by principal: Principal, now: Timestamp
    ) async throws -> Created {
        let secret = APIKeySecret.make()
        let hash = Hex.encode(APIKeySecret.hash(secret))
        return try await database.write { tx in
            try Self.check(draft.owner, by: principal, tx)
            let key = APIKey(
                id: .make(at: now, slot: 0), name: draft.name,
                owner: try Self.resolve(draft.owner, tx), abilities: draft.abilities,
                expiresAt: draft.expiresAt, revokedAt: nil, createdAt: now)
            try APIKeyStore.insert(key, hash: hash, tx)
            return Created(key: key, secret: secret)
        }
    }

    /// A key with the name of who owns it; nil for an organisation that is deleted, whose keys open nothing.
    package struct Managed: Sendable {
        package let key: APIKey
        package let ownerName: String?

        /// As what it is shown at this moment.
        package func state(at now: Timestamp) -> APIKeyState {
            key.state(at: now, isOwned: ownerName != nil)
        }
    }

    /// The keys of the account, newest first: of a partner also those of its groups and organisations.
    package func list(
        _ filter: APIKeyStore.Filter, page: Page, by principal: Principal, now: Timestamp
    ) async throws -> Listing<Managed> {
        try await database.read { tx in
            let keys = try APIKeyStore.list(
                for: principal.owner, filter, page: page, now: now, tx)
            let names = try Self.ownerNames(keys.items, for: principal.owner, tx)
            return keys.map { Managed(key: $0, ownerName: names[$0.owner.id]) }
        }
    }

    /// - Throws: ``NotFound``.
    package func find(_ id: APIKeyID, by principal: Principal) async throws -> Managed {
        try await database.read { tx in
            let key = try Self.load(id, by: principal, tx)
            let names = try Self.ownerNames([key], for: principal.owner, tx)
            return Managed(key: key, ownerName: names[key.owner.id])
        }
    }

    private static func ownerNames(
        _ keys: [APIKey], for owner: Owner, _ tx: any ReadTransaction
    ) throws -> [String: String] {
        let organisations = Set(keys.compactMap(\.auditedOrganisation?.text))
        let names = try OrganisationStore.names(of: Array(organisations), for: owner, tx)
        let groups = try GroupStore.list(of: owner.partnerID, tx).map(\.group)
        return names.merging(groups.map { ($0.id.text, $0.name) }) { $1 }
    }

    /// Ends a key; running servers refuse it within two seconds.
    ///
    /// - Throws: ``NotFound``.
    package func revoke(
        _ id: APIKeyID, by principal: Principal, now: Timestamp
    ) async throws -> APIKey {
        try await database.write { tx in
            let key = try Self.load(id, by: principal, tx)
            _ = try APIKeyStore.revoke(id, now: now, tx)
            return key
        }
    }

    /// Makes a key like another one, which ends after so many hours.
    ///
    /// - Throws: ``NotFound`` for a key that has ended, too: there is nothing to replace.
    package func rotate(
        _ id: APIKeyID, overlapHours: Int64, by principal: Principal, now: Timestamp
    ) async throws -> Created {
        let secret = APIKeySecret.make()
        let hash = Hex.encode(APIKeySecret.hash(secret))
        return try await database.write { tx in
            let old = try Self.load(id, by: principal, tx)
            guard old.isValid(at: now) else { throw NotFound("API key") }
            let key = APIKey(
                id: .make(at: now, slot: 0), name: old.name, owner: old.owner,
                abilities: old.abilities, expiresAt: old.expiresAt, revokedAt: nil,
                createdAt: now)
            try APIKeyStore.insert(key, hash: hash, tx)
            try APIKeyStore.expire(id, at: now.adding(seconds: overlapHours * 3_600), tx)
            return Created(key: key, secret: secret)
        }
    }

    private static func load(
        _ id: APIKeyID, by principal: Principal, _ tx: any ReadTransaction
    ) throws -> APIKey {
        let found = try APIKeyStore.find(id, for: principal.owner, tx)
        guard let found else { throw NotFound("API key") }
        return found
    }

    private static func check(
        _ owner: KeyOwner, by principal: Principal, _ tx: any ReadTransaction
    ) throws {
        switch owner {
        case .group(let id):
            if case .restrictedGroup(id, _) = principal.owner { return }
            try GroupService.load(id, by: principal, tx)
        case .organisation(let id): _ = try OrganisationService.load(id, by: principal, tx)
        }
    }
}

extension KeyService.Created: AuditSubject {
    var auditedID: String { key.auditedID }
    var auditedOrganisation: OrganisationID? { key.auditedOrganisation }
    var auditedPartner: PartnerID? { key.auditedPartner }
}
