extension Migration {
    /// What overviews count: how alerts ended, how sure their matches are, when enrolments went live, and what became of
    /// uploaded orders.
    static let statistics = decided + levels + tallies + shared + live + feedDays

    /// For alerts that had ended before, their last change stands for their decision.
    private static let decided = """
        ALTER TABLE alert ADD COLUMN decided_at BIGINT;
        ALTER TABLE alert ADD COLUMN match_level TEXT;
        ALTER TABLE alert ADD COLUMN received_day BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE alert ADD COLUMN tally BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE alert ADD COLUMN shares_refund BIGINT NOT NULL DEFAULT 0;
        UPDATE alert SET decided_at = updated_at WHERE status <> 'ACTION_REQUIRED';

        """

    /// A word of `MatchLevel`.
    private static let levels = """
        UPDATE alert SET match_level = (SELECT CASE
                WHEN c.is_set_by_hand = 1 THEN 'BY_HAND'
                WHEN c.verdict LIKE '{"outcome":"MATCHED","confidence":"EXACT"%' THEN 'EXACT'
                WHEN c.verdict LIKE '{"outcome":"MATCHED","confidence":"HIGH"%' THEN 'HIGH'
                WHEN c.verdict LIKE '{"outcome":"MATCHED","confidence":"LOW"%' THEN 'LOW'
                WHEN c.verdict LIKE '{"outcome":"AMBIGUOUS"%' THEN 'AMBIGUOUS'
                WHEN c.verdict LIKE '{"outcome":"NONE"%' THEN 'NONE' END
            FROM alert_case c WHERE c.alert_id = alert.id AND c.slot = alert.slot);

        """

    /// As `AlertTally` writes them. The indexes have all that overviews count, day by day.
    private static let tallies = """
        UPDATE alert SET received_day = alert_received_at / 86400000, tally =
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
                WHEN 'BY_HAND' THEN 4 WHEN 'AMBIGUOUS' THEN 5 WHEN 'NONE' THEN 6 ELSE 0 END;
        CREATE INDEX alert_tally ON alert (organisation_id, received_day, tally,
            transaction_currency_code, transaction_amount_in_cents);
        CREATE INDEX alert_issuer ON alert
            (organisation_id, received_day, transaction_card_issuer, tally);

        """

    /// Which alerts are not the only ones by which their sale was refunded.
    private static let shared = """
        UPDATE alert SET shares_refund = 1 WHERE status = 'RESOLVED'
            AND transaction_refund_outcome = 'REFUNDED' AND integration_id IS NOT NULL
            AND EXISTS (SELECT 1 FROM alert other
                WHERE other.integration_id = alert.integration_id
                AND other.integration_transaction_id = alert.integration_transaction_id
                AND other.slot = alert.slot AND other.id <> alert.id
                AND other.status = 'RESOLVED' AND other.transaction_refund_outcome = 'REFUNDED');
        CREATE INDEX alert_shared_refund ON alert
            (organisation_id, received_day, integration_id, integration_transaction_id)
            WHERE shares_refund = 1;

        """

    /// For enrolments that are live already, their last change stands for the moment that they became so.
    private static let live = """
        ALTER TABLE enrolment ADD COLUMN enabled_at BIGINT;
        UPDATE enrolment SET enabled_at = updated_at WHERE status = 'ENABLED';

        """

    private static let feedDays = """
        CREATE TABLE order_feed_day (
            integration_id TEXT NOT NULL, day BIGINT NOT NULL, part TEXT NOT NULL,
            slot BIGINT NOT NULL, accepted BIGINT NOT NULL, updated BIGINT NOT NULL,
            failed BIGINT NOT NULL, duplicate BIGINT NOT NULL, last_at BIGINT NOT NULL,
            PRIMARY KEY (integration_id, day, part, slot)) CLUSTERED;

        """
}
