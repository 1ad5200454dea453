package import ParryDatabase
import ParryWire

/// What ours are called at the platform: the guide's "Data you should store".
package struct MappingStore {
    /// The kinds of mapping; the raw value is what the table has.
    package enum Kind: String, Sendable, CaseIterable {
        case customer
        case merchant
        case feed
        case enrolment
        case ruleset
        /// Organisations that an acceptance run made; the daemon decides nothing about their alerts.
        case acceptance
    }

    /// A mapping; without an id the platform was asked, and the answer is not known.
    package struct Mapping: Sendable, Hashable {
        package let kind: Kind
        /// `acme` for a customer, `acme/main` for what belongs to it.
        package let name: String
        package let id: String?
        package let idempotencyKey: String
        package let body: String
    }

    /// The mapping of this name.
    package static func find(
        _ kind: Kind, _ name: String, _ tx: any ReadTransaction
    ) throws -> Mapping? {
        try tx.row("\(columns) WHERE kind = \(kind.rawValue) AND name = \(name)", read)
    }

    /// All mappings, by kind and name.
    package static func all(_ tx: any ReadTransaction) throws -> [Mapping] {
        try tx.rows("\(columns) ORDER BY kind, name", read)
    }

    /// The mapping of an id of the platform.
    package static func named(_ id: String, _ tx: any ReadTransaction) throws -> Mapping? {
        try tx.row("\(columns) WHERE id = \(id)", read)
    }

    /// Keeps what is about to be asked. A second one waits for nothing: what stands is returned.
    static func ask(
        _ mapping: Mapping, at now: Timestamp, _ tx: any WriteTransaction
    ) throws -> Mapping {
        try tx.execute(
            """
            INSERT INTO mapping (kind, name, id, idempotency_key, body, asked_at)
            VALUES (\(mapping.kind.rawValue), \(mapping.name), \(mapping.id),
                \(mapping.idempotencyKey), \(mapping.body), \(now.milliseconds))
            ON CONFLICT (kind, name) DO UPDATE SET
                idempotency_key = CASE WHEN mapping.id IS NULL AND mapping.body <> excluded.body
                    THEN excluded.idempotency_key ELSE mapping.idempotency_key END,
                body = CASE WHEN mapping.id IS NULL THEN excluded.body ELSE mapping.body END,
                id = COALESCE(mapping.id, excluded.id)
            """)
        return try find(mapping.kind, mapping.name, tx) ?? mapping
    }

    /// Keeps what the platform made.
    static func made(
        _ id: String, _ kind: Kind, _ name: String, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            "UPDATE mapping SET id = \(id) WHERE kind = \(kind.rawValue) AND name = \(name)")
    }

    /// Forgets a mapping whose resource is gone.
    static func forget(_ kind: Kind, _ name: String, _ tx: any WriteTransaction) throws {
        try tx.execute("DELETE FROM mapping WHERE kind = \(kind.rawValue) AND name = \(name)")
    }

    private static let columns: SQL = "SELECT kind, name, id, idempotency_key, body FROM mapping"

    private static func read(_ row: inout RowReader) throws -> Mapping {
        let kind = Kind(rawValue: try row.text()) ?? .customer
        return Mapping(
            kind: kind, name: try row.text(), id: try row.textOrNull(),
            idempotencyKey: try row.text(), body: try row.text())
    }
}
