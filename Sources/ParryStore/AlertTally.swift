import ParryDatabase
import ParryWire

// Overviews count a hundred thousand alerts while somebody waits. All that they tell alerts apart by is packed into one
// number in the alert's row, so that one short index, day by day, is enough. The number is worked out from the row's other
// columns, in the transaction that changes them.

/// What overviews tell alerts apart by.
package struct AlertTally: Sendable, Hashable {
    /// What became of an alert.
    package enum Outcome: Int64, Sendable, CaseIterable {
        case open = 0
        case invalid = 1
        case refunded = 2
        /// By a person, a key, a rule or the network.
        case notRefunded = 3
        /// Nobody decided until the deadline.
        case expired = 4
    }

    /// How long it took to decide.
    package enum Pace: Int64, Sendable, CaseIterable {
        case underOneHour = 1
        case underFourHours = 2
        case underTwelveHours = 3
        case underOneDay = 4
        case underTwoDays = 5
        case longer = 6
        case deadlinePassed = 7
    }

    package let outcome: Outcome
    /// nil for open and invalid alerts, and for those that had no deadline.
    package let pace: Pace?
    /// nil where no sale was looked for.
    package let level: MatchLevel?

    package init(outcome: Outcome, pace: Pace?, level: MatchLevel?) {
        self.outcome = outcome
        self.pace = pace
        self.level = level
    }

    /// Reads what the column `tally` holds; nil for anything else.
    init?(packed: Int64) {
        guard let outcome = Outcome(rawValue: packed / 1_000) else { return nil }
        self.outcome = outcome
        pace = Pace(rawValue: packed / 100 % 10)
        level = Self.level(packed % 10, isMatched: packed / 10 % 10 == 1)
    }

    private static func level(_ digit: Int64, isMatched: Bool) -> MatchLevel? {
        let words: [MatchLevel?] = [nil, .exact, .high, .low, .byHand, .ambiguous, MatchLevel.none]
        guard words.indices.contains(Int(digit)), let word = words[Int(digit)] else {
            return isMatched ? .byHand : nil
        }
        if word.isMatched == isMatched { return word }
        return isMatched ? .byHand : MatchLevel.none
    }

    /// The tallies of alerts that were refunded.
    static let refunded: SQL = "tally BETWEEN 2000 AND 2999"
    /// Those of invalid ones.
    static let invalid: SQL = "tally BETWEEN 1000 AND 1999"

    private static let packed: SQL = """
        CASE WHEN status = 'ACTION_REQUIRED' THEN 0 WHEN status = 'INVALID' THEN 1000
            WHEN transaction_refund_outcome = 'REFUNDED' THEN 2000
            WHEN decided_at >= action_required_deadline THEN 4000 ELSE 3000 END
        + CASE WHEN status <> 'RESOLVED' OR action_required_deadline IS NULL THEN 0
            WHEN decided_at >= action_required_deadline THEN 700
            WHEN decided_at - alert_received_at < 3600000 THEN 100
            WHEN decided_at - alert_received_at < 14400000 THEN 200
            WHEN decided_at - alert_received_at < 43200000 THEN 300
            WHEN decided_at - alert_received_at < 86400000 THEN 400
            WHEN decided_at - alert_received_at < 172800000 THEN 500 ELSE 600 END
        + CASE WHEN integration_id IS NULL THEN 0 ELSE 10 END
        + CASE match_level WHEN 'EXACT' THEN 1 WHEN 'HIGH' THEN 2 WHEN 'LOW' THEN 3
            WHEN 'BY_HAND' THEN 4 WHEN 'AMBIGUOUS' THEN 5 WHEN 'NONE' THEN 6 ELSE 0 END
        """

    /// Whether another alert refunded the same sale. What was so once stays noted: a reader looks again.
    private static let shares: SQL = """
        CASE WHEN shares_refund = 1 OR (status = 'RESOLVED'
            AND transaction_refund_outcome = 'REFUNDED' AND integration_id IS NOT NULL
            AND EXISTS (SELECT 1 FROM alert other
                WHERE other.integration_id = alert.integration_id
                AND other.integration_transaction_id = alert.integration_transaction_id
                AND other.slot = alert.slot AND other.id <> alert.id
                AND other.status = 'RESOLVED' AND other.transaction_refund_outcome = 'REFUNDED'))
            THEN 1 ELSE 0 END
        """

    /// Works the numbers of some alerts out again, after their other columns were changed.
    static func note(_ ids: [AlertID], _ tx: any WriteTransaction) throws {
        try tx.execute(
            """
            UPDATE alert SET received_day = alert_received_at / 86400000, tally = \(packed),
                shares_refund = \(shares)
            WHERE id IN \(anyOf: ids.map(\.text))
            \(tx.dialect.inSlots(Set(ids.map { Int64($0.slot) }).sorted()))
            """)
    }
}
