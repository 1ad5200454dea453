package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `order` and `order_transaction`.
package struct OrderStore {
    /// An order as a list or a single read shows it: the document and what stands beside it.
    package struct Stored: Sendable {
        package let id: OrderID
        package let organisationID: OrganisationID
        package let integrationID: IntegrationID
        package let referenceID: String
        package let type: OrderType
        /// Normalised (``OrderContent/document``).
        package let document: JSONDocument
        package let createdAt: Timestamp
        package let updatedAt: Timestamp
        package let version: Int64
    }

    private static let columns: SQL = """
        id, organisation_id, integration_id, reference_id, type, document, created_at, updated_at,
        version
        """

    /// The order, if this owner sees it.
    package static func find(
        _ id: OrderID, for owner: Owner, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Stored? {
        try tx.row(
            """
            SELECT \(columns) FROM "order" WHERE id = \(id.text) AND slot = \(id.slot)
            AND \(owner.sees(rowOf: #""order""#)) \(tx.dialect.suffix(lock))
            """, read)
    }

    /// Orders of one organisation by their ids, whoever sees them.
    ///
    /// - Parameter lock: ``RowLock/update`` keeps two alerts about one sale from being judged side by side.
    package static func named(
        _ ids: [OrderID], of organisation: OrganisationID, lock: RowLock = .none,
        _ tx: any ReadTransaction
    ) throws -> [Stored] {
        guard !ids.isEmpty else { return [] }
        return try tx.rows(
            """
            SELECT \(columns) FROM "order" WHERE id IN \(anyOf: ids.map(\.text))
            AND slot = \(organisation.slot) AND organisation_id = \(organisation.text)
            ORDER BY id \(tx.dialect.suffix(lock))
            """, read)
    }

    /// Which of these references the integration already has, with the order that has it.
    package static func stored(
        references: [String], in integration: IntegrationID, _ tx: any ReadTransaction
    ) throws -> [Stored] {
        try references.chunked().flatMap { chunk in
            try tx.rows(
                """
                SELECT \(columns) FROM "order"
                WHERE integration_id = \(integration.text) AND slot = \(integration.slot)
                AND reference_id IN \(anyOf: chunk)
                """, read)
        }
    }

    /// Which of these transaction references the integration already has, and of which order.
    package static func orders(
        ofTransactions references: [String], in integration: IntegrationID,
        _ tx: any ReadTransaction
    ) throws -> [(reference: String, order: OrderID)] {
        try references.chunked().flatMap { chunk in
            try tx.rows(
                """
                SELECT reference_id, order_id FROM order_transaction
                WHERE integration_id = \(integration.text) AND slot = \(integration.slot)
                AND reference_id IN \(anyOf: chunk)
                """
            ) { (reference: try $0.text(), order: OrderID(stored: try $0.text())) }
        }
    }

    /// Adds new orders with their transactions, in one bulk statement for each table.
    ///
    /// - Throws: `DatabaseError.uniqueViolation` when the integration already has one of the references.
    package static func insert(_ orders: [Rows], _ tx: any WriteTransaction) throws {
        try tx.insert(orders.map(\.order), by: orderInsertion)
        try tx.insert(orders.flatMap(\.transactions), by: transactionInsertion)
        try OrderCountStore.add(orders.map(\.feed), tx)
    }

    /// A new order as its rows. They are made before the transaction that stores them opens, because
    /// the writer is shared by every request.
    package struct Rows: Sendable {
        fileprivate let order: [SQLValue]
        fileprivate let transactions: [[SQLValue]]
        fileprivate let feed: OrderCountStore.Order

        package init(_ order: Order) {
            feed = OrderCountStore.Order(order)
            self.order = orderRow(order)
            transactions = order.content.transactions.map { transactionRow($0, of: order) }
        }
    }

    /// Saves a changed order; its transactions are written anew.
    ///
    /// - Parameter status: The status that is stored.
    package static func save(
        _ order: Order, from status: String?, _ tx: any WriteTransaction
    ) throws {
        try OrderCountStore.move(order, from: status, tx)
        try tx.executeVersioned(
            """
            UPDATE "order" SET order_status = \(order.content.orderStatus),
                order_datetime = \(order.content.orderDatetime?.milliseconds),
                document = \(String(decoding: order.content.document, as: UTF8.self)),
                updated_at = \(order.updatedAt.milliseconds), version = version + 1
            WHERE id = \(order.id.text) AND slot = \(order.id.slot)
            AND version = \(order.version)
            """)
        let references = order.content.transactions.map(\.referenceID)
        if !references.isEmpty {
            try tx.execute(
                """
                DELETE FROM order_transaction
                WHERE integration_id = \(order.integrationID.text) AND slot = \(order.id.slot)
                AND order_id = \(order.id.text) AND reference_id IN \(anyOf: references)
                """)
        }
        try tx.insert(
            order.content.transactions.map { transactionRow($0, of: order) },
            by: transactionInsertion)
    }

    /// Removes an order with its transactions.
    static func remove(_ order: Stored, _ tx: any WriteTransaction) throws {
        let references = order.document.root["transactions"]?.elements.compactMap {
            $0["reference_id"]?.string
        }
        try tx.execute(
            """
            DELETE FROM order_transaction
            WHERE integration_id = \(order.integrationID.text) AND slot = \(order.id.slot)
            AND order_id = \(order.id.text) AND reference_id IN \(anyOf: references ?? [])
            """)
        try OrderCountStore.remove(order, tx)
        try tx.execute(
            """
            DELETE FROM "order" WHERE id = \(order.id.text) AND slot = \(order.id.slot)
            """)
    }

    static func read(_ row: inout RowReader) throws -> Stored {
        Stored(
            id: .init(stored: try row.text()), organisationID: .init(stored: try row.text()),
            integrationID: .init(stored: try row.text()), referenceID: try row.text(),
            type: try row.word(), document: try document(try row.text()),
            createdAt: try row.timestamp(), updatedAt: try row.timestamp(),
            version: try row.integer())
    }

    private static func document(_ text: String) throws -> JSONDocument {
        do throws(JSONError) {
            return try JSONDocument.parse(Array(text.utf8))
        } catch {
            throw DatabaseError(.unexpectedValue, "a stored order is not JSON: \(error.reason)")
        }
    }

    static var listColumns: SQL { columns }
}

extension OrderStore {
    private static let orderInsertion = Insertion(
        into: #""order""#,
        [
            Column("id", .text), Column("slot", .integer), Column("organisation_id", .text),
            Column("integration_id", .text), Column("reference_id", .text), Column("type", .text),
            Column("order_status", .text), Column("order_datetime", .integer),
            Column("document", .text), Column("created_at", .integer),
            Column("updated_at", .integer),
            Column("version", .integer),
        ], makesNewIDs: true)

    private static func orderRow(_ order: Order) -> [SQLValue] {
        [
            .text(order.id.text), .integer(Int64(order.integrationID.slot)),
            .text(order.organisationID.text), .text(order.integrationID.text),
            .text(order.referenceID), .text(order.type.rawValue), .init(order.content.orderStatus),
            .init(order.content.orderDatetime?.milliseconds),
            .text(String(decoding: order.content.document, as: UTF8.self)),
            .integer(order.createdAt.milliseconds), .integer(order.updatedAt.milliseconds),
            .integer(order.version),
        ]
    }

    private static let transactionInsertion = Insertion(
        into: "order_transaction",
        [
            Column("integration_id", .text), Column("slot", .integer),
            Column("reference_id", .text),
            Column("order_id", .text), Column("organisation_id", .text),
            Column("authorised_at", .integer), Column("amount", .integer),
            Column("currency", .text),
            Column("card_brand", .text), Column("card_last_4", .text), Column("card_bin", .text),
            Column("authorisation_code", .text), Column("acquirer_reference_number", .text),
            Column("descriptor", .text), Column("authorisation_status", .text),
            Column("payment_method_type", .text),
        ])

    private static func transactionRow(
        _ transaction: OrderTransaction, of order: Order
    ) -> [SQLValue] {
        [
            .text(order.integrationID.text), .integer(Int64(order.integrationID.slot)),
            .text(transaction.referenceID), .text(order.id.text), .text(order.organisationID.text),
            .init(transaction.authorisedAt?.milliseconds), .init(transaction.amount),
            .init(transaction.currency), .init(transaction.cardBrand),
            .init(transaction.cardLast4), .init(transaction.cardBIN),
            .init(transaction.authorisationCode), .init(transaction.acquirerReferenceNumber),
            .init(transaction.descriptor), .text(transaction.authorisationStatus ?? ""),
            .init(transaction.paymentMethodType),
        ]
    }
}

extension SQLValue {
    /// A text, or null.
    init(_ text: String?) {
        self = text.map(SQLValue.text) ?? .null
    }

    /// An integer, or null.
    init(_ integer: Int64?) {
        self = integer.map(SQLValue.integer) ?? .null
    }
}

extension [String] {
    /// In parts that one statement takes: an engine has a greatest number of arguments.
    fileprivate func chunked() -> [[String]] {
        stride(from: 0, to: count, by: 8_192).map { Array(self[$0..<Swift.min($0 + 8_192, count)]) }
    }
}
