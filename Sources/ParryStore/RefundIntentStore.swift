package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `refund_intent`. Who writes one holds the lock of the order that the transaction belongs to.
package struct RefundIntentStore {
    /// What a list lets through, newest first.
    package struct Filter: Sendable {
        package var organisationID: OrganisationID?
        package var integrationID: IntegrationID?
        /// The transaction's.
        package var reference: String?

        package init() {}

        fileprivate var conditions: [SQL] {
            var conditions: [SQL] = []
            if let id = integrationID { conditions.append("integration_id = \(id.text)") }
            if let reference { conditions.append("transaction_reference_id = \(reference)") }
            return conditions
        }
    }

    private static let columns: SQL = """
        id, organisation_id, integration_id, transaction_reference_id, amount_in_cents, currency,
        state, refund_reference_id, expires_at, created_at, updated_at, version
        """

    /// The intent, if this owner sees it.
    package static func find(
        _ id: RefundIntentID, for owner: Owner, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> RefundIntent? {
        try tx.row(
            """
            SELECT \(columns) FROM refund_intent WHERE id = \(id.text) AND slot = \(id.slot)
            AND \(owner.sees(rowOf: "refund_intent")) \(tx.dialect.suffix(lock))
            """, read)
    }

    /// The page of intents that the filter lets through and this owner sees.
    package static func list(
        _ filter: Filter, for owner: Owner, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<RefundIntent> {
        try ListQuery(
            table: "refund_intent", columns: columns,
            parts: OrganisationStore.parts(for: owner, only: filter.organisationID, tx),
            conditions: filter.conditions,
            order: ListOrder(by: "created_at", .descending), page: page
        ).run(tx, read)
    }

    /// The intents of a transaction that say something of its money: reserved or committed ones.
    package static func all(
        of sale: RefundedSale, _ tx: any ReadTransaction
    ) throws -> [RefundIntent] {
        try tx.rows(
            """
            SELECT \(columns) FROM refund_intent WHERE integration_id = \(sale.integrationID.text)
            AND transaction_reference_id = \(sale.reference) AND slot = \(sale.integrationID.slot)
            AND state <> 'RELEASED' ORDER BY created_at, id
            """, read)
    }

    /// Which of these transactions have a refund that an intent tells to be made.
    package static func committed(
        among sales: [RefundedSale], _ tx: any ReadTransaction
    ) throws -> Set<RefundedSale> {
        guard !sales.isEmpty else { return [] }
        let found = try tx.rows(
            """
            SELECT integration_id, transaction_reference_id FROM refund_intent
            WHERE integration_id IN \(anyOf: Set(sales.map(\.integrationID.text)).sorted())
            AND transaction_reference_id IN \(anyOf: Set(sales.map(\.reference)).sorted())
            \(tx.dialect.inSlots(Set(sales.map { Int64($0.integrationID.slot) }).sorted()))
            AND state = 'COMMITTED'
            """
        ) { RefundedSale(integrationID: .init(stored: try $0.text()), reference: try $0.text()) }
        return Set(found).intersection(sales)
    }

    /// Adds a new intent.
    package static func insert(_ intent: RefundIntent, _ tx: any WriteTransaction) throws {
        try tx.execute(
            """
            INSERT INTO refund_intent (slot, \(columns))
            VALUES (\(intent.id.slot), \(intent.id.text), \(intent.organisationID.text),
                \(intent.sale.integrationID.text), \(intent.sale.reference), \(intent.amount),
                \(intent.currency), \(intent.state.word), \(intent.reference),
                \(intent.expiresAt.milliseconds), \(intent.createdAt.milliseconds),
                \(intent.updatedAt.milliseconds), \(intent.version))
            """)
    }

    /// Saves what became of an intent.
    ///
    /// - Throws: `DatabaseError.uniqueViolation` when the transaction has a refund of that reference.
    package static func save(_ intent: RefundIntent, _ tx: any WriteTransaction) throws {
        try tx.executeVersioned(
            """
            UPDATE refund_intent SET state = \(intent.state.word),
                refund_reference_id = \(intent.reference),
                updated_at = \(intent.updatedAt.milliseconds), version = version + 1
            WHERE id = \(intent.id.text) AND slot = \(intent.id.slot)
            AND version = \(intent.version)
            """)
    }

    private static func read(_ row: inout RowReader) throws -> RefundIntent {
        let id = RefundIntentID(stored: try row.text())
        let organisation = OrganisationID(stored: try row.text())
        let sale = RefundedSale(
            integrationID: .init(stored: try row.text()), reference: try row.text())
        let (amount, currency) = (try row.integer(), try row.text())
        let state = RefundIntent.State(word: try row.text(), reference: try row.textOrNull())
        return RefundIntent(
            id: id, organisationID: organisation, sale: sale, amount: amount, currency: currency,
            state: state, expiresAt: try row.timestamp(), createdAt: try row.timestamp(),
            updatedAt: try row.timestamp(), version: try row.integer())
    }
}

extension RefundIntent.State {
    fileprivate var word: String {
        switch self {
        case .reserved: "RESERVED"
        case .committed: "COMMITTED"
        case .released: "RELEASED"
        }
    }

    fileprivate init(word: String, reference: String?) {
        switch (word, reference) {
        case ("COMMITTED", let reference?): self = .committed(reference: reference)
        case ("RELEASED", _): self = .released
        default: self = .reserved
        }
    }
}
