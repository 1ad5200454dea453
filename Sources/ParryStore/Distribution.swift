package import ParryDatabase

/// Spreads a migrated, still empty PostgreSQL database over the nodes of Citus.
///
/// Tables of a tenant are distributed by `slot` and lie together, so that a transaction of one
/// organisation stays on one node; small tables that all share are copied to every node. What belongs to
/// this installation alone (settings, migrations, rate limits) stays on the coordinator.
package enum Distribution {
    /// Why a database cannot be distributed, with what to do.
    package enum Refusal: Error, Sendable, CustomStringConvertible {
        case notPostgreSQL
        case noExtension
        case isDistributed
        case notEmpty(table: String)

        package var description: String {
            switch self {
            case .notPostgreSQL:
                "an SQLite database cannot be distributed: start with an empty PostgreSQL database"
            case .noExtension:
                "the extension Citus is not in this database: install it on every node, add it to "
                    + "shared_preload_libraries, and run CREATE EXTENSION citus"
            case .isDistributed:
                "the database is distributed already"
            case .notEmpty(let table):
                "the table \(table) has rows: only a new, still empty database can be distributed"
            }
        }
    }

    /// Copied to every node; in the order of their foreign keys.
    package static let referenceTables = [
        "partner", "member_user", "partner_group", "partner_group_organisation", "api_key",
        "person", "person_session", "person_link", "sign_in_pace", "group_member",
        "person_organisation", "mail_cursor",
        "enrolment_identifier",
        "webhook_endpoint", "webhook_subscription", "event_feed_end", "webhook_redelivery",
        "exchange_rate",
    ]

    /// Spread by slot; in the order of their foreign keys.
    package static let distributedTables = [
        "organisation", "membership", "merchant", "integration", "integration_merchant",
        "enrolment",
        "enrolment_merchant", "ruleset", "ruleset_enrolment", "ruleset_rule", "ruleset_version",
        "scheme_notice", "lookup", "idempotency", "audit",
        "order", "order_transaction", "order_count", "order_feed_day", "alert", "event",
        "delivery",
        "delivery_ended", "delivery_attempt", "alert_case", "alert_review", "network_message",
        "network_request", "refund_intent", "ruleset_publication",
    ]

    /// Whether the database is a PostgreSQL whose tables are spread already.
    static func isDone(on tx: any ReadTransaction) throws -> Bool {
        try tx.dialect == .postgreSQL && isDone(tx)
    }

    /// Whether the tables are spread already.
    package static func isDone(_ tx: any ReadTransaction) throws -> Bool {
        guard try hasExtension(tx) else { return false }
        return try tx.row(
            "SELECT count(*) FROM pg_dist_partition WHERE logicalrelid = 'organisation'::regclass"
        ) { try $0.integer() } ?? 0 > 0
    }

    /// Distributes, all tables or none.
    ///
    /// - Throws: ``Refusal``, `DatabaseError`.
    package static func run(_ tx: any WriteTransaction) throws {
        guard try hasExtension(tx) else { throw Refusal.noExtension }
        if try isDone(tx) { throw Refusal.isDistributed }
        for table in referenceTables + distributedTables {
            let name = SQL(stringLiteral: quoted(table))
            let row = try tx.row("SELECT 1 FROM \(name) LIMIT 1") { try $0.integer() }
            if row != nil { throw Refusal.notEmpty(table: table) }
        }
        try spread(tx)
    }

    private static func hasExtension(_ tx: any ReadTransaction) throws -> Bool {
        try tx.row("SELECT 1 FROM pg_extension WHERE extname = 'citus'") { try $0.integer() } != nil
    }

    /// Citus does not spread tables that refer to each other, so their foreign keys are taken off before
    /// and put back after.
    static func spread(_ tx: any WriteTransaction) throws {
        let keys = try foreignKeys(tx)
        try tx.executeScript("SET LOCAL citus.multi_shard_modify_mode TO 'sequential'")
        for key in keys {
            try tx.executeScript("ALTER TABLE \(key.table) DROP CONSTRAINT \(key.name)")
        }
        for table in referenceTables {
            try tx.executeScript("SELECT create_reference_table('\(quoted(table))')")
        }
        for table in distributedTables {
            let neighbour = table == distributedTables[0] ? "none" : quoted(distributedTables[0])
            try tx.executeScript(
                """
                SELECT create_distributed_table('\(quoted(table))', 'slot',
                    colocate_with => '\(neighbour)')
                """)
        }
        for key in keys {
            try tx.executeScript(
                "ALTER TABLE \(key.table) ADD CONSTRAINT \(key.name) \(key.definition)")
        }
    }

    private static func foreignKeys(
        _ tx: any ReadTransaction
    ) throws -> [(table: String, name: String, definition: String)] {
        try tx.rows(
            """
            SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
            FROM pg_constraint WHERE contype = 'f'
            AND connamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
            ORDER BY conrelid::regclass::text, conname
            """
        ) { (try $0.text(), try $0.text(), try $0.text()) }
    }

    /// `order` is a word of SQL.
    private static func quoted(_ table: String) -> String { "\"\(table)\"" }
}
