import ParryDatabase
import ParryDomain
import ParryWire

/// Writes what became of deliveries: those that ended go from `delivery` to `delivery_ended`, the others get
/// the time of their next try, and each try stands in `delivery_attempt`.
struct DeliveryRecord {
    /// Whether the tables are spread over the nodes of Citus.
    let isDistributed: Bool
    let now: Timestamp

    /// - Returns: How many were written; of the others the lease is lost.
    func write(_ results: [EndedDelivery], _ tx: any WriteTransaction) throws -> Int {
        switch tx.dialect {
        case .postgreSQL where !isDistributed: try writeAtOnce(results.map(Line.init), tx)
        default: try writeInSteps(results, tx)
        }
    }

    /// Ends deliveries untried.
    func giveUp(_ ids: [DeliveryID], _ tx: any WriteTransaction) throws {
        guard !ids.isEmpty else { return }
        switch tx.dialect {
        case .postgreSQL where !isDistributed: _ = try writeAtOnce(ids.map(Line.init(givenUp:)), tx)
        default: _ = try end(ids, as: .failed, tries: 0, where: "1 = 1", tx)
        }
    }
}

// In steps: an SQLite file has one writer, and Citus moves no rows between tables in one statement.
extension DeliveryRecord {
    private func writeInSteps(
        _ results: [EndedDelivery], _ tx: any WriteTransaction
    ) throws -> Int {
        var written = 0
        for (state, results) in [
            (DeliveryState.delivered, results.filter { $0.next == .delivered }),
            (.failed, results.filter { $0.next == .failed }),
        ] {
            for (lease, results) in Dictionary(grouping: results, by: \.delivery.lease) {
                written += try end(
                    results.map(\.delivery.id), as: state, tries: 1, where: "lease = \(lease)", tx)
            }
        }
        for result in results {
            if case .retry(let time) = result.next {
                written += try putOff(result.delivery, until: time, tx)
            }
        }
        try tx.insert(results.map(Self.attempt), by: Self.attemptInsertion)
        return written
    }

    /// Takes deliveries out of the queue, into those that have ended.
    ///
    /// Differs by necessity: SQLite moves rows fastest without showing them; Citus moves none between tables.
    ///
    /// - Parameter ids: At least one.
    private func end(
        _ ids: [DeliveryID], as state: DeliveryState, tries: Int64, where condition: SQL,
        _ tx: any WriteTransaction
    ) throws -> Int {
        guard tx.dialect == .postgreSQL else {
            return try move(ids, as: state, tries: tries, where: condition, tx)
        }
        let rows = try tx.rows(
            """
            DELETE FROM delivery WHERE id IN \(anyOf: ids.map(\.text))
            AND slot IN \(anyOf: DeliveryStore.slots(ids)) AND \(condition)
            RETURNING id, slot, event_id, endpoint_id, attempt_count, created_at
            """
        ) { row -> [SQLValue] in
            [
                .text(try row.text()), .integer(try row.integer()), .text(try row.text()),
                .text(try row.text()), .text(state.rawValue), .integer(try row.integer() + tries),
                .integer(try row.integer()), .integer(now.milliseconds),
            ]
        }
        try tx.insert(rows, by: Self.endedInsertion)
        return rows.count
    }

    /// The same within an SQLite file.
    private func move(
        _ ids: [DeliveryID], as state: DeliveryState, tries: Int64, where condition: SQL,
        _ tx: any WriteTransaction
    ) throws -> Int {
        let those: SQL = "id IN \(DeliveryStore.list(of: ids.map(\.text))) AND \(condition)"
        try tx.execute(
            """
            INSERT INTO delivery_ended (id, slot, event_id, endpoint_id, state, attempt_count,
                created_at, ended_at)
            SELECT id, slot, event_id, endpoint_id, \(state.rawValue),
                attempt_count + \(tries), created_at, \(now.milliseconds)
            FROM delivery WHERE \(those)
            """)
        return try tx.execute("DELETE FROM delivery WHERE \(those)")
    }

    private func putOff(
        _ claimed: ClaimedDelivery, until due: Timestamp, _ tx: any WriteTransaction
    ) throws -> Int {
        try tx.execute(
            """
            UPDATE delivery SET attempt_count = attempt_count + 1, due_at = \(due.milliseconds),
                lease = 0
            WHERE id = \(claimed.id.text) AND slot = \(claimed.id.slot)
            AND lease = \(claimed.lease)
            """)
    }

    private static let endedInsertion = Insertion(
        into: "delivery_ended",
        [
            Column("id", .text), Column("slot", .integer), Column("event_id", .text),
            Column("endpoint_id", .text), Column("state", .text), Column("attempt_count", .integer),
            Column("created_at", .integer), Column("ended_at", .integer),
        ])

    /// Results whose commit was in doubt are written again; the lease makes them the same row.
    private static let attemptInsertion = Insertion(
        into: "delivery_attempt",
        [
            Column("delivery_id", .text), Column("slot", .integer), Column("lease", .integer),
            Column("number", .integer),
            Column("started_at", .integer), Column("duration_in_ms", .integer),
            Column("status_code", .integer), Column("error", .text), Column("address", .text),
            Column("answer", .text),
        ], skipsRepeats: true)

    private static func attempt(_ result: EndedDelivery) -> [SQLValue] {
        let (status, error) = outcome(of: result.attempt)
        return [
            .text(result.delivery.id.text), .integer(Int64(result.delivery.id.slot)),
            .integer(result.delivery.lease), .integer(result.delivery.attemptCount + 1),
            .integer(result.attempt.startedAt.milliseconds),
            .integer(result.attempt.durationMilliseconds), .init(status), .init(error),
            .init(result.attempt.address), .init(result.attempt.answer),
        ]
    }

    private static func outcome(of attempt: DeliveryAttempt) -> (status: Int64?, error: String?) {
        switch attempt.outcome {
        case .answered(let code): (Int64(code), nil)
        case .failed(let reason): (nil, reason)
        }
    }
}

// At once: one statement is one round trip and one commit, however many results it writes.
extension DeliveryRecord {
    /// What becomes of one delivery.
    private struct Line {
        let id: DeliveryID
        /// nil ends the delivery whoever has it.
        let lease: Int64?
        /// Its state when it ends now.
        let state: DeliveryState?
        let retryAt: Timestamp?
        /// nil when it was not tried.
        let tried: EndedDelivery?

        init(_ result: EndedDelivery) {
            id = result.delivery.id
            lease = result.delivery.lease
            tried = result
            switch result.next {
            case .delivered: (state, retryAt) = (.delivered, nil)
            case .failed: (state, retryAt) = (.failed, nil)
            case .retry(let time): (state, retryAt) = (nil, time)
            }
        }

        init(givenUp id: DeliveryID) {
            self.id = id
            lease = nil
            state = .failed
            retryAt = nil
            tried = nil
        }

        func write(into json: inout JSONWriter) {
            json.beginObject()
            json.field("id", id.text)
            json.field("slot", Int64(id.slot))
            json.field("lease", lease)
            json.field("state", state)
            json.field("retry_at", retryAt?.milliseconds)
            if let tried { write(tried, into: &json) }
            json.endObject()
        }

        private func write(_ tried: EndedDelivery, into json: inout JSONWriter) {
            let (status, error) = DeliveryRecord.outcome(of: tried.attempt)
            json.field("number", tried.delivery.attemptCount + 1)
            json.field("started_at", tried.attempt.startedAt.milliseconds)
            json.field("duration_in_ms", tried.attempt.durationMilliseconds)
            json.field("status_code", status)
            json.field("error", error)
            json.field("address", tried.attempt.address)
            json.field("answer", tried.attempt.answer)
        }
    }

    private func writeAtOnce(_ lines: [Line], _ tx: any WriteTransaction) throws -> Int {
        var json = JSONWriter(capacity: lines.count * 256)
        json.beginArray()
        for line in lines { line.write(into: &json) }
        json.endArray()
        let slots = DeliveryStore.slots(lines.map(\.id))
        return try tx.row(
            """
            WITH result AS (SELECT * FROM jsonb_to_recordset(
                \(String(decoding: json.bytes, as: UTF8.self))::jsonb) AS result (id text, slot bigint,
                lease bigint, state text, retry_at bigint, number bigint, started_at bigint,
                duration_in_ms bigint, status_code bigint, error text, address text, answer text)),
            ended AS (DELETE FROM delivery d USING result r
                WHERE d.id = r.id AND d.slot = r.slot AND d.slot IN \(anyOf: slots)
                AND r.retry_at IS NULL AND d.lease = COALESCE(r.lease, d.lease)
                RETURNING d.id, d.slot, d.event_id, d.endpoint_id, r.state,
                    d.attempt_count + CASE WHEN r.number IS NULL THEN 0 ELSE 1 END, d.created_at),
            moved AS (INSERT INTO delivery_ended (id, slot, event_id, endpoint_id, state,
                attempt_count, created_at, ended_at)
                SELECT *, \(now.milliseconds)::bigint FROM ended),
            put_off AS (UPDATE delivery d SET attempt_count = d.attempt_count + 1,
                due_at = r.retry_at, lease = 0 FROM result r
                WHERE d.id = r.id AND d.slot = r.slot AND d.slot IN \(anyOf: slots)
                AND r.retry_at IS NOT NULL AND d.lease = r.lease RETURNING 1),
            tried AS (INSERT INTO delivery_attempt (delivery_id, slot, lease, number, started_at,
                duration_in_ms, status_code, error, address, answer)
                SELECT id, slot, lease, number, started_at, duration_in_ms, status_code, error,
                    address, answer FROM result WHERE number IS NOT NULL ON CONFLICT DO NOTHING)
            SELECT (SELECT count(*) FROM ended) + (SELECT count(*) FROM put_off)
            """
        ) { Int(try $0.integer()) } ?? 0
    }
}
