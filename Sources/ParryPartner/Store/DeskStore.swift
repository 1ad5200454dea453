package import ParryDatabase
package import ParryWire

/// What the desk reads, and the one change that it makes.
package struct DeskStore {
    /// A line of the journal.
    package struct Entry: Sendable, Hashable {
        package let at: Timestamp
        package let text: String
    }

    /// An event that could not be worked off.
    package struct Failure: Sendable, Hashable {
        package let id: String
        package let type: String
        package let attempts: Int64
        package let error: String
    }

    /// What became of a person's decision.
    enum Change: Sendable, Hashable {
        case done(AlertCase)
        /// Somebody else went on with the case; the text is the journal's last line.
        case otherwise(String)
    }

    /// Alerts that are open, or that have ended and are not done with here: those with the nearest deadline first.
    package static func alerts(limit: Int, _ tx: any ReadTransaction) throws -> [AlertCase] {
        let ids = try tx.rows(
            """
            SELECT id FROM alert
            WHERE status = 'ACTION_REQUIRED' OR step <> 'ENDED' AND refund_intent_id IS NOT NULL
            ORDER BY deadline IS NULL, deadline, id LIMIT \(limit)
            """
        ) { try $0.text() }
        return try ids.compactMap { try AlertStore.find($0, tx) }
    }

    /// The newest lines about an alert, oldest first.
    package static func journal(
        _ subject: String, limit: Int, _ tx: any ReadTransaction
    ) throws -> [Entry] {
        try tx.rows(
            """
            SELECT at, text FROM journal WHERE subject_id = \(subject)
            ORDER BY id DESC LIMIT \(limit)
            """
        ) { Entry(at: Timestamp(milliseconds: try $0.integer()), text: try $0.text()) }.reversed()
    }

    /// Alerts by their step, those that the desk shows.
    package static func steps(_ tx: any ReadTransaction) throws -> [DeskHealth.Step] {
        try tx.rows(
            """
            SELECT step, COUNT(*) FROM alert
            WHERE status = 'ACTION_REQUIRED' OR step <> 'ENDED' GROUP BY step ORDER BY step
            """
        ) { DeskHealth.Step(step: try $0.text(), count: try $0.integer()) }
    }

    /// When an alert was read from the platform for the last time.
    static func lastSeenAt(_ tx: any ReadTransaction) throws -> Timestamp? {
        try tx.row("SELECT MAX(seen_at) FROM alert") { try $0.integerOrNull() }
            .flatMap { $0 }.map { Timestamp(milliseconds: $0) }
    }

    /// All feeds, also those that have nothing but a request without an answer.
    static func feeds(_ tx: any ReadTransaction) throws -> [DeskHealth.Feed] {
        let totals = try FeedStore.totals(tx)
        let waiting = try tx.rows(
            "SELECT feed, COUNT(*) FROM feed_batch GROUP BY feed ORDER BY feed"
        ) { (feed: try $0.text(), count: try $0.integer()) }
        let known = totals.map { feed, totals in
            DeskHealth.Feed(
                name: feed, totals: totals,
                unanswered: waiting.first { $0.feed == feed }?.count ?? 0)
        }
        let begun = waiting.filter { one in !totals.contains { $0.feed == one.feed } }.map {
            DeskHealth.Feed(name: $0.feed, totals: FeedStore.Totals(), unanswered: $0.count)
        }
        return known + begun
    }

    /// Events that failed, the newest first.
    static func failures(limit: Int, _ tx: any ReadTransaction) throws -> [Failure] {
        try tx.rows(
            """
            SELECT id, type, attempts, COALESCE(error, '') FROM inbox_event
            WHERE is_done = 0 AND attempts > 0 ORDER BY received_at DESC LIMIT \(limit)
            """
        ) {
            Failure(
                id: try $0.text(), type: try $0.text(), attempts: try $0.integer(),
                error: try $0.text())
        }
    }

    /// Keeps what a person decided, if the case is still as it was shown to that person.
    ///
    /// - Parameter what: The journal's line.
    static func change(
        _ shown: AlertCase, _ what: String, at now: Timestamp, _ tx: any WriteTransaction,
        _ body: (inout AlertCase) -> Void
    ) throws -> Change {
        guard var alert = try AlertStore.find(shown.id, tx), alert.isSameDecision(as: shown) else {
            let last = try journal(shown.id, limit: 1, tx).last?.text
            return .otherwise(last ?? "nothing is noted")
        }
        body(&alert)
        try AlertStore.save(alert, tx)
        try PartnerDatabase.note(what, about: alert.id, at: now, tx)
        return .done(alert)
    }
}

extension AlertCase {
    /// Whether a decision about one is a decision about the other. The platform may have shown it anew meanwhile.
    fileprivate func isSameDecision(as other: AlertCase) -> Bool {
        step == other.step && status == other.status && decision == other.decision
            && round == other.round && refundIntentID == other.refundIntentID
            && integrationID == other.integrationID
            && transactionReference == other.transactionReference && amount == other.amount
            && currency == other.currency
    }
}
