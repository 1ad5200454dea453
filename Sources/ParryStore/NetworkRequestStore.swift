package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `network_request`: what the networks are asked and told.
///
/// The life of a row: written in the commit of what it tells of → claimed, which puts `due_at` at the end of the
/// lease → the answer is written where the lease is still the same. A process that dies leaves the row due at the
/// end of its lease; networks take a repeated request as the same one.
package struct NetworkRequestStore {
    /// A request with everything that an operator asks about it.
    package struct Stored: Sendable {
        package let id: NetworkRequestID
        package let mode: AccountMode
        package let network: CardNetwork
        package let kind: NetworkRequestKind
        package let subjectID: String
        package let networkID: String?
        package let payload: String
        package let state: NetworkRequestState
        package let attemptCount: Int64
        package let dueAt: Timestamp
        package let error: String?
        package let createdAt: Timestamp
        package let endedAt: Timestamp?
    }

    private static let columns: SQL = """
        id, mode, network, kind, subject_id, network_id, payload, state, attempt_count, due_at, error,
        created_at, ended_at
        """

    /// A request that is to be written.
    package struct New: Sendable {
        package let network: CardNetwork
        package let kind: NetworkRequestKind
        package let subjectID: String
        package let slot: Int
        package let payload: String

        package init(
            network: CardNetwork, kind: NetworkRequestKind, subjectID: String, slot: Int,
            payload: String
        ) {
            self.network = network
            self.kind = kind
            self.subjectID = subjectID
            self.slot = slot
            self.payload = payload
        }
    }

    /// Queues requests. A second outcome of one alert is left out: the first is final.
    package static func insert(
        _ news: [New], mode: AccountMode, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        let rows: [[SQLValue]] = news.map { new in
            let id = NetworkRequestID.make(at: now, slot: new.slot)
            return [
                .text(id.text), .integer(Int64(new.slot)), .text(mode.rawValue),
                .text(new.network.rawValue), .text(new.kind.rawValue), .text(new.subjectID),
                .text(new.payload), .text(NetworkRequestState.waiting.rawValue), .integer(0),
                .integer(now.milliseconds), .integer(0), .integer(now.milliseconds),
            ]
        }
        try tx.insert(rows, by: insertion)
    }

    private static let insertion = Insertion(
        into: "network_request",
        [
            Column("id", .text), Column("slot", .integer), Column("mode", .text),
            Column("network", .text), Column("kind", .text), Column("subject_id", .text),
            Column("payload", .text), Column("state", .text), Column("attempt_count", .integer),
            Column("due_at", .integer), Column("lease", .integer), Column("created_at", .integer),
        ], skipsRepeats: true)

    /// Whether a claim could find something.
    package static func isDue(
        _ kind: NetworkRequestKind, to network: CardNetwork, mode: AccountMode, now: Timestamp,
        _ tx: any ReadTransaction
    ) throws -> Bool {
        try tx.row(
            """
            SELECT 1 FROM network_request WHERE mode = \(mode.rawValue)
            AND network = \(network.rawValue) AND kind = \(kind.rawValue) AND state = 'WAITING'
            AND due_at <= \(now.milliseconds) LIMIT 1
            """
        ) { try $0.integer() } != nil
    }

    /// Claims what is due, the longest due first.
    package static func claim(
        _ kind: NetworkRequestKind, to network: CardNetwork, mode: AccountMode, limit: Int,
        now: Timestamp, _ tx: any WriteTransaction
    ) throws -> [ClaimedNetworkRequest] {
        let lease = Int64.random(in: 1...Int64.max)
        let end = now.adding(seconds: Limits.networkLeaseSeconds)
        return try tx.rows(
            """
            WITH picked AS MATERIALIZED (
                SELECT id AS picked_id, slot AS picked_slot FROM network_request
                WHERE mode = \(mode.rawValue) AND network = \(network.rawValue)
                AND kind = \(kind.rawValue) AND state = 'WAITING' AND due_at <= \(now.milliseconds)
                ORDER BY due_at LIMIT \(limit) \(tx.dialect.forUpdateSkipLocked))
            UPDATE network_request SET due_at = \(end.milliseconds), lease = \(lease)
            FROM picked WHERE id = picked_id AND slot = picked_slot
            RETURNING id, subject_id, payload, attempt_count
            """
        ) { row in
            ClaimedNetworkRequest(
                id: .init(stored: try row.text()), kind: kind, subjectID: try row.text(),
                payload: try row.text(), attemptCount: try row.integer(), lease: lease)
        }.sorted { $0.id.text < $1.id.text }
    }

    /// Writes what the network answered, unless the lease is lost.
    ///
    /// - Returns: Whether it was written.
    package static func record(
        _ answer: NetworkAnswer, of request: ClaimedNetworkRequest, now: Timestamp,
        _ tx: any WriteTransaction
    ) throws -> Bool {
        let change: SQL
        switch answer {
        case .taken(let networkID):
            change = """
                state = 'DONE', network_id = COALESCE(\(networkID), network_id), error = NULL,
                ended_at = \(now.milliseconds), lease = 0
                """
        case .recoverable(let reason):
            let due = NetworkRetry.next(after: request.attemptCount + 1, now: now)
            change = "error = \(kept(reason)), due_at = \(due.milliseconds), lease = 0"
        case .final(let reason):
            change = """
                state = 'PARKED', error = \(kept(reason)), ended_at = \(now.milliseconds), lease = 0
                """
        }
        return try tx.execute(
            """
            UPDATE network_request SET attempt_count = attempt_count + 1, \(change)
            WHERE id = \(request.id.text) AND slot = \(request.id.slot)
            AND lease = \(request.lease)
            """) == 1
    }

    private static func kept(_ reason: String) -> String {
        String(reason.prefix(Limits.networkErrorMax))
    }

    /// The request by its id, which networks repeat.
    package static func find(
        _ id: NetworkRequestID, mode: AccountMode, _ tx: any ReadTransaction
    ) throws -> Stored? {
        try tx.row(
            """
            SELECT \(columns) FROM network_request
            WHERE id = \(id.text) AND slot = \(id.slot) AND mode = \(mode.rawValue)
            """, read)
    }

    /// Every request about an alert or an enrolment, the oldest first.
    package static func list(
        about subject: String, _ tx: any ReadTransaction
    ) throws -> [Stored] {
        try tx.rows(
            """
            SELECT \(columns) FROM network_request WHERE subject_id = \(subject)
            ORDER BY created_at, id LIMIT 100
            """, read)
    }

    /// The requests by which an enrolment was begun and ended at its network, the oldest first.
    package static func enrolling(
        _ enrolment: EnrolmentID, _ tx: any ReadTransaction
    ) throws -> [Stored] {
        try tx.rows(
            """
            SELECT \(columns) FROM network_request WHERE subject_id = \(enrolment.text)
            AND slot = \(enrolment.slot) AND kind IN ('ENROL', 'UNENROL')
            ORDER BY created_at, id
            """, read)
    }

    /// The requests in a state, the oldest first.
    package static func list(
        _ state: NetworkRequestState, limit: Int, _ tx: any ReadTransaction
    ) throws -> [Stored] {
        try tx.rows(
            """
            SELECT \(columns) FROM network_request WHERE state = \(state.rawValue)
            ORDER BY id LIMIT \(limit)
            """, read)
    }

    /// The request, locked, whatever its mode.
    package static func locked(
        _ id: NetworkRequestID, _ tx: any WriteTransaction
    ) throws -> Stored? {
        try tx.row(
            """
            SELECT \(columns) FROM network_request WHERE id = \(id.text) AND slot = \(id.slot)
            \(tx.dialect.suffix(.update))
            """, read)
    }

    /// Sends a parked request once more; its caller has locked it.
    package static func retry(
        _ id: NetworkRequestID, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE network_request SET state = 'WAITING', due_at = \(now.milliseconds),
                ended_at = NULL, lease = 0
            WHERE id = \(id.text) AND slot = \(id.slot) AND state = 'PARKED'
            """)
    }

    /// How much each network is still to be asked and told.
    package static func depths(
        now: Timestamp, _ tx: any ReadTransaction
    ) throws -> [NetworkQueueDepth] {
        let waiting = try tx.rows(
            """
            SELECT network, count(*), min(due_at) FROM network_request WHERE state = 'WAITING'
            GROUP BY network
            """
        ) {
            (
                network: try $0.word() as CardNetwork, count: try $0.integer(),
                due: try $0.timestamp()
            )
        }
        let parked = try tx.rows(
            "SELECT network, count(*) FROM network_request WHERE state = 'PARKED' GROUP BY network"
        ) { (network: try $0.word() as CardNetwork, count: try $0.integer()) }
        return CardNetwork.allCases.map { network in
            let open = waiting.first { $0.network == network }
            return NetworkQueueDepth(
                network: network, waiting: open?.count ?? 0,
                parked: parked.first { $0.network == network }?.count ?? 0,
                oldestDue: open.flatMap { $0.due < now ? $0.due : nil })
        }
    }

    /// Takes back what was never sent. What was sent without an answer may have been taken: its retry finds out.
    ///
    /// - Returns: How many were taken back.
    package static func cancel(
        _ kind: NetworkRequestKind, about subject: String, now: Timestamp,
        _ tx: any WriteTransaction
    ) throws -> Int {
        try tx.execute(
            """
            UPDATE network_request SET state = 'CANCELLED', ended_at = \(now.milliseconds)
            WHERE subject_id = \(subject) AND kind = \(kind.rawValue) AND state = 'WAITING'
            AND lease = 0 AND attempt_count = 0
            """)
    }

    /// Ends what waits although it may be on its way, because something newer is told instead.
    package static func supersede(
        _ kind: NetworkRequestKind, about subject: String, slot: Int, now: Timestamp,
        _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE network_request
            SET state = 'CANCELLED', ended_at = \(now.milliseconds), lease = 0
            WHERE subject_id = \(subject) AND slot = \(slot) AND kind = \(kind.rawValue)
            AND state IN ('WAITING', 'PARKED')
            """)
    }

    private static func read(_ row: inout RowReader) throws -> Stored {
        Stored(
            id: .init(stored: try row.text()), mode: try row.word(), network: try row.word(),
            kind: try row.word(), subjectID: try row.text(), networkID: try row.textOrNull(),
            payload: try row.text(), state: try row.word(), attemptCount: try row.integer(),
            dueAt: try row.timestamp(), error: try row.textOrNull(),
            createdAt: try row.timestamp(), endedAt: try row.timestampOrNull())
    }
}
