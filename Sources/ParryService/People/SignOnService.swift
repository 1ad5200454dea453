import Crypto
package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire

/// The key by which a partner signs in the members of its organisations (CONTRACT.md 2.4). Of administrators alone.
///
/// The key is stored encrypted and told once, where it is made. Making another or none ends the sessions of who came by the
/// former one: a key that got into wrong hands opens nothing from then on.
package struct SignOnService: Sendable {
    private let database: any Database
    private let secrets: SecretBox

    package init(database: any Database, secrets: SecretBox) {
        self.database = database
        self.secrets = secrets
    }

    /// What an administrator changes a key from: made anew with each key, and no secret.
    ///
    /// - Returns: nil where there is no key.
    /// - Throws: ``NotFound`` for everybody but administrators.
    package func mark(by principal: Principal) async throws -> String? {
        let partner = try Self.partner(of: principal)
        return try await database.lookUp { try Self.mark(of: partner, $0) }
    }

    /// Makes a key in place of the one that the mark is of.
    ///
    /// - Returns: The key, which is told here and nowhere else.
    /// - Throws: ``SignOnError/changed`` when the mark is of another one; ``NotFound``.
    package func makeKey(
        replacing mark: String?, by principal: Principal, now: Timestamp
    ) async throws -> String {
        let key = "sso_" + Base64URL.random()
        try await set(key, replacing: mark, by: principal, now: now)
        return key
    }

    /// Ends single sign-on until another key is made.
    ///
    /// - Throws: As ``makeKey(replacing:by:now:)``.
    package func removeKey(
        _ mark: String?, by principal: Principal, now: Timestamp
    ) async throws {
        try await set(nil, replacing: mark, by: principal, now: now)
    }

    private func set(
        _ key: String?, replacing mark: String?, by principal: Principal, now: Timestamp
    ) async throws {
        let partner = try Self.partner(of: principal)
        let sealed = try key.map { try secrets.seal($0, for: partner.text) }
        try await database.write { tx in
            let current = try Self.mark(of: partner, lock: .update, tx)
            guard current == mark, current != nil || sealed != nil else {
                throw SignOnError.changed
            }
            try SignOnStore.setKey(sealed, of: partner, tx)
            try SessionStore.endAll(through: partner, now: now, tx)
            return SignOnChange(partnerID: partner)
        }
    }

    private static func mark(
        of partner: PartnerID, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> String? {
        try SignOnStore.key(of: partner, lock: lock, tx).map { sealed in
            Hex.encode(Array(SHA256.hash(data: Array(sealed.utf8)).prefix(12)))
        }
    }

    private static func partner(of principal: Principal) throws -> PartnerID {
        guard case .adminGroup(_, let partner) = principal.owner else {
            throw NotFound("single sign-on")
        }
        return partner
    }
}

/// Why a key of single sign-on is not changed.
package enum SignOnError: Error, Equatable {
    /// It is another one than the administrator saw, or there is one or none now.
    case changed
}

/// What the audit log names.
private struct SignOnChange: AuditSubject, Sendable {
    let partnerID: PartnerID

    var auditedID: String { partnerID.text }
    var auditedPartner: PartnerID? { partnerID }
}
