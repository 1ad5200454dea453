package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `alert`.
package struct AlertStore {
    /// What a list lets through, and in which order (CONTRACT.md 9).
    package struct Filter: Sendable {
        package var status: AlertStatus?
        package var organisationID: OrganisationID?
        package var merchantID: MerchantID?
        package var enrolmentID: EnrolmentID?
        /// Whether somebody has to look at them.
        package var needsAttention: Bool?
        /// Inclusive, in milliseconds.
        package var receivedFrom: Timestamp?
        package var receivedTo: Timestamp?
        package var enrolmentType: EnrolmentType?
        package var search: AlertSearch?
        package var sort: Sort = .receivedAt
        package var direction: SortDirection = .descending

        /// What a list can be ordered by.
        package enum Sort: String, Sendable, CaseIterable {
            case receivedAt = "alert_received_at"
            case deadline = "action_required_deadline"
        }

        package init() {}

        /// The index that has the order, or else all that is compared; nil for what the primary key finds.
        fileprivate var index: SQL? {
            switch (sort, direction) {
            case _ where search?.isID == true: nil
            case (.deadline, _) where needsAttention == true: "alert_attention"
            case _ where isSearch && needsAttention != true: "alert_search"
            case (.receivedAt, _) where needsAttention == true: "alert_attention"
            case (.receivedAt, _): merchantID == nil ? "alert_received" : "alert_merchant_received"
            case (.deadline, .ascending): "alert_deadline"
            case (.deadline, .descending): "alert_deadline_descending"
            }
        }

        /// Whether it compares what only the index for searches has.
        private var isSearch: Bool {
            search != nil || enrolmentType != nil || enrolmentID != nil
        }

        fileprivate func conditions(_ dialect: Dialect) -> [SQL] {
            var conditions: [SQL] = []
            if let status { conditions.append("status = \(status.rawValue)") }
            if let id = merchantID { conditions.append("merchant_id = \(id.text)") }
            if let id = enrolmentID { conditions.append("enrolment_id = \(id.text)") }
            if let needsAttention {
                conditions.append(needsAttention ? "attention IS NOT NULL" : "attention IS NULL")
            }
            if let from = receivedFrom {
                conditions.append("alert_received_at >= \(from.milliseconds)")
            }
            if let to = receivedTo { conditions.append("alert_received_at <= \(to.milliseconds)") }
            if let type = enrolmentType { conditions.append("enrolment_type = \(type.rawValue)") }
            if let search { conditions.append(search.condition(dialect)) }
            return conditions
        }
    }

    static let columns: SQL = """
        id, alert_network_id, enrolment_id, organisation_id, merchant_id, enrolment_type,
        transaction_amount_in_cents, transaction_currency_code, transaction_authorised_at,
        transaction_authorisation_code, transaction_acquirer_reference_number,
        transaction_statement_descriptor, transaction_card_bin, transaction_card_last4,
        transaction_card_scheme, transaction_card_issuer, action_required_deadline,
        alert_received_at, created_at, status, transaction_refund_outcome,
        subscription_cancel_outcome, note, integration_id, integration_transaction_id, attention,
        attention_at, updated_at, version
        """

    /// The alert, if this owner sees it.
    package static func find(
        _ id: AlertID, for owner: Owner, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Alert? {
        try tx.row(
            """
            SELECT \(columns) FROM alert WHERE id = \(id.text) AND slot = \(id.slot)
            AND \(owner.sees(rowOf: "alert")) \(tx.dialect.suffix(lock))
            """, read)
    }

    /// The alert of an id, whoever sees it: for the platform's own work.
    package static func named(
        _ id: AlertID, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Alert? {
        try tx.row(
            """
            SELECT \(columns) FROM alert WHERE id = \(id.text) AND slot = \(id.slot)
            \(tx.dialect.suffix(lock))
            """, read)
    }

    /// The other Ethoca alert about the same transaction and amount that is no duplicate itself: the one that was taken
    /// in before, because the caller has locked the transaction's order. A network's alert is no duplicate of a
    /// simulated one.
    package static func original(
        of alert: Alert, isSimulated: Bool, _ tx: any ReadTransaction
    ) throws -> Alert? {
        guard let integration = alert.state.integrationID,
            let reference = alert.state.integrationTransactionID
        else { return nil }
        return try tx.row(
            """
            SELECT \(columns) FROM alert WHERE integration_id = \(integration.text)
            AND integration_transaction_id = \(reference) AND slot = \(alert.id.slot)
            AND enrolment_type = \(EnrolmentType.ethocaAlert.rawValue) AND id <> \(alert.id.text)
            AND transaction_amount_in_cents = \(alert.transaction.amount)
            AND transaction_currency_code = \(alert.transaction.currency)
            AND id NOT IN (SELECT alert_id FROM alert_case c
                WHERE c.alert_id = alert.id AND c.slot = alert.slot
                AND (c.original_alert_id IS NOT NULL OR c.is_simulated > \(isSimulated)
                    OR c.invalid_reason IN ('NOT_FOUND', 'WRONG_MERCHANT')
                    OR (c.invalid_reason IS NULL AND alert.status = 'INVALID')))
            ORDER BY alert_received_at, id LIMIT 1
            """, read)
    }

    /// The alerts by which a transaction was refunded: RDR cases at the network, Ethoca alerts by declaration.
    package static func refunding(
        _ sale: RefundedSale, _ tx: any ReadTransaction
    ) throws -> [Alert] {
        try tx.rows(
            """
            SELECT \(columns) FROM alert WHERE integration_id = \(sale.integrationID.text)
            AND integration_transaction_id = \(sale.reference) AND slot = \(sale.integrationID.slot)
            AND status = 'RESOLVED' AND transaction_refund_outcome = 'REFUNDED'
            ORDER BY alert_received_at, id
            """, read)
    }

    /// The alerts about a transaction, whatever became of them, the first received first.
    package static func about(
        _ sale: RefundedSale, limit: Int, _ tx: any ReadTransaction
    ) throws -> [Alert] {
        try tx.rows(
            """
            SELECT \(columns) FROM alert WHERE integration_id = \(sale.integrationID.text)
            AND integration_transaction_id = \(sale.reference) AND slot = \(sale.integrationID.slot)
            ORDER BY alert_received_at, id LIMIT \(limit)
            """, read)
    }

    /// The alerts about some transactions of an integration whose networks were told that the money stays, locked.
    package static func declined(
        about references: [String], in integration: IntegrationID, _ tx: any WriteTransaction
    ) throws -> [Alert] {
        try tx.rows(
            """
            SELECT \(columns) FROM alert WHERE integration_id = \(integration.text)
            AND integration_transaction_id IN \(anyOf: references) AND slot = \(integration.slot)
            AND status = 'RESOLVED' AND transaction_refund_outcome = 'NOT_REFUNDED'
            ORDER BY id \(tx.dialect.suffix(.update))
            """, read)
    }

    /// Alerts that are due, the longest first.
    package static func due(
        _ now: Timestamp, limit: Int, _ tx: any ReadTransaction
    ) throws -> [AlertID] {
        try tx.rows(
            """
            SELECT id FROM alert WHERE due_at <= \(now.milliseconds)
            ORDER BY due_at LIMIT \(limit)
            """
        ) { AlertID(stored: try $0.text()) }
    }

    /// An alert that is due, with the time until which its partner was reminded.
    package typealias DueAlert = (remindedAt: Timestamp?, alert: Alert)

    /// Some that need attention, locked. What another process works on is left out, so that several share the work.
    package static func lockedDue(
        _ now: Timestamp, limit: Int, _ tx: any WriteTransaction
    ) throws -> [DueAlert] {
        try tx.rows(
            """
            SELECT reminded_at, \(columns) FROM alert WHERE due_at <= \(now.milliseconds)
            ORDER BY due_at LIMIT \(limit) \(tx.dialect.forUpdateSkipLocked)
            """
        ) { (try $0.timestampOrNull(), try read(&$0)) }
    }

    /// One of them, if it is due still and nobody else works on it.
    package static func lockedDue(
        _ id: AlertID, at now: Timestamp, _ tx: any WriteTransaction
    ) throws -> [DueAlert] {
        try tx.rows(
            """
            SELECT reminded_at, \(columns) FROM alert WHERE id = \(id.text) AND slot = \(id.slot)
            AND due_at <= \(now.milliseconds) \(tx.dialect.forUpdateSkipLocked)
            """
        ) { (try $0.timestampOrNull(), try read(&$0)) }
    }

    /// Notes that a locked alert was attended to, and when it needs attention next; nil for never.
    package static func attended(
        _ id: AlertID, next due: Timestamp?, at now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE alert SET due_at = \(due?.milliseconds), reminded_at = \(now.milliseconds)
            WHERE id = \(id.text) AND slot = \(id.slot)
            """)
    }

    /// Has every open alert of an organisation looked at anew, because its reminders were changed.
    package static func makeDue(
        of organisation: OrganisationID, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE alert SET due_at = 0 WHERE organisation_id = \(organisation.text)
            AND slot = \(organisation.slot) AND status = 'ACTION_REQUIRED' AND due_at IS NOT NULL
            """)
    }

    /// Has every alert of an organisation that waits due so much earlier: its clock was set forward.
    package static func bringForward(
        of organisation: OrganisationID, by milliseconds: Int64, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE alert SET due_at = due_at - \(milliseconds)
            WHERE organisation_id = \(organisation.text) AND slot = \(organisation.slot)
            AND due_at IS NOT NULL
            """)
    }

    /// Whether an alert of an organisation is due.
    package static func isDue(
        in organisation: OrganisationID, at now: Timestamp, _ tx: any ReadTransaction
    ) throws -> Bool {
        try tx.row(
            """
            SELECT 1 FROM alert WHERE organisation_id = \(organisation.text)
            AND slot = \(organisation.slot) AND due_at <= \(now.milliseconds) LIMIT 1
            """
        ) { try $0.integer() } != nil
    }

    /// Sets when an alert needs attention next; nil for never.
    package static func setDue(
        _ due: Timestamp?, of id: AlertID, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE alert SET due_at = \(due?.milliseconds)
            WHERE id = \(id.text) AND slot = \(id.slot)
            """)
    }

    /// The page of alerts that the filter lets through and this owner sees. Alerts without a deadline
    /// come last when sorted by it, on every engine.
    package static func list(
        _ filter: Filter, for owner: Owner, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<Alert> {
        try query(filter, for: owner, page: page, tx).run(tx, read)
    }

    /// The query for that page. Alerts lie by organisation.
    package static func query(
        _ filter: Filter, for owner: Owner, page: Page, _ tx: any ReadTransaction
    ) throws -> ListQuery {
        let order =
            switch filter.sort {
            case .receivedAt: ListOrder(by: "alert_received_at", filter.direction)
            case .deadline: ListOrder(byNullableLast: "action_required_deadline", filter.direction)
            }
        let parts = try OrganisationStore.parts(for: owner, only: filter.organisationID, tx)
        let conditions = filter.conditions(tx.dialect)
        let isOpenAlone = filter.status == .actionRequired && conditions.count == 1
        return ListQuery(
            table: "alert", columns: columns, parts: parts, index: filter.index,
            conditions: conditions, order: order, page: page,
            count: isOpenAlone ? openCount(parts.condition, tx.dialect) : nil)
    }

    /// Adds a new alert.
    ///
    /// - Parameter due: When it needs attention, in real time; nil for an alert that waits for nothing.
    package static func insert(
        _ alert: Alert, due: Timestamp?, _ tx: any WriteTransaction
    ) throws {
        let transaction = alert.transaction
        try tx.execute(
            """
            INSERT INTO alert (slot, due_at, decided_at, \(columns))
            VALUES (\(alert.id.slot), \(due?.milliseconds),
                \(alert.isOpen ? nil : alert.updatedAt.milliseconds), \(alert.id.text),
                \(alert.networkID), \(alert.enrolmentID.text), \(alert.organisationID.text),
                \(alert.merchantID.text), \(alert.enrolmentType.rawValue), \(transaction.amount),
                \(transaction.currency), \(transaction.authorisedAt.milliseconds),
                \(transaction.authorisationCode), \(transaction.acquirerReferenceNumber),
                \(transaction.statementDescriptor), \(transaction.cardBIN),
                \(transaction.cardLast4), \(transaction.cardScheme), \(transaction.cardIssuer),
                \(alert.actionRequiredDeadline?.milliseconds), \(alert.receivedAt.milliseconds),
                \(alert.createdAt.milliseconds), \(alert.state.status.rawValue),
                \(alert.state.refundOutcome?.rawValue), \(alert.state.cancelOutcome?.rawValue),
                \(alert.state.note), \(alert.state.integrationID?.text),
                \(alert.state.integrationTransactionID), \(alert.attention?.reason.rawValue),
                \(alert.attention?.since.milliseconds), \(alert.updatedAt.milliseconds),
                \(alert.version))
            """)
        try AlertTally.note([alert.id], tx)
    }

    /// Saves a changed alert. Two writers cannot both succeed: the version is compared. A resolved one is due
    /// no more; an INVALID one may have to be told still.
    package static func save(_ alert: Alert, _ tx: any WriteTransaction) throws {
        let state = alert.state
        try tx.executeVersioned(
            """
            UPDATE alert SET status = \(state.status.rawValue), merchant_id = \(alert.merchantID.text),
                transaction_refund_outcome = \(state.refundOutcome?.rawValue),
                subscription_cancel_outcome = \(state.cancelOutcome?.rawValue),
                note = \(state.note), integration_id = \(state.integrationID?.text),
                integration_transaction_id = \(state.integrationTransactionID),
                attention = \(alert.attention?.reason.rawValue),
                attention_at = \(alert.attention?.since.milliseconds),
                due_at = CASE WHEN \(state.status != .resolved) = 1 THEN due_at END,
                decided_at = CASE WHEN \(alert.isOpen) = 0
                    THEN coalesce(decided_at, \(alert.updatedAt.milliseconds)) END,
                updated_at = \(alert.updatedAt.milliseconds), version = version + 1
            WHERE id = \(alert.id.text) AND slot = \(alert.id.slot)
            AND version = \(alert.version)
            """)
        try AlertTally.note([alert.id], tx)
    }

    /// Saves that alerts ended not refunded, which their caller has locked.
    package static func saveExpired(_ alerts: [Alert], _ tx: any WriteTransaction) throws {
        for (time, alerts) in Dictionary(grouping: alerts, by: \.updatedAt) {
            try tx.execute(
                """
                UPDATE alert SET status = 'RESOLVED', transaction_refund_outcome = 'NOT_REFUNDED',
                    due_at = NULL, decided_at = \(time.milliseconds),
                    updated_at = \(time.milliseconds), version = version + 1
                WHERE id IN \(anyOf: alerts.map(\.id.text))
                \(tx.dialect.inSlots(Set(alerts.map { Int64($0.id.slot) }).sorted()))
                """)
        }
        try AlertTally.note(alerts.map(\.id), tx)
    }

    static func read(_ row: inout RowReader) throws -> Alert {
        let id = AlertID(stored: try row.text())
        let networkID = try row.text()
        let source = AlertSource(
            id: .init(stored: try row.text()), organisationID: .init(stored: try row.text()),
            merchantID: .init(stored: try row.text()), type: try row.word())
        let transaction = try readTransaction(&row)
        let deadline = try row.timestampOrNull()
        let (receivedAt, createdAt) = (try row.timestamp(), try row.timestamp())
        let state = try readState(&row)
        let (reason, since) = (
            try row.wordOrNull() as AttentionReason?, try row.timestampOrNull()
        )
        var alert = Alert(
            id: id, networkID: networkID, enrolment: source, transaction: transaction,
            actionRequiredDeadline: deadline, receivedAt: receivedAt, createdAt: createdAt,
            state: state, updatedAt: try row.timestamp(), version: try row.integer())
        if let reason, let since { alert.attention = AlertAttention(reason, since: since) }
        return alert
    }

    private static func readTransaction(_ row: inout RowReader) throws -> AlertTransaction {
        AlertTransaction(
            amount: try row.integer(), currency: try row.text(),
            authorisedAt: try row.timestamp(), authorisationCode: try row.textOrNull(),
            acquirerReferenceNumber: try row.textOrNull(),
            statementDescriptor: try row.textOrNull(), cardBIN: try row.textOrNull(),
            cardLast4: try row.textOrNull(), cardScheme: try row.textOrNull(),
            cardIssuer: try row.textOrNull())
    }

    private static func readState(_ row: inout RowReader) throws -> Alert.State {
        Alert.State(
            status: try row.word(), refundOutcome: try row.wordOrNull(),
            cancelOutcome: try row.wordOrNull(), note: try row.textOrNull(),
            integrationID: try row.textOrNull().map(IntegrationID.init(stored:)),
            integrationTransactionID: try row.textOrNull())
    }
}

extension Alert {
    /// Whether nothing is decided yet.
    fileprivate var isOpen: Bool { state.status == .actionRequired }
}
