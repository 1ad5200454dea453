import Crypto
package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire
import Synchronization

/// API keys: made and revoked by the operator, looked up for every request.
package final class KeyService: Sendable {
    let database: any Database
    /// What was looked up lately. A revoked key is forgotten after ``Limits/keyCacheMilliseconds``.
    private let cache = Mutex<[SHA256Digest: Cached]>([:])
    /// When keys were used since that was last written down.
    private let uses = Mutex<[APIKeyID: Timestamp]>([:])

    private final class Cached: Sendable {
        let key: APIKey
        let principal: Principal
        /// Looked up then, and used within ``Limits/keyCacheMilliseconds``: a clock that is set back
        /// makes the entry old as well.
        let lookedUpAt: Timestamp

        init(_ key: APIKey, mode: AccountMode, rateLimit: Int?, lookedUpAt: Timestamp) {
            self.key = key
            self.lookedUpAt = lookedUpAt
            principal = Principal(
                actor: .key(key.id), owner: key.owner, mode: mode,
                abilities: key.abilities.union(Ability.always), rateLimit: rateLimit)
        }

        func isFresh(at now: Timestamp) -> Bool {
            (0..<Limits.keyCacheMilliseconds).contains(
                now.milliseconds - lookedUpAt.milliseconds)
        }
    }

    package init(database: any Database) {
        self.database = database
    }

    /// What a bearer token may do, or nil when it is not a valid key now.
    ///
    /// - Parameter secret: The token as sent; never logged and never stored.
    package func authenticate(_ secret: String, now: Timestamp) async throws -> Principal? {
        guard APIKeySecret.isWellFormed(secret) else { return nil }
        let hash = APIKeySecret.hash(secret)
        guard let found = try await look(up: hash, now: now), found.key.isValid(at: now) else {
            return nil
        }
        uses.withLock { $0[found.key.id] = now }
        return found.principal
    }

    /// Writes down when keys were used; once a minute is enough, and no request waits for it.
    ///
    /// - Returns: false: there is never more to do at once.
    package func noteUses() async throws -> Bool {
        let times = uses.withLock { uses in
            defer { uses.removeAll() }
            return uses
        }
        guard !times.isEmpty else { return false }
        try await database.write { try APIKeyStore.use(times, $0) }
        return false
    }

    private func look(up hash: SHA256Digest, now: Timestamp) async throws -> Cached? {
        if let cached = cache.withLock({ $0[hash] }), cached.isFresh(at: now) { return cached }
        let stored = Hex.encode(hash)
        guard let found = try await database.lookUp({ try APIKeyStore.find(hash: stored, $0) })
        else {
            cache.withLock { $0[hash] = nil }
            return nil
        }
        let cached = Cached(
            found.key, mode: found.mode, rateLimit: found.rateLimit.map(Int.init), lookedUpAt: now)
        cache.withLock { entries in
            if entries.count >= Limits.keyCacheEntriesMax { entries.removeAll() }
            entries[hash] = cached
        }
        return cached
    }
}

/// Whose key the operator makes.
package enum KeyOwner: Sendable {
    case group(PartnerGroupID)
    case organisation(OrganisationID)
}

extension KeyService {
    /// Makes a key; its secret is in the answer and nowhere else.
    ///
    /// - Throws: ``NotFound`` for an unknown group or organisation.
    package func create(
        for owner: KeyOwner, name: String = "", abilities: Set<Ability>, expiresAt: Timestamp?,
        now: Timestamp
    ) async throws -> (key: APIKey, secret: String) {
        let secret = APIKeySecret.make()
        let hash = Hex.encode(APIKeySecret.hash(secret))
        let key = try await database.write { tx in
            let key = APIKey(
                id: .make(at: now, slot: 0), name: name, owner: try Self.resolve(owner, tx),
                abilities: abilities, expiresAt: expiresAt, revokedAt: nil, createdAt: now)
            try APIKeyStore.insert(key, hash: hash, tx)
            return key
        }
        return (key, secret)
    }

    /// Every key, newest first.
    package func list() async throws -> [APIKey] {
        try await database.read { try APIKeyStore.all($0) }
    }

    /// Ends a key; running servers refuse it within two seconds.
    ///
    /// - Throws: ``NotFound``.
    package func revoke(_ id: APIKeyID, now: Timestamp) async throws {
        try await database.write { tx in
            guard try APIKeyStore.revoke(id, now: now, tx) else { throw NotFound("API key") }
        }
    }

    static func resolve(
        _ owner: KeyOwner, _ tx: any ReadTransaction
    ) throws -> Owner {
        switch owner {
        case .group(let id):
            guard let group = try AccountStore.group(id, tx) else {
                throw NotFound("partner group")
            }
            return group.isAdmin
                ? .adminGroup(id, partner: group.partnerID)
                : .restrictedGroup(id, partner: group.partnerID)
        case .organisation(let id):
            guard let partner = try AccountStore.partner(ofOrganisation: id, tx) else {
                throw NotFound("organisation")
            }
            return .organisation(id, partner: partner)
        }
    }
}
