extension Migration {
    /// The card networks: what they said, what they are told, how alerts were matched and judged.
    static let networks = Migration(
        version: 7, name: "networks", script: messages + requests + cases + matching,
        finish: EnrolmentIdentifierStore.respell)

    /// A message belongs to no organisation until it is routed, so that its slot comes from its own key.
    private static let messages = """
        CREATE TABLE network_message (
            id TEXT NOT NULL, slot BIGINT NOT NULL,
            mode TEXT NOT NULL CHECK (mode IN ('TEST', 'LIVE')),
            network TEXT NOT NULL CHECK (network IN ('ETHOCA', 'VERIFI')),
            kind TEXT NOT NULL CHECK (kind IN ('ALERT', 'ENROLMENT', 'DECISION', 'NOTIFICATION')),
            network_id TEXT NOT NULL, body TEXT NOT NULL,
            fate TEXT NOT NULL CHECK (fate IN ('RECEIVED', 'APPLIED', 'UNROUTED')),
            subject_id TEXT, received_at BIGINT NOT NULL,
            PRIMARY KEY (mode, network, kind, network_id, slot));
        CREATE INDEX network_message_id ON network_message (id);
        CREATE INDEX network_message_subject ON network_message (subject_id)
            WHERE subject_id IS NOT NULL;

        """

    private static let requests = """
        CREATE TABLE network_request (
            id TEXT NOT NULL, slot BIGINT NOT NULL,
            mode TEXT NOT NULL CHECK (mode IN ('TEST', 'LIVE')),
            network TEXT NOT NULL CHECK (network IN ('ETHOCA', 'VERIFI')),
            kind TEXT NOT NULL CHECK (kind IN ('ENROL', 'UNENROL', 'OUTCOME')),
            subject_id TEXT NOT NULL, network_id TEXT, payload TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('WAITING', 'DONE', 'PARKED', 'CANCELLED')),
            attempt_count BIGINT NOT NULL, due_at BIGINT NOT NULL, lease BIGINT NOT NULL,
            error TEXT, created_at BIGINT NOT NULL, ended_at BIGINT,
            PRIMARY KEY (id, slot));
        CREATE INDEX network_request_due ON network_request (mode, network, kind, due_at)
            WHERE state = 'WAITING';
        CREATE INDEX network_request_subject ON network_request (subject_id, created_at);
        CREATE UNIQUE INDEX network_request_outcome ON network_request (subject_id, slot)
            WHERE kind = 'OUTCOME';
        CREATE INDEX network_request_parked ON network_request (id) WHERE state = 'PARKED';

        """

    private static let cases = """
        CREATE TABLE alert_case (
            alert_id TEXT NOT NULL, slot BIGINT NOT NULL,
            category TEXT NOT NULL CHECK (category IN ('FRAUD', 'DISPUTE')),
            alerted_at BIGINT NOT NULL, transaction_at BIGINT, reason_code TEXT,
            invalid_reason TEXT, original_alert_id TEXT, verdict TEXT NOT NULL,
            is_set_by_hand BIGINT NOT NULL CHECK (is_set_by_hand IN (0, 1)),
            is_simulated BIGINT NOT NULL CHECK (is_simulated IN (0, 1)),
            fillers TEXT NOT NULL, judged_at BIGINT NOT NULL, PRIMARY KEY (alert_id, slot),
            FOREIGN KEY (alert_id, slot) REFERENCES alert (id, slot));
        CREATE INDEX alert_case_original ON alert_case (original_alert_id)
            WHERE original_alert_id IS NOT NULL;
        CREATE TABLE alert_review (
            alert_id TEXT NOT NULL, slot BIGINT NOT NULL, due_at BIGINT NOT NULL,
            PRIMARY KEY (alert_id, slot)) CLUSTERED;
        CREATE INDEX alert_review_due ON alert_review (due_at);
        CREATE INDEX alert_seeking ON alert (organisation_id, alert_received_at)
            WHERE (integration_id IS NULL OR status = 'ACTION_REQUIRED');
        CREATE INDEX alert_seeking_last4
            ON alert (organisation_id, transaction_card_last4, alert_received_at)
            WHERE (integration_id IS NULL OR status = 'ACTION_REQUIRED');
        CREATE INDEX alert_seeking_code
            ON alert (organisation_id, transaction_authorisation_code, alert_received_at)
            WHERE (integration_id IS NULL OR status = 'ACTION_REQUIRED');
        CREATE INDEX alert_seeking_arn
            ON alert (organisation_id, transaction_acquirer_reference_number, alert_received_at)
            WHERE (integration_id IS NULL OR status = 'ACTION_REQUIRED');
        CREATE INDEX enrolment_pending ON enrolment (id) WHERE status = 'PENDING';
        CREATE INDEX alert_transaction ON alert (integration_id, integration_transaction_id)
            WHERE integration_transaction_id IS NOT NULL;

        """

    /// What has ended keeps its identifiers for routing, so that its late alerts find it.
    private static let matching = """
        ALTER TABLE enrolment_identifier ADD COLUMN is_held BIGINT NOT NULL DEFAULT 1;
        CREATE INDEX order_transaction_code
            ON order_transaction (organisation_id, authorisation_code, authorised_at)
            WHERE authorisation_code IS NOT NULL;
        DROP INDEX order_transaction_last_4;
        CREATE INDEX order_transaction_last_4 ON order_transaction
            (organisation_id, card_last_4, authorised_at, amount, currency, card_bin)
            WHERE card_last_4 IS NOT NULL;
        CREATE TABLE exchange_rate (
            currency TEXT NOT NULL, day BIGINT NOT NULL, usd_per_unit BIGINT NOT NULL,
            PRIMARY KEY (currency, day));

        """
}
