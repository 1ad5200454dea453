import Crypto
package import ParryDatabase
import ParryDomain
import ParryStore
package import ParryWire

// A page that shows a key once is the answer to the form that made it. Who reloads that page sends the form again, and
// would silently make a second key. So such a form carries an id, made when it is shown, and is carried out once: the id is
// taken in the table of `Idempotency-Key`, which all processes share and which forgets after a day; long before that the
// password is asked for again. It is taken in a transaction of its own, before the work: a crash in between makes nothing,
// and the person opens the form anew.

/// Forms that are carried out once.
package struct SentFormService: Sendable {
    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// The id of a form that is about to be shown.
    package static func makeID() -> String { Base64URL.random() }

    /// Takes the id of a form that was sent.
    ///
    /// - Returns: false when it was sent before, or carries no id.
    package func take(
        _ id: String, of person: PersonID, now: Timestamp
    ) async throws -> Bool {
        guard 20...64 ~= id.utf8.count else { return false }
        let key = IdempotencyKey(
            scope: "form \(person.text)", key: Hex.encode(SHA256.hash(data: Array(id.utf8))),
            bodyHash: "", slot: 0, at: now)
        // No line of the audit log: it is the work that has one.
        return try await AuditNote.$current.withValue(nil) {
            try await database.write { tx in
                guard case .fresh = try IdempotencyStore.claim(key, tx) else { return false }
                try IdempotencyStore.complete(key, Self.done, tx)
                return true
            }
        }
    }

    private static let done = StoredAnswer(status: 200, body: Array("{}".utf8))
}
