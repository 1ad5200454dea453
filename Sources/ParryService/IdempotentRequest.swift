import Crypto
package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire
import Synchronization

// How an answer is stored in the same transaction as the work (amendment 4). A route says how the value
// that its use case returns becomes an answer, before it calls it; the request travels with the task. The
// services' database, an `IdempotentDatabase`, puts the claim before the use case's closure and the
// rendered answer after it. So work and answer are committed together or not at all, and a request whose
// answer was lost, whatever the reason, can be sent again.

/// A request with an Idempotency-Key, while it is carried out.
package final class IdempotentRequest: Sendable {
    /// The request of this task, if it has a key.
    @TaskLocal package static var current: IdempotentRequest?

    /// The answer was given before.
    package struct Replay: Error {
        package let answer: StoredAnswer
    }

    package let key: IdempotencyKey
    /// Makes of an answer what is stored of it.
    private let keep: @Sendable (StoredAnswer) throws -> StoredAnswer
    private let state = Mutex(State())

    private struct State {
        var render: (@Sendable (any Sendable) throws -> StoredAnswer?)?
        var isStored = false
    }

    package init(
        _ key: IdempotencyKey, keep: @escaping @Sendable (StoredAnswer) throws -> StoredAnswer
    ) {
        self.key = key
        self.keep = keep
    }

    /// Whether the answer was committed with the work.
    package var isStored: Bool { state.withLock(\.isStored) }

    /// Says how a value becomes the answer; also the only one of a list, as orders are stored.
    package func answers<Value: Sendable>(
        with render: @escaping @Sendable (Value) throws -> StoredAnswer?
    ) {
        state.withLock { state in
            state.render = { value in
                try ((value as? Value) ?? (value as? [Value])?.first).flatMap(render)
            }
        }
    }

    /// Runs a use case's closure between the claim and the answer.
    ///
    /// - Throws: ``Replay``, ``IdempotencyKeyReused``, and what the closure throws.
    func write<Value: Sendable>(
        _ database: any Database,
        _ body: @escaping @Sendable (any WriteTransaction) throws -> Value
    ) async throws -> Value {
        let render = state.withLock { $0.isStored ? nil : $0.render }
        guard let render else { return try await database.write(body) }
        let (key, keep) = (key, keep)
        let value = try await database.write { tx in
            if case .answered(let answer) = try IdempotencyStore.claim(key, tx) {
                throw Replay(answer: answer)
            }
            let value = try body(tx)
            guard let answer = try render(value) else {
                throw DatabaseError(.internalFailure, "an answer cannot be made of this value")
            }
            try IdempotencyStore.complete(key, keep(answer), tx)
            return value
        }
        state.withLock { $0.isStored = true }
        return value
    }
}

/// The database as the API's services see it: a request with an Idempotency-Key has its answer stored with
/// its work.
package struct IdempotentDatabase: ForwardingDatabase {
    package let base: any Database

    package init(_ base: any Database) {
        self.base = base
    }

    /// Writes, together with the answer where the request has a key.
    @discardableResult
    package func write<T: Sendable>(
        _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) async throws -> T {
        guard let request = IdempotentRequest.current else { return try await base.write(body) }
        return try await request.write(base, body)
    }
}

/// Answers that are not stored with any work: refusals, and those asked for again.
package struct IdempotencyService: Sendable {
    private let database: any Database
    private let secrets: SecretBox

    package init(database: any Database, secrets: SecretBox) {
        self.database = database
        self.secrets = secrets
    }

    /// The answer as it is kept when it shows a secret.
    package func seal(_ answer: StoredAnswer) throws -> StoredAnswer {
        let sealed = try secrets.seal(
            String(decoding: answer.body, as: UTF8.self), for: Self.sealName)
        return StoredAnswer(status: answer.status, body: Array(sealed.utf8))
    }

    /// The answer as it was given. What is kept as it is begins like JSON.
    ///
    /// - Throws: ``SecretBox/Unreadable``.
    package func open(_ answer: StoredAnswer) throws -> StoredAnswer {
        if answer.body.first == UInt8(ascii: "{") { return answer }
        let text = try secrets.open(
            String(decoding: answer.body, as: UTF8.self), for: Self.sealName)
        return StoredAnswer(status: answer.status, body: Array(text.utf8))
    }

    private static let sealName = "idempotency"

    /// The key of a request.
    ///
    /// - Parameters:
    ///   - path: Of the request, without a slash at its end; each has keys of its own.
    ///   - sent: The header's value.
    package static func key(
        of owner: Owner, path: String, sent: String, body: [UInt8], now: Timestamp
    ) -> IdempotencyKey {
        let slot = owner.id.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
        }
        return IdempotencyKey(
            scope: owner.id + " POST " + path, key: sent,
            bodyHash: Hex.encode(SHA256.hash(data: body)),
            slot: Int(slot % UInt64(IdentifierLayout.slotMax + 1)), at: now)
    }

    /// The answer that was given before.
    ///
    /// - Throws: ``IdempotencyKeyReused``.
    package func find(_ key: IdempotencyKey) async throws -> StoredAnswer? {
        try await database.lookUp { try IdempotencyStore.find(key, $0) }
    }

    /// Stores the answer to a request that wrote nothing, which is no change that the audit log tells of.
    package func remember(_ key: IdempotencyKey, _ answer: StoredAnswer) async throws {
        try await AuditNote.$current.withValue(nil) {
            try await database.write { tx in
                guard case .fresh = try IdempotencyStore.claim(key, tx) else { return }
                try IdempotencyStore.complete(key, answer, tx)
            }
        }
    }
}
