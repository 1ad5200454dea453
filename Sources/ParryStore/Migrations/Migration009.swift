extension Migration {
    /// What follows from decisions: refunds, alerts that somebody has to look at, published rulesets; and test clocks.
    static let consequences = Migration(
        version: 9, name: "consequences", script: clock + refunds + attention + publication)

    private static let clock = """
        ALTER TABLE organisation ADD COLUMN clock_lead BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE enrolment ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
        UPDATE enrolment SET changed_at = updated_at;

        """

    private static let refunds = """
        CREATE TABLE refund_intent (
            id TEXT NOT NULL, slot BIGINT NOT NULL, organisation_id TEXT NOT NULL,
            integration_id TEXT NOT NULL, transaction_reference_id TEXT NOT NULL,
            amount_in_cents BIGINT NOT NULL, currency TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('RESERVED', 'COMMITTED', 'RELEASED')),
            refund_reference_id TEXT, expires_at BIGINT NOT NULL,
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, version BIGINT NOT NULL,
            PRIMARY KEY (id, slot));
        CREATE INDEX refund_intent_transaction
            ON refund_intent (integration_id, transaction_reference_id);
        CREATE UNIQUE INDEX refund_intent_reference ON refund_intent
            (integration_id, transaction_reference_id, refund_reference_id, slot)
            WHERE refund_reference_id IS NOT NULL;
        CREATE INDEX refund_intent_created ON refund_intent (organisation_id, created_at, id);

        """

    private static let attention = """
        ALTER TABLE alert ADD COLUMN attention TEXT;
        ALTER TABLE alert ADD COLUMN attention_at BIGINT;
        CREATE INDEX alert_attention ON alert (organisation_id, alert_received_at, id)
            WHERE attention IS NOT NULL;

        """

    /// Requests to publish are told from others by their kind, which the table has to know.
    private static let publication = """
        ALTER TABLE network_request RENAME TO network_request_before;
        CREATE TABLE network_request (
            id TEXT NOT NULL, slot BIGINT NOT NULL,
            mode TEXT NOT NULL CHECK (mode IN ('TEST', 'LIVE')),
            network TEXT NOT NULL CHECK (network IN ('ETHOCA', 'VERIFI')),
            kind TEXT NOT NULL CHECK (kind IN ('ENROL', 'UNENROL', 'OUTCOME', 'PUBLISH')),
            subject_id TEXT NOT NULL, network_id TEXT, payload TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('WAITING', 'DONE', 'PARKED', 'CANCELLED')),
            attempt_count BIGINT NOT NULL, due_at BIGINT NOT NULL, lease BIGINT NOT NULL,
            error TEXT, created_at BIGINT NOT NULL, ended_at BIGINT,
            PRIMARY KEY (id, slot));
        INSERT INTO network_request SELECT id, slot, mode, network, kind, subject_id, network_id,
            payload, state, attempt_count, due_at, lease, error, created_at, ended_at
            FROM network_request_before;
        DROP TABLE network_request_before;
        CREATE INDEX network_request_due ON network_request (mode, network, kind, due_at)
            WHERE state = 'WAITING';
        CREATE INDEX network_request_subject ON network_request (subject_id, created_at);
        CREATE UNIQUE INDEX network_request_outcome ON network_request (subject_id, slot)
            WHERE kind = 'OUTCOME';
        CREATE INDEX network_request_parked ON network_request (id) WHERE state = 'PARKED';
        CREATE TABLE ruleset_publication (
            enrolment_id TEXT NOT NULL, slot BIGINT NOT NULL, version BIGINT NOT NULL,
            ruleset_id TEXT, ruleset_version BIGINT, body TEXT,
            status TEXT NOT NULL CHECK (status IN ('PENDING', 'PUBLISHED', 'FAILED')),
            published_version BIGINT, error TEXT, updated_at BIGINT NOT NULL,
            PRIMARY KEY (enrolment_id, slot));
        CREATE INDEX ruleset_publication_ruleset ON ruleset_publication (ruleset_id)
            WHERE ruleset_id IS NOT NULL;
        CREATE INDEX ruleset_publication_pending ON ruleset_publication (enrolment_id)
            WHERE status = 'PENDING';
        INSERT INTO ruleset_publication SELECT l.enrolment_id, l.slot, 1, r.id, r.version, v.body,
            'PENDING', NULL, NULL, r.updated_at
            FROM ruleset r JOIN ruleset_enrolment l ON l.ruleset_id = r.id AND l.slot = r.slot
            JOIN enrolment e ON e.id = l.enrolment_id AND e.slot = l.slot
                AND e.type = 'VERIFI_RDR'
            JOIN ruleset_version v ON v.ruleset_id = r.id AND v.slot = r.slot
                AND v.version = r.version;

        """
}
