/// The tables of an environment's database. Steps are never changed after a release; new ones go to the end.
enum PartnerSchema {
    /// Each step brings the file one version further.
    static let steps = [
        """
        -- What the file belongs to: the mode and the URL.
        CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);

        -- Ours to the platform's: customers, merchants, feeds, enrolments, rulesets. Without an id it was asked for, and
        -- whether it was made is not known: the same request, with its key, tells.
        CREATE TABLE mapping (
            kind TEXT NOT NULL, name TEXT NOT NULL, id TEXT, idempotency_key TEXT NOT NULL,
            body TEXT NOT NULL, asked_at BIGINT NOT NULL,
            PRIMARY KEY (kind, name)
        );
        CREATE UNIQUE INDEX mapping_id ON mapping (id) WHERE id IS NOT NULL;

        -- Orders that the platform has, or refused, by their references.
        CREATE TABLE feed_order (
            feed TEXT NOT NULL, reference TEXT NOT NULL, digest BLOB NOT NULL, order_id TEXT,
            batch_id BIGINT,
            PRIMARY KEY (feed, reference)
        );
        CREATE INDEX feed_order_batch ON feed_order (batch_id) WHERE batch_id IS NOT NULL;

        -- Batches on their way: their exact bytes and key, until the answer is kept.
        CREATE TABLE feed_batch (
            id INTEGER PRIMARY KEY, feed TEXT NOT NULL, idempotency_key TEXT NOT NULL,
            order_id TEXT, body BLOB NOT NULL, created_at BIGINT NOT NULL
        );

        -- What became of feeds, for the desk.
        CREATE TABLE feed_total (
            feed TEXT NOT NULL PRIMARY KEY, accepted BIGINT NOT NULL DEFAULT 0,
            changed BIGINT NOT NULL DEFAULT 0, refused BIGINT NOT NULL DEFAULT 0,
            duplicates BIGINT NOT NULL DEFAULT 0, lacks_arn BIGINT NOT NULL DEFAULT 0,
            lacks_authorisation_code BIGINT NOT NULL DEFAULT 0, lacks_bin BIGINT NOT NULL DEFAULT 0,
            last_sent_at BIGINT
        );

        -- The inbox: every event once, as it came.
        CREATE TABLE inbox_event (
            id TEXT NOT NULL PRIMARY KEY, type TEXT NOT NULL, created_at BIGINT NOT NULL,
            api_version TEXT, object_id TEXT NOT NULL, delivery_id TEXT, body BLOB NOT NULL,
            received_at BIGINT NOT NULL, copies BIGINT NOT NULL DEFAULT 0,
            is_done BIGINT NOT NULL DEFAULT 0, attempts BIGINT NOT NULL DEFAULT 0,
            due_at BIGINT NOT NULL, error TEXT
        );
        CREATE INDEX inbox_event_due ON inbox_event (due_at) WHERE is_done = 0;
        CREATE INDEX inbox_event_object ON inbox_event (object_id);
        CREATE INDEX inbox_event_received ON inbox_event (received_at);

        -- Alerts as the platform last showed them, and how far the decision is.
        CREATE TABLE alert (
            id TEXT NOT NULL PRIMARY KEY, organisation_id TEXT NOT NULL, status TEXT NOT NULL,
            deadline BIGINT, document BLOB NOT NULL, step TEXT NOT NULL, decision TEXT, note TEXT,
            integration_id TEXT, transaction_reference TEXT, amount BIGINT, currency TEXT,
            refund_intent_id TEXT,
            refund_reference TEXT, reason TEXT, round BIGINT NOT NULL DEFAULT 0,
            attempts BIGINT NOT NULL DEFAULT 0,
            due_at BIGINT, warned_minutes BIGINT, seen_at BIGINT NOT NULL
        );
        CREATE INDEX alert_due ON alert (due_at) WHERE due_at IS NOT NULL;
        CREATE INDEX alert_open ON alert (deadline) WHERE status = 'ACTION_REQUIRED';

        -- Enrolments as the platform last showed them, and when that changed.
        CREATE TABLE enrolment (
            id TEXT NOT NULL PRIMARY KEY, organisation_id TEXT NOT NULL, status TEXT NOT NULL,
            document BLOB NOT NULL, live_since BIGINT, live_by TEXT, seen_at BIGINT NOT NULL
        );

        -- What was done and why, oldest first.
        CREATE TABLE journal (
            id INTEGER PRIMARY KEY, at BIGINT NOT NULL, subject_id TEXT NOT NULL, text TEXT NOT NULL
        );
        CREATE INDEX journal_subject ON journal (subject_id);
        """
    ]
}
