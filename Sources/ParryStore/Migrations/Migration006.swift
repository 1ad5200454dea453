extension Migration {
    /// The queue holds only what waits, and is found by endpoint; events have a position in their partner's
    /// feed.
    static let webhookTurns = Migration(
        version: 6, name: "webhook turns",
        script: queue + feed + transactions)

    /// No foreign key from a delivery to its event, or from a transaction to its order: retention removes those
    /// in thousands, and each would have to be looked for among all that could refer to it.
    /// `parry database verify` finds what they would have refused.
    private static let queue = """
        DROP INDEX delivery_due;
        DROP INDEX delivery_endpoint;
        DROP INDEX delivery_event;
        ALTER TABLE delivery RENAME TO delivery_before;
        CREATE TABLE delivery (
            id TEXT NOT NULL, slot BIGINT NOT NULL, event_id TEXT NOT NULL,
            endpoint_id TEXT NOT NULL REFERENCES webhook_endpoint (id),
            attempt_count BIGINT NOT NULL, due_at BIGINT NOT NULL, lease BIGINT NOT NULL,
            deadline_at BIGINT, created_at BIGINT NOT NULL, PRIMARY KEY (id, slot)) CLUSTERED;
        CREATE TABLE delivery_ended (
            id TEXT NOT NULL, slot BIGINT NOT NULL, event_id TEXT NOT NULL,
            endpoint_id TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('DELIVERED', 'FAILED')),
            attempt_count BIGINT NOT NULL, created_at BIGINT NOT NULL,
            ended_at BIGINT NOT NULL, PRIMARY KEY (id, slot)) CLUSTERED;
        INSERT INTO delivery SELECT id, slot, event_id, endpoint_id, attempt_count, due_at,
            lease, NULL, created_at FROM delivery_before WHERE state = 'PENDING';
        INSERT INTO delivery_ended SELECT id, slot, event_id, endpoint_id, state, attempt_count,
            created_at, due_at FROM delivery_before WHERE state <> 'PENDING';
        DROP TABLE delivery_before;
        CREATE INDEX delivery_turn ON delivery (endpoint_id, due_at);
        CREATE INDEX delivery_endpoint ON delivery (endpoint_id, id);
        CREATE INDEX delivery_ended_endpoint ON delivery_ended (endpoint_id, id, state);

        """

    private static let feed = """
        ALTER TABLE delivery_attempt RENAME TO delivery_attempt_before;
        CREATE TABLE delivery_attempt (
            delivery_id TEXT NOT NULL, slot BIGINT NOT NULL, lease BIGINT NOT NULL,
            number BIGINT NOT NULL,
            started_at BIGINT NOT NULL, duration_in_ms BIGINT NOT NULL,
            status_code BIGINT, error TEXT, address TEXT, answer TEXT,
            PRIMARY KEY (delivery_id, lease, slot)) CLUSTERED;
        INSERT INTO delivery_attempt SELECT delivery_id, slot, lease, number, started_at,
            duration_in_ms, status_code, error, NULL, NULL FROM delivery_attempt_before;
        DROP TABLE delivery_attempt_before;
        ALTER TABLE event ADD COLUMN position BIGINT;
        CREATE INDEX event_unnumbered ON event (id, slot) WHERE position IS NULL;
        CREATE INDEX event_feed ON event (partner_id, position) WHERE position IS NOT NULL;
        CREATE INDEX event_organisation_feed ON event (organisation_id, position)
            WHERE position IS NOT NULL;
        CREATE TABLE event_feed_end (
            partner_id TEXT NOT NULL PRIMARY KEY, position BIGINT NOT NULL,
            removed_to BIGINT NOT NULL);
        INSERT INTO setting (key, value) VALUES ('sequencer', '');
        CREATE TABLE webhook_redelivery (
            id TEXT NOT NULL PRIMARY KEY,
            endpoint_id TEXT NOT NULL REFERENCES webhook_endpoint (id),
            status TEXT NOT NULL CHECK (status IN ('RUNNING', 'COMPLETED')),
            states TEXT NOT NULL, created_from BIGINT NOT NULL, created_to BIGINT NOT NULL,
            requested_by TEXT NOT NULL, last_delivery_id TEXT NOT NULL,
            redelivered_count BIGINT NOT NULL, created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL);
        CREATE INDEX webhook_redelivery_running ON webhook_redelivery (id)
            WHERE status = 'RUNNING';

        """

    private static let transactions = """
        DROP INDEX order_transaction_last_4;
        DROP INDEX order_transaction_arn;
        ALTER TABLE order_transaction RENAME TO order_transaction_before;
        CREATE TABLE order_transaction (
            integration_id TEXT NOT NULL, slot BIGINT NOT NULL, reference_id TEXT NOT NULL,
            order_id TEXT NOT NULL, organisation_id TEXT NOT NULL,
            authorised_at BIGINT, amount BIGINT, currency TEXT, card_brand TEXT,
            card_last_4 TEXT, card_bin TEXT, authorisation_code TEXT,
            acquirer_reference_number TEXT, descriptor TEXT,
            PRIMARY KEY (integration_id, reference_id, slot));
        INSERT INTO order_transaction SELECT integration_id, slot, reference_id, order_id,
            organisation_id, authorised_at, amount, currency, card_brand, card_last_4, card_bin,
            authorisation_code, acquirer_reference_number, descriptor
            FROM order_transaction_before;
        DROP TABLE order_transaction_before;
        CREATE INDEX order_transaction_last_4
            ON order_transaction (organisation_id, card_last_4, authorised_at)
            WHERE card_last_4 IS NOT NULL;
        CREATE INDEX order_transaction_arn
            ON order_transaction (organisation_id, acquirer_reference_number)
            WHERE acquirer_reference_number IS NOT NULL;

        """
}
