package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `order_transaction`, as alerts look for them.
package struct TransactionStore {
    /// A sale with what it belongs to.
    package struct Found: Sendable {
        package let transaction: OrderTransaction
        package let integrationID: IntegrationID
        package let orderID: OrderID
        /// Whether the row has status and method: one that was stored before schema 11 has not, and its order says
        /// them.
        package let hasStatus: Bool
    }

    /// Whose sales count: those of one organisation's integrations.
    package struct Scope: Sendable {
        package let organisationID: OrganisationID
        /// ENABLED ones that are linked to the enrolment's merchants (CONTRACT.md 12).
        package let integrations: [IntegrationID]
        /// Rows that one search reads at most.
        package let limit: Int

        package init(
            organisationID: OrganisationID, integrations: [IntegrationID], limit: Int
        ) {
            self.organisationID = organisationID
            self.integrations = integrations
            self.limit = limit
        }

        fileprivate var condition: SQL {
            """
            organisation_id = \(organisationID.text) AND slot = \(organisationID.slot)
            AND integration_id IN \(anyOf: integrations.map(\.text))
            """
        }
    }

    private static let columns: SQL = """
        integration_id, order_id, reference_id, authorised_at, amount, currency, card_brand,
        card_last_4, card_bin, authorisation_code, acquirer_reference_number, descriptor,
        authorisation_status, payment_method_type
        """

    /// Sales with this ARN, whenever they were.
    package static func find(
        acquirerReferenceNumber: String, in scope: Scope, _ tx: any ReadTransaction
    ) throws -> [Found] {
        try find("acquirer_reference_number = \(acquirerReferenceNumber)", in: scope, tx)
    }

    /// Sales with this authorisation code within a time, and those of no known time.
    package static func find(
        authorisationCode: String, from: Timestamp, to: Timestamp, in scope: Scope,
        _ tx: any ReadTransaction
    ) throws -> [Found] {
        try find(
            """
            authorisation_code = \(authorisationCode) AND (authorised_at IS NULL
                OR authorised_at BETWEEN \(from.milliseconds) AND \(to.milliseconds))
            """, in: scope, tx)
    }

    /// What else an alert says of a card and its sale, where it says all of it.
    package struct CardTraits: Sendable {
        package let amount: Int64
        package let currency: String
        /// At least 6 digits.
        package let bin: String

        package init(amount: Int64, currency: String, bin: String) {
            self.amount = amount
            self.currency = currency
            self.bin = bin
        }
    }

    /// Sales by a card with these last digits within a time.
    ///
    /// - Parameter traits: Leaves out sales of another amount by a card with another BIN: one in many thousand cards has
    ///   these digits, and neither is such a sale the right one nor a near miss. Nil leaves out none.
    package static func find(
        cardLast4: String, from: Timestamp, to: Timestamp, like traits: CardTraits?,
        in scope: Scope, _ tx: any ReadTransaction
    ) throws -> [Found] {
        guard !scope.integrations.isEmpty else { return [] }
        return try tx.rows(
            query(cardLast4: cardLast4, from: from, to: to, like: traits, in: scope), read)
    }

    /// On PostgreSQL answered from the index of the last digits alone; on SQLite the rows are read of sales that fit.
    package static func query(
        cardLast4: String, from: Timestamp, to: Timestamp, like traits: CardTraits?,
        in scope: Scope
    ) -> SQL {
        let range: SQL = """
            card_last_4 = \(cardLast4)
            AND authorised_at BETWEEN \(from.milliseconds) AND \(to.milliseconds)
            """
        guard let traits else { return query(range, in: scope) }
        let bin = String(traits.bin.prefix(MatchKey.binDigits))
        let parts: [SQL] = [
            "amount = \(traits.amount) AND currency = \(traits.currency)",
            "card_bin >= \(bin) AND card_bin < \(bin + ":")", "card_bin IS NULL",
        ]
        let queries = parts.map { part -> SQL in
            "SELECT \(columns) FROM (\(query("\(range) AND \(part)", in: scope))) AS part"
        }
        return SQL.joined(queries, separator: " UNION ALL ")
    }

    /// The transaction of a reference in its integration.
    package static func find(
        _ sale: RefundedSale, _ tx: any ReadTransaction
    ) throws -> Found? {
        try tx.row(
            """
            SELECT \(columns) FROM order_transaction
            WHERE integration_id = \(sale.integrationID.text)
            AND reference_id = \(sale.reference) AND slot = \(sale.integrationID.slot)
            """, read)
    }

    /// The integrations of an organisation that have a transaction of this reference.
    package static func integrations(
        having reference: String, in organisation: OrganisationID, _ tx: any ReadTransaction
    ) throws -> [IntegrationID] {
        try tx.rows(
            """
            SELECT t.integration_id FROM integration i JOIN order_transaction t
            ON t.integration_id = i.id AND t.slot = i.slot AND t.reference_id = \(reference)
            WHERE i.organisation_id = \(organisation.text) AND i.slot = \(organisation.slot)
            ORDER BY t.integration_id
            """
        ) { IntegrationID(stored: try $0.text()) }
    }

    private static func find(
        _ condition: SQL, in scope: Scope, _ tx: any ReadTransaction
    ) throws -> [Found] {
        guard !scope.integrations.isEmpty else { return [] }
        return try tx.rows(query(condition, in: scope), read)
    }

    private static func query(_ condition: SQL, in scope: Scope) -> SQL {
        """
        SELECT \(columns) FROM order_transaction
        WHERE \(scope.condition) AND \(condition) LIMIT \(scope.limit)
        """
    }

    private static func read(_ row: inout RowReader) throws -> Found {
        let integration = IntegrationID(stored: try row.text())
        let order = OrderID(stored: try row.text())
        let (reference, time) = (try row.text(), try row.timestampOrNull())
        let (amount, currency) = (try row.integerOrNull(), try row.textOrNull())
        let card = OrderCard(
            brand: try row.textOrNull(), last4: try row.textOrNull(), bin: try row.textOrNull())
        let (code, arn) = (try row.textOrNull(), try row.textOrNull())
        let (descriptor, status) = (try row.textOrNull(), try row.textOrNull())
        return Found(
            transaction: OrderTransaction(
                referenceID: reference, authorisedAt: time, amount: amount, currency: currency,
                card: card, authorisationCode: code, acquirerReferenceNumber: arn,
                descriptor: descriptor,
                authorisationStatus: status.flatMap { $0.isEmpty ? nil : $0 },
                paymentMethodType: try row.textOrNull()),
            integrationID: integration, orderID: order, hasStatus: status != nil)
    }
}
