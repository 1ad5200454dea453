package import ParryDatabase

/// The rows of `setting`: facts about the installation.
package struct SettingStore {
    /// The fingerprint of the master key that secrets are encrypted with.
    package static let masterKeyFingerprint = "master_key_fingerprint"

    /// The value, if it was ever set.
    package static func value(
        _ key: String, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> String? {
        try tx.row(
            "SELECT value FROM setting WHERE key = \(key) \(tx.dialect.suffix(lock))"
        ) { try $0.text() }
    }

    /// Sets the value, whatever was there before.
    package static func set(
        _ key: String, to value: String, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO setting (key, value) VALUES (\(key), \(value))
            ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """)
    }
}
