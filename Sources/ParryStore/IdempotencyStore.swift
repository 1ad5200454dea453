package import ParryDatabase
package import ParryDomain
import ParryWire

/// The rows of `idempotency`: answers that are given again to the same request.
package struct IdempotencyStore {
    /// What a request finds.
    package enum Claim: Sendable {
        /// Nothing: the request is to be carried out, and completed in the same transaction.
        case fresh
        case answered(StoredAnswer)
    }

    /// The answer to the same request, if it is stored.
    ///
    /// - Throws: ``IdempotencyKeyReused``.
    package static func find(
        _ key: IdempotencyKey, _ tx: any ReadTransaction
    ) throws -> StoredAnswer? {
        let row = try tx.row(
            """
            SELECT body_hash, status, body FROM idempotency
            WHERE scope = \(key.scope) AND key = \(key.key) AND slot = \(key.slot)
            AND created_at >= \(oldest(key))
            """
        ) { (try $0.text(), try $0.integerOrNull(), try $0.textOrNull()) }
        guard let (hash, status, body) = row else { return nil }
        guard hash == key.bodyHash else { throw IdempotencyKeyReused() }
        guard let status, let body else { return nil }
        return StoredAnswer(status: Int(status), body: Array(body.utf8))
    }

    /// Takes the key for this transaction. A twin in another one waits until this one ends, and then finds
    /// its answer.
    ///
    /// - Throws: ``IdempotencyKeyReused``.
    package static func claim(
        _ key: IdempotencyKey, _ tx: any WriteTransaction
    ) throws -> Claim {
        if key.at.milliseconds % sweepEvery == 0 {
            try tx.execute("DELETE FROM idempotency WHERE created_at < \(oldest(key))")
        }
        let taken = try tx.execute(
            """
            INSERT INTO idempotency AS i (scope, key, slot, body_hash, created_at)
            VALUES (\(key.scope), \(key.key), \(key.slot), \(key.bodyHash),
                \(key.at.milliseconds))
            ON CONFLICT (scope, key, slot) DO UPDATE SET body_hash = excluded.body_hash,
                status = NULL, body = NULL, created_at = excluded.created_at
            WHERE i.created_at < \(oldest(key))
            """)
        if taken == 1 { return .fresh }
        return try find(key, tx).map(Claim.answered) ?? .fresh
    }

    /// Stores the answer of a claimed key.
    package static func complete(
        _ key: IdempotencyKey, _ answer: StoredAnswer, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE idempotency SET status = \(answer.status),
                body = \(String(decoding: answer.body, as: UTF8.self))
            WHERE scope = \(key.scope) AND key = \(key.key) AND slot = \(key.slot)
            """)
    }

    /// Removes answers that are stored encrypted.
    package static func forgetSealed(_ tx: any WriteTransaction) throws {
        try tx.execute("DELETE FROM idempotency WHERE body NOT LIKE '{%'")
    }

    private static func oldest(_ key: IdempotencyKey) -> Int64 {
        key.at.milliseconds - Limits.idempotencyMilliseconds
    }

    /// One claim in so many also removes what is too old.
    private static let sweepEvery: Int64 = 64
}
