package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `alert_case`: how an alert was matched and judged, which no alert shows.
package struct AlertCaseStore {
    /// What is known of an alert besides itself.
    package struct Case: Sendable, Hashable {
        package let alertID: AlertID
        package let category: DisputeCategory
        package let alertedAt: Timestamp
        /// When the sale took place, as far as the network said.
        package let transactionAt: Timestamp?
        package let reasonCode: String?
        /// A word of CONTRACT.md 13; nil for a valid alert.
        package var invalidReason: String?
        /// Whose duplicate it is.
        package var originalID: AlertID?
        /// The verdict as JSON.
        package var verdict: [UInt8]
        /// A person chose the transaction, or none.
        package var isSetByHand: Bool
        /// No network raised it, and none is told anything.
        package let isSimulated: Bool
        /// What a simulated alert shows although its caller did not say so.
        package let fillers: Set<AlertFiller>
        package var judgedAt: Timestamp
        /// What a ruleset decided, as JSON; nil where none was asked.
        package var decision: String?

        /// Whether a sale was looked for at all; not for a simulated alert that asked for no match.
        package var wasSearched: Bool { verdict != Self.notSearched }
        /// The verdict where no sale was looked for.
        package static let notSearched = Array("{}".utf8)

        /// The case of an alert as it was told, with nothing decided.
        ///
        /// - Parameter verdict: What matching found, as JSON.
        package init(
            _ told: NetworkAlert, of alertID: AlertID, verdict: [UInt8], judgedAt: Timestamp
        ) {
            self.alertID = alertID
            category = told.category
            alertedAt = told.alertedAt
            transactionAt = told.transactionAt
            reasonCode = told.reasonCode
            self.verdict = verdict
            isSetByHand = false
            isSimulated = told.isSimulated
            fillers = told.fillers
            self.judgedAt = judgedAt
        }

        fileprivate init(_ row: inout RowReader) throws {
            alertID = .init(stored: try row.text())
            category = try row.word()
            alertedAt = try row.timestamp()
            transactionAt = try row.timestampOrNull()
            reasonCode = try row.textOrNull()
            invalidReason = try row.textOrNull()
            originalID = try row.textOrNull().map(AlertID.init(stored:))
            verdict = Array(try row.text().utf8)
            isSetByHand = try row.integer() == 1
            isSimulated = try row.integer() == 1
            fillers = Set(
                try row.text().split(separator: " ").map(String.init).compactMap(AlertFiller.init))
            judgedAt = try row.timestamp()
            decision = try row.textOrNull()
        }
    }

    private static let columns: SQL = """
        alert_id, category, alerted_at, transaction_at, reason_code, invalid_reason,
        original_alert_id, verdict, is_set_by_hand, is_simulated, fillers, judged_at,
        decision
        """

    /// The case of an alert; nil for a simulated one that nothing was looked for.
    package static func find(_ id: AlertID, _ tx: any ReadTransaction) throws -> Case? {
        try tx.row(
            """
            SELECT \(columns) FROM alert_case WHERE alert_id = \(id.text) AND slot = \(id.slot)
            """, read)
    }

    /// The cases of some alerts.
    package static func find(
        _ ids: [AlertID], _ tx: any ReadTransaction
    ) throws -> [AlertID: Case] {
        let found = try tx.rows(
            """
            SELECT \(columns) FROM alert_case WHERE alert_id IN \(anyOf: ids.map(\.text))
            \(tx.dialect.inSlots(Set(ids.map { Int64($0.slot) }).sorted()))
            """, read)
        return Dictionary(found.map { ($0.alertID, $0) }, uniquingKeysWith: { $1 })
    }

    /// Which of some alerts have duplicates.
    package static func originals(
        among ids: [AlertID], _ tx: any ReadTransaction
    ) throws -> Set<AlertID> {
        Set(
            try tx.rows(
                """
                SELECT DISTINCT original_alert_id FROM alert_case
                WHERE original_alert_id IN \(anyOf: ids.map(\.text))
                \(tx.dialect.inSlots(Set(ids.map { Int64($0.slot) }).sorted()))
                """
            ) { AlertID(stored: try $0.text()) })
    }

    /// The duplicates of an alert.
    ///
    /// - Parameter isSimulated: Whether simulated ones are among them.
    package static func duplicates(
        of id: AlertID, isSimulated: Bool, _ tx: any ReadTransaction
    ) throws -> [Case] {
        try tx.rows(
            """
            SELECT \(columns) FROM alert_case
            WHERE original_alert_id = \(id.text) AND slot = \(id.slot)
            AND is_simulated <= \(isSimulated) ORDER BY alert_id LIMIT 100
            """, read)
    }

    /// Adds a new alert's case.
    package static func insert(_ value: Case, _ tx: any WriteTransaction) throws {
        try tx.execute(
            """
            INSERT INTO alert_case (slot, \(columns))
            VALUES (\(value.alertID.slot), \(value.alertID.text), \(value.category.rawValue),
                \(value.alertedAt.milliseconds), \(value.transactionAt?.milliseconds),
                \(value.reasonCode), \(value.invalidReason), \(value.originalID?.text),
                \(String(decoding: value.verdict, as: UTF8.self)), \(value.isSetByHand),
                \(value.isSimulated), \(value.fillers.map(\.rawValue).sorted().joined(separator: " ")),
                \(value.judgedAt.milliseconds), \(value.decision))
            """)
        try noteLevel(of: value, tx)
    }

    /// Saves a case that was judged again; its alert is locked by the caller.
    package static func save(_ value: Case, _ tx: any WriteTransaction) throws {
        try tx.execute(
            """
            UPDATE alert_case SET invalid_reason = \(value.invalidReason),
                original_alert_id = \(value.originalID?.text),
                verdict = \(String(decoding: value.verdict, as: UTF8.self)),
                is_set_by_hand = \(value.isSetByHand), judged_at = \(value.judgedAt.milliseconds),
                decision = \(value.decision)
            WHERE alert_id = \(value.alertID.text) AND slot = \(value.alertID.slot)
            """)
        try noteLevel(of: value, tx)
    }

    /// Says in the alert's own row how sure its match is, where statistics count it.
    private static func noteLevel(of value: Case, _ tx: any WriteTransaction) throws {
        guard let level = value.matchLevel?.rawValue else { return }
        let isChanged = try tx.execute(
            """
            UPDATE alert SET match_level = \(level)
            WHERE id = \(value.alertID.text) AND slot = \(value.alertID.slot)
            AND match_level IS DISTINCT FROM \(level)
            """)
        if isChanged == 1 { try AlertTally.note([value.alertID], tx) }
    }

    private static func read(_ row: inout RowReader) throws -> Case { try Case(&row) }
}
