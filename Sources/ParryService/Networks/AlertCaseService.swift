package import ParryDatabase
package import ParryDomain
import ParryMatching
import ParryStore
package import ParryWire

/// How alerts were matched and judged, for who wants to know why.
package struct AlertCaseService: Sendable {
    let database: any Database
    let wake: Wake

    package init(database: any Database, wake: Wake) {
        self.database = database
        self.wake = wake
    }

    /// The match of an alert with everything that speaks for and against each candidate.
    ///
    /// - Throws: ``NotFound`` for an alert that the key does not see, and for one that nothing was looked for.
    package func match(
        of id: AlertID, by principal: Principal
    ) async throws -> AlertMatch {
        try await database.lookUp { tx in
            guard let alert = try AlertStore.find(id, for: principal.owner, tx),
                let record = try AlertCaseStore.find(id, tx)
            else { throw NotFound("match") }
            return AlertMatch(alert: alert, record: record)
        }
    }

    /// An alert with what its network was told and when.
    ///
    /// - Throws: ``NotFound``.
    package func operatorView(of id: AlertID) async throws -> OperatorAlert {
        try await database.read { tx in
            guard let alert = try AlertStore.named(id, tx) else { throw NotFound("alert") }
            return OperatorAlert(
                alert: alert, record: try AlertCaseStore.find(id, tx),
                requests: try NetworkRequestStore.list(about: id.text, tx))
        }
    }
}

/// An alert as the operator sees it.
package struct OperatorAlert: Sendable {
    let alert: Alert
    let record: AlertCaseStore.Case?
    let requests: [NetworkRequestStore.Stored]

    /// Writes the members.
    package func write(to json: inout JSONWriter) {
        json.key("alert")
        alert.write(to: &json, links: false)
        json.field("invalid_reason", record?.invalidReason)
        json.field("original_alert_id", record?.originalID?.text)
        json.key("match")
        if let record {
            AlertMatch(alert: alert, record: record).write(to: &json, links: false)
        } else {
            json.null()
        }
        json.key("network_requests")
        json.beginArray()
        for request in requests { write(request, to: &json) }
        json.endArray()
    }

    private func write(_ request: NetworkRequestStore.Stored, to json: inout JSONWriter) {
        json.beginObject()
        json.field("id", request.id.text)
        json.field("network", request.network)
        json.field("kind", request.kind)
        json.field("state", request.state)
        json.field("attempt_count", request.attemptCount)
        json.field("error", request.error)
        json.field("created_at", request.createdAt)
        json.field("due_at", request.state == .waiting ? request.dueAt : nil)
        json.field("ended_at", request.endedAt)
        json.key("payload")
        json.raw(Array(request.payload.utf8))
        json.endObject()
    }
}
