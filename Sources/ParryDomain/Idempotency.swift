package import ParryWire

/// What makes two requests the same one (amendment 4).
package struct IdempotencyKey: Sendable, Hashable {
    /// Owner, method and path.
    package let scope: String
    /// As sent.
    package let key: String
    /// A hash of the body's bytes.
    package let bodyHash: String
    /// Spreads the rows of many owners.
    package let slot: Int
    package let at: Timestamp

    package init(scope: String, key: String, bodyHash: String, slot: Int, at: Timestamp) {
        self.scope = scope
        self.key = key
        self.bodyHash = bodyHash
        self.slot = slot
        self.at = at
    }
}

/// An answer as it went out.
package struct StoredAnswer: Sendable, Hashable {
    package let status: Int
    package let body: [UInt8]

    package init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}

/// The key was used for another body within the last 24 hours.
package struct IdempotencyKeyReused: Error {
    package init() {}
}
