package import ParryDatabase
import ParryStore
import ParryWire

/// Keeps the database and the master key together: the key's fingerprint is stored, another key is
/// refused, and a rotation re-encrypts every secret in one transaction.
package struct MasterKeyService: Sendable {
    /// The database was written with another key.
    package struct WrongKey: Error, CustomStringConvertible {
        package let description = """
            the master key is not the one that this database was written with: \
            give the right PARRY_MASTER_KEY, or, to change it, the old one as \
            PARRY_MASTER_KEY_PREVIOUS
            """
    }

    /// "PRKY": the lock under which the key changes.
    private static let lock: Int64 = 0x5052_4B59

    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// Whether the database already belongs to some master key.
    package func isBound() async throws -> Bool {
        try await database.read {
            try SettingStore.value(SettingStore.masterKeyFingerprint, $0) != nil
        }
    }

    /// Binds a new database to the key, accepts the key it is bound to, or rotates from the previous one.
    ///
    /// - Throws: ``WrongKey``; the database is then unchanged.
    package func bind(_ current: SecretBox, previous: SecretBox?) async throws {
        let bound = try await database.lookUp {
            try SettingStore.value(SettingStore.masterKeyFingerprint, $0)
        }
        if bound == current.fingerprint { return }
        try await database.write { tx in
            // Two processes that start on a new database with different keys cannot both bind it.
            try tx.waitAlone(Self.lock)
            let key = SettingStore.masterKeyFingerprint
            let stored = try SettingStore.value(key, tx)
            if stored == current.fingerprint { return }
            if let stored {
                guard let previous, stored == previous.fingerprint else { throw WrongKey() }
                // Answers with secrets are kept for a day only: none is given again after this.
                try IdempotencyStore.forgetSealed(tx)
                try WebhookEndpointStore.reencrypt(tx) { id, secret in
                    try current.seal(previous.open(secret, for: id), for: id)
                }
                for (partner, key) in try SignOnStore.keys(tx) {
                    let clear = try previous.open(key, for: partner.text)
                    try SignOnStore.setKey(current.seal(clear, for: partner.text), of: partner, tx)
                }
            }
            try SettingStore.set(key, to: current.fingerprint, tx)
        }
    }
}
