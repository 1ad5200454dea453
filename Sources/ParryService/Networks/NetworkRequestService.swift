package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire

/// What the networks were asked and told, for operators.
package struct NetworkRequestService: Sendable {
    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// The requests in a state, the oldest first.
    ///
    /// - Parameter limit: Requests at most.
    package func list(_ state: NetworkRequestState, limit: Int) async throws -> [NetworkRequest] {
        try await database.read { tx in
            try NetworkRequestStore.list(state, limit: limit, tx).map(NetworkRequest.init(stored:))
        }
    }

    /// Sends a parked request once more; a running server finds it within seconds.
    ///
    /// - Throws: ``NotFound``, ``NetworkRequestError``.
    package func retry(_ id: NetworkRequestID, now: Timestamp) async throws -> NetworkRequest {
        try await database.write { tx in
            guard let request = try NetworkRequestStore.locked(id, tx) else {
                throw NotFound("request")
            }
            guard request.state == .parked else {
                throw NetworkRequestError.notParked(request.state)
            }
            guard request.kind != .enrol else { throw NetworkRequestError.isEnrolment }
            try NetworkRequestStore.retry(id, now: now, tx)
            if request.kind == .publish {
                try RulesetPublicationStore.retry(
                    .init(stored: request.subjectID), now: now, tx)
            }
            return NetworkRequest(stored: try NetworkRequestStore.locked(id, tx) ?? request)
        }
    }
}

/// A request to a network, as operators see it.
package struct NetworkRequest: Sendable {
    private let stored: NetworkRequestStore.Stored

    init(stored: NetworkRequestStore.Stored) {
        self.stored = stored
    }

    /// Appends it as an object.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        writeMembers(to: &json)
        json.endObject()
    }

    /// Appends the members of its object.
    package func writeMembers(to json: inout JSONWriter) {
        json.field("id", stored.id.text)
        json.field("mode", stored.mode)
        json.field("network", stored.network)
        json.field("kind", stored.kind)
        json.field("subject_id", stored.subjectID)
        json.field("state", stored.state)
        json.field("attempt_count", stored.attemptCount)
        json.field("error", stored.error)
        json.field("created_at", stored.createdAt)
        json.field("due_at", stored.state == .waiting ? stored.dueAt : nil)
        json.field("ended_at", stored.endedAt)
        json.key("payload")
        json.raw(Array(stored.payload.utf8))
    }
}
