package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `webhook_redelivery`: jobs that send many deliveries of an endpoint again. A row stays as the
/// record of who had it done.
package struct RedeliveryStore {
    private static let columns: SQL = """
        id, endpoint_id, status, states, created_from, created_to, requested_by, last_delivery_id,
        redelivered_count, created_at, updated_at
        """

    /// Adds a job.
    package static func insert(_ job: Redelivery, _ tx: any WriteTransaction) throws {
        let request = job.request
        try tx.execute(
            """
            INSERT INTO webhook_redelivery (id, endpoint_id, status, states, created_from,
                created_to, requested_by, last_delivery_id, redelivered_count, created_at,
                updated_at)
            VALUES (\(job.id.text), \(request.endpointID.text), \(job.status.rawValue),
                \(request.states.map(\.rawValue).joined(separator: ",")),
                \(request.createdFrom.milliseconds), \(request.createdTo.milliseconds),
                \(request.requestedBy), '', 0, \(job.createdAt.milliseconds),
                \(job.updatedAt.milliseconds))
            """)
    }

    /// The job, if this owner sees its endpoint.
    package static func find(
        _ id: RedeliveryID, for owner: Owner, _ tx: any ReadTransaction
    ) throws -> Redelivery? {
        try tx.row(
            """
            SELECT \(columns) FROM webhook_redelivery WHERE id = \(id.text)
            AND endpoint_id IN (SELECT id FROM webhook_endpoint WHERE \(owner.seesEndpoint))
            """, read)
    }

    /// The page of jobs of endpoints that this owner sees, newest first.
    package static func list(
        for owner: Owner, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<Redelivery> {
        try ListQuery(
            table: "webhook_redelivery", columns: columns,
            conditions: [
                "endpoint_id IN (SELECT id FROM webhook_endpoint WHERE \(owner.seesEndpoint))"
            ],
            order: ListOrder(byID: .descending), page: page
        ).run(tx, read)
    }

    /// Whether a job is not done.
    package static func isRunning(_ tx: any ReadTransaction) throws -> Bool {
        try tx.row("SELECT id FROM webhook_redelivery WHERE status = 'RUNNING' LIMIT 1") {
            try $0.text()
        } != nil
    }

    /// The job that has run longest, kept from other processes until the transaction ends.
    package static func next(_ tx: any WriteTransaction) throws -> Redelivery? {
        try tx.row(
            """
            SELECT \(columns) FROM webhook_redelivery WHERE status = 'RUNNING'
            ORDER BY id LIMIT 1 \(tx.dialect.forUpdateSkipLocked)
            """, read)
    }

    /// The next deliveries of a job.
    package static func deliveries(
        of job: Redelivery, limit: Int, _ tx: any ReadTransaction
    ) throws -> [DeliveryID] {
        let request = job.request
        let first = max(
            job.lastDeliveryID, DeliveryID.bounds(at: request.createdFrom).first.text)
        return try tx.rows(
            """
            SELECT id FROM delivery_ended WHERE endpoint_id = \(request.endpointID.text)
            AND id > \(first) AND id <= \(DeliveryID.bounds(at: request.createdTo).last.text)
            AND state IN \(anyOf: request.states.map(\.rawValue)) ORDER BY id LIMIT \(limit)
            """
        ) { DeliveryID(stored: try $0.text()) }
    }

    /// How many deliveries a job would send again, counted up to a limit.
    package static func count(
        of request: Redelivery.Request, limit: Int, _ tx: any ReadTransaction
    ) throws -> Int64 {
        // Written out, so that the index of failed ones alone can be used.
        let (state, index): (SQL, SQL) =
            switch request.states {
            case [.failed]: ("state = 'FAILED'", "delivery_ended_failed")
            case [.delivered]: ("state = 'DELIVERED'", "delivery_ended_endpoint")
            default: ("1 = 1", "delivery_ended_endpoint")
            }
        return try tx.row(
            """
            SELECT count(*) FROM (SELECT id FROM delivery_ended \(tx.dialect.indexed(by: index))
                WHERE endpoint_id = \(request.endpointID.text)
                AND id >= \(DeliveryID.bounds(at: request.createdFrom).first.text)
                AND id <= \(DeliveryID.bounds(at: request.createdTo).last.text)
                AND \(state) LIMIT \(limit)) AS chosen
            """
        ) { try $0.integer() } ?? 0
    }

    /// Saves how far a job has come.
    package static func save(_ job: Redelivery, _ tx: any WriteTransaction) throws {
        try tx.execute(
            """
            UPDATE webhook_redelivery SET status = \(job.status.rawValue),
                last_delivery_id = \(job.lastDeliveryID),
                redelivered_count = \(job.redeliveredCount),
                updated_at = \(job.updatedAt.milliseconds)
            WHERE id = \(job.id.text)
            """)
    }

    private static func read(_ row: inout RowReader) throws -> Redelivery {
        let id = RedeliveryID(stored: try row.text())
        let endpoint = WebhookEndpointID(stored: try row.text())
        let status: RedeliveryStatus = try row.word()
        let states = try row.text().split(separator: ",").compactMap {
            DeliveryState(rawValue: String($0))
        }
        let request = Redelivery.Request(
            endpointID: endpoint, states: states, createdFrom: try row.timestamp(),
            createdTo: try row.timestamp(), requestedBy: try row.text())
        return Redelivery(
            id: id, request: request, status: status, lastDeliveryID: try row.text(),
            redeliveredCount: try row.integer(), createdAt: try row.timestamp(),
            updatedAt: try row.timestamp())
    }
}
