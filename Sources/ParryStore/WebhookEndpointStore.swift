package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `webhook_endpoint` and `webhook_subscription`. Secrets are here encrypted only.
package struct WebhookEndpointStore {
    private static let columns: SQL = "id, partner_id, organisation_id, url, created_at"

    /// Every endpoint that is not deleted, newest first, for the operator.
    package static func all(_ tx: any ReadTransaction) throws -> [WebhookEndpoint] {
        let endpoints = try tx.rows(
            """
            SELECT \(columns) FROM webhook_endpoint WHERE deleted_at IS NULL
            ORDER BY created_at DESC, id DESC
            """, read)
        let types = Dictionary(
            grouping: try tx.rows(
                "SELECT endpoint_id, event_type FROM webhook_subscription ORDER BY event_type"
            ) { (endpoint: try $0.text(), type: try $0.word() as EventType) }, by: \.endpoint)
        return endpoints.map { endpoint in
            WebhookEndpoint(
                id: endpoint.id, partnerID: endpoint.partnerID,
                organisationID: endpoint.organisationID, url: endpoint.url,
                eventTypes: types[endpoint.id.text]?.map(\.type) ?? [],
                createdAt: endpoint.createdAt)
        }
    }

    /// Adds an endpoint with its subscriptions.
    package static func insert(
        _ endpoint: WebhookEndpoint, encryptedSecret: String, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO webhook_endpoint
                (id, partner_id, organisation_id, url, secret, created_at)
            VALUES (\(endpoint.id.text), \(endpoint.partnerID.text),
                \(endpoint.organisationID?.text), \(endpoint.url), \(encryptedSecret),
                \(endpoint.createdAt.milliseconds))
            """)
        for type in endpoint.eventTypes {
            try tx.execute(
                """
                INSERT INTO webhook_subscription (endpoint_id, event_type)
                VALUES (\(endpoint.id.text), \(type.rawValue)) ON CONFLICT DO NOTHING
                """)
        }
    }

    /// The encrypted secret of an endpoint that is not deleted.
    package static func encryptedSecret(
        _ id: WebhookEndpointID, _ tx: any ReadTransaction
    ) throws -> String? {
        try tx.row(
            """
            SELECT secret FROM webhook_endpoint WHERE id = \(id.text) AND deleted_at IS NULL
            """
        ) { try $0.text() }
    }

    /// Marks as deleted and gives up what still waits to be sent to it.
    ///
    /// - Returns: Whether there was such an endpoint.
    package static func markDeleted(
        _ id: WebhookEndpointID, now: Timestamp, _ tx: any WriteTransaction
    ) throws -> Bool {
        let changed = try tx.execute(
            """
            UPDATE webhook_endpoint SET deleted_at = \(now.milliseconds)
            WHERE id = \(id.text) AND deleted_at IS NULL
            """)
        try tx.execute(
            """
            UPDATE delivery SET state = 'FAILED'
            WHERE endpoint_id = \(id.text) AND state = 'PENDING'
            """)
        return changed == 1
    }

    /// Replaces every stored secret, for a rotation of the master key.
    package static func reencrypt(
        _ tx: any WriteTransaction,
        _ change: (_ endpoint: String, _ secret: String) throws -> String
    ) throws {
        let secrets = try tx.rows("SELECT id, secret FROM webhook_endpoint") {
            (id: try $0.text(), secret: try $0.text())
        }
        for row in secrets {
            let secret = try change(row.id, row.secret)
            try tx.execute("UPDATE webhook_endpoint SET secret = \(secret) WHERE id = \(row.id)")
        }
    }

    private static func read(_ row: inout RowReader) throws -> WebhookEndpoint {
        WebhookEndpoint(
            id: .init(stored: try row.text()), partnerID: .init(stored: try row.text()),
            organisationID: try row.textOrNull().map(OrganisationID.init(stored:)),
            url: try row.text(), eventTypes: [], createdAt: try row.timestamp())
    }
}
