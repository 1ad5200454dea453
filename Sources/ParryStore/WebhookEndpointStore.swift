package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `webhook_endpoint` and `webhook_subscription`. Secrets are here encrypted only.
package struct WebhookEndpointStore {
    private static let columns: SQL =
        "id, partner_id, organisation_id, url, is_paused, created_at, updated_at, version"

    /// Every endpoint that is not deleted, newest first, for the operator.
    package static func all(_ tx: any ReadTransaction) throws -> [WebhookEndpoint] {
        let rows = try tx.rows(
            """
            SELECT \(columns) FROM webhook_endpoint WHERE deleted_at IS NULL
            ORDER BY created_at DESC, id DESC
            """, read)
        return try withTypes(rows, tx)
    }

    /// The page of endpoints that this owner sees, newest first.
    package static func list(
        for owner: Owner, of organisation: OrganisationID?, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<WebhookEndpoint> {
        var conditions = [owner.seesEndpoint]
        if let organisation { conditions.append("organisation_id = \(organisation.text)") }
        let listing = try ListQuery(
            table: "webhook_endpoint", columns: columns, conditions: conditions,
            order: ListOrder(by: "created_at", .descending), page: page
        ).run(tx, read)
        return Listing(items: try withTypes(listing.items, tx), count: listing.count)
    }

    /// How many endpoints an organisation has; without one, the partner itself.
    package static func count(
        of organisation: OrganisationID?, of partner: PartnerID, _ tx: any ReadTransaction
    ) throws -> Int64 {
        let ofOwner: SQL =
            organisation.map { "organisation_id = \($0.text)" } ?? "organisation_id IS NULL"
        let count = try tx.row(
            """
            SELECT count(*) FROM webhook_endpoint
            WHERE partner_id = \(partner.text) AND \(ofOwner) AND deleted_at IS NULL
            """
        ) { try $0.integer() }
        return count ?? 0
    }

    /// The endpoint, if this owner sees it.
    package static func find(
        _ id: WebhookEndpointID, for owner: Owner, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> WebhookEndpoint? {
        let found = try tx.row(
            """
            SELECT \(columns) FROM webhook_endpoint WHERE id = \(id.text) AND \(owner.seesEndpoint)
            \(tx.dialect.suffix(lock))
            """, read)
        return try found.map { try withTypes([$0], tx) }?.first
    }

    /// Adds an endpoint with its subscriptions.
    package static func insert(
        _ endpoint: WebhookEndpoint, encryptedSecret: String, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO webhook_endpoint (id, partner_id, organisation_id, url, secret, is_paused,
                created_at, updated_at, version)
            VALUES (\(endpoint.id.text), \(endpoint.partnerID.text),
                \(endpoint.organisationID?.text), \(endpoint.details.url), \(encryptedSecret),
                \(endpoint.details.isPaused), \(endpoint.createdAt.milliseconds),
                \(endpoint.updatedAt.milliseconds), \(endpoint.version))
            """)
        try subscribe(endpoint, tx)
    }

    /// Saves a changed endpoint. Claims pass over one that is paused, so what waits for it stays as it is; when
    /// it is resumed, failed tries are repeated at once.
    package static func save(
        _ endpoint: WebhookEndpoint, from old: WebhookEndpoint, _ tx: any WriteTransaction
    ) throws {
        try tx.executeVersioned(
            """
            UPDATE webhook_endpoint SET url = \(endpoint.details.url),
                is_paused = \(endpoint.details.isPaused),
                updated_at = \(endpoint.updatedAt.milliseconds), version = version + 1
            WHERE id = \(endpoint.id.text) AND version = \(endpoint.version)
            """)
        if endpoint.details.eventTypes != old.details.eventTypes {
            try tx.execute(
                "DELETE FROM webhook_subscription WHERE endpoint_id = \(endpoint.id.text)")
            try subscribe(endpoint, tx)
        }
        if old.details.isPaused, !endpoint.details.isPaused {
            try DeliveryStore.bringForward(of: endpoint.id, now: endpoint.updatedAt, tx)
        }
    }

    /// Replaces the secret; the former one still signs until then.
    package static func rotate(
        _ id: WebhookEndpointID, encryptedSecret: String, formerUntil end: Timestamp,
        _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE webhook_endpoint SET former_secret = secret,
                former_secret_until = \(end.milliseconds), secret = \(encryptedSecret)
            WHERE id = \(id.text)
            """)
    }

    /// Pauses endpoints whose receivers say that they are gone.
    package static func pauseGone(
        _ ids: Set<WebhookEndpointID>, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        guard !ids.isEmpty else { return }
        try tx.execute(
            """
            UPDATE webhook_endpoint SET is_paused = 1, updated_at = \(now.milliseconds),
                version = version + 1
            WHERE id IN (SELECT id FROM webhook_endpoint WHERE id IN \(anyOf: ids.map(\.text).sorted())
                AND is_paused = 0 ORDER BY id \(tx.dialect.suffix(.update)))
            """)
    }

    private static func subscribe(
        _ endpoint: WebhookEndpoint, _ tx: any WriteTransaction
    ) throws {
        for type in endpoint.details.eventTypes {
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

    /// The encrypted secrets that sign now: the endpoint's, and the former one while both do.
    package static func signingSecrets(
        _ id: WebhookEndpointID, at now: Timestamp, _ tx: any ReadTransaction
    ) throws -> (secret: String, former: String?)? {
        try tx.row(
            """
            SELECT secret, former_secret, former_secret_until FROM webhook_endpoint
            WHERE id = \(id.text) AND deleted_at IS NULL
            """
        ) { row in
            let (secret, former) = (try row.text(), try row.textOrNull())
            let end = try row.timestampOrNull()
            return (secret, end.map { $0 > now } == true ? former : nil)
        }
    }

    /// The URLs of those endpoints that this owner sees.
    package static func urls(
        of ids: Set<WebhookEndpointID>, for owner: Owner, _ tx: any ReadTransaction
    ) throws -> [WebhookEndpointID: String] {
        guard !ids.isEmpty else { return [:] }
        let rows = try tx.rows(
            """
            SELECT id, url FROM webhook_endpoint WHERE id IN \(anyOf: ids.map(\.text).sorted())
            AND \(owner.seesEndpoint)
            """
        ) { (WebhookEndpointID(stored: try $0.text()), try $0.text()) }
        return Dictionary(rows) { first, _ in first }
    }

    /// Until when the former secret of an endpoint still signs; nil when it does not.
    package static func formerSecretEnd(
        of id: WebhookEndpointID, at now: Timestamp, _ tx: any ReadTransaction
    ) throws -> Timestamp? {
        let end = try tx.row(
            "SELECT former_secret_until FROM webhook_endpoint WHERE id = \(id.text)"
        ) { try $0.timestampOrNull() }
        return (end ?? nil).flatMap { $0 > now ? $0 : nil }
    }

    /// Marks as deleted; the next claims give up what still waits to be sent to it.
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
        return changed == 1
    }

    /// Replaces every stored secret, for a rotation of the master key.
    package static func reencrypt(
        _ tx: any WriteTransaction,
        _ change: (_ endpoint: String, _ secret: String) throws -> String
    ) throws {
        let rows = try tx.rows("SELECT id, secret, former_secret FROM webhook_endpoint") {
            (id: try $0.text(), secret: try $0.text(), former: try $0.textOrNull())
        }
        for row in rows {
            let secret = try change(row.id, row.secret)
            let former = try row.former.map { try change(row.id, $0) }
            try tx.execute(
                """
                UPDATE webhook_endpoint SET secret = \(secret), former_secret = \(former)
                WHERE id = \(row.id)
                """)
        }
    }

    private static func withTypes(
        _ endpoints: [WebhookEndpoint], _ tx: any ReadTransaction
    ) throws -> [WebhookEndpoint] {
        guard !endpoints.isEmpty else { return [] }
        let rows = try tx.rows(
            """
            SELECT endpoint_id, event_type FROM webhook_subscription
            WHERE endpoint_id IN \(anyOf: endpoints.map(\.id.text)) ORDER BY event_type
            """
        ) { (endpoint: try $0.text(), type: try $0.word() as EventType) }
        let types = Dictionary(grouping: rows, by: \.endpoint)
        return endpoints.map { endpoint in
            var details = endpoint.details
            details.eventTypes = types[endpoint.id.text]?.map(\.type) ?? []
            return WebhookEndpoint(
                id: endpoint.id, partnerID: endpoint.partnerID,
                organisationID: endpoint.organisationID, details: details,
                createdAt: endpoint.createdAt, updatedAt: endpoint.updatedAt,
                version: endpoint.version)
        }
    }

    private static func read(_ row: inout RowReader) throws -> WebhookEndpoint {
        WebhookEndpoint(
            id: .init(stored: try row.text()), partnerID: .init(stored: try row.text()),
            organisationID: try row.textOrNull().map(OrganisationID.init(stored:)),
            details: .init(
                url: try row.text(), eventTypes: [], isPaused: try row.integer() == 1),
            createdAt: try row.timestamp(), updatedAt: try row.timestamp(),
            version: try row.integer())
    }
}
