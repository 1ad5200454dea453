extension Migration {
    /// The first schema. Tables of a tenant have `(id, slot)` as their key, so that Citus can distribute
    /// them by slot; times are milliseconds UTC, money is minor units.
    static let foundation = Migration(
        version: 1, name: "foundation", script: accounts + enrolments + orders + alerts + webhooks)

    private static let accounts = """
        CREATE TABLE setting (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
        CREATE TABLE partner (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
            mode TEXT NOT NULL CHECK (mode IN ('TEST', 'LIVE')),
            created_at BIGINT NOT NULL);
        CREATE TABLE organisation (
            id TEXT NOT NULL, slot BIGINT NOT NULL CHECK (slot BETWEEN 0 AND 4095),
            partner_id TEXT NOT NULL REFERENCES partner (id),
            name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 300),
            mode TEXT NOT NULL CHECK (mode IN ('TEST', 'LIVE')),
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, deleted_at BIGINT,
            version BIGINT NOT NULL, PRIMARY KEY (id, slot));
        CREATE INDEX organisation_partner ON organisation (partner_id, created_at, id)
            WHERE deleted_at IS NULL;
        CREATE TABLE partner_group (
            id TEXT NOT NULL PRIMARY KEY, partner_id TEXT NOT NULL REFERENCES partner (id),
            name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
            is_admin BIGINT NOT NULL CHECK (is_admin IN (0, 1)), created_at BIGINT NOT NULL);
        CREATE TABLE partner_group_organisation (
            group_id TEXT NOT NULL REFERENCES partner_group (id),
            organisation_id TEXT NOT NULL, PRIMARY KEY (group_id, organisation_id));
        CREATE TABLE api_key (
            id TEXT NOT NULL PRIMARY KEY, partner_id TEXT NOT NULL REFERENCES partner (id),
            group_id TEXT REFERENCES partner_group (id), organisation_id TEXT,
            hash TEXT NOT NULL UNIQUE, abilities TEXT NOT NULL,
            expires_at BIGINT, revoked_at BIGINT, created_at BIGINT NOT NULL,
            CHECK ((group_id IS NULL) <> (organisation_id IS NULL)));
        CREATE TABLE merchant (
            id TEXT NOT NULL, slot BIGINT NOT NULL, organisation_id TEXT NOT NULL,
            name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255), name_folded TEXT NOT NULL,
            type TEXT NOT NULL, external_id TEXT, default_representment_service_type TEXT,
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, deleted_at BIGINT,
            version BIGINT NOT NULL, PRIMARY KEY (id, slot),
            FOREIGN KEY (organisation_id, slot) REFERENCES organisation (id, slot));
        CREATE INDEX merchant_organisation ON merchant (organisation_id, created_at, id)
            WHERE deleted_at IS NULL;
        CREATE TABLE integration (
            id TEXT NOT NULL, slot BIGINT NOT NULL, organisation_id TEXT NOT NULL,
            name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
            type TEXT NOT NULL, status TEXT NOT NULL CHECK (status IN ('ENABLED', 'DISABLED')),
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL, PRIMARY KEY (id, slot),
            FOREIGN KEY (organisation_id, slot) REFERENCES organisation (id, slot));
        CREATE INDEX integration_organisation ON integration (organisation_id, created_at, id);
        CREATE TABLE integration_merchant (
            integration_id TEXT NOT NULL, slot BIGINT NOT NULL, merchant_id TEXT NOT NULL,
            position BIGINT NOT NULL, PRIMARY KEY (integration_id, merchant_id, slot),
            FOREIGN KEY (integration_id, slot) REFERENCES integration (id, slot),
            FOREIGN KEY (merchant_id, slot) REFERENCES merchant (id, slot));
        CREATE INDEX integration_merchant_merchant ON integration_merchant (merchant_id);

        """

    private static let enrolments = """
        CREATE TABLE enrolment (
            id TEXT NOT NULL, slot BIGINT NOT NULL, organisation_id TEXT NOT NULL,
            type TEXT NOT NULL CHECK (type IN ('ETHOCA_ALERT', 'VERIFI_RDR')),
            status TEXT NOT NULL CHECK (status IN ('PENDING', 'IN_PROGRESS', 'ACTION_REQUIRED',
                'ENABLED', 'FAILED', 'CANCELLED', 'PAUSED', 'UNENROLLED')),
            note TEXT, configuration TEXT NOT NULL,
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL, PRIMARY KEY (id, slot),
            FOREIGN KEY (organisation_id, slot) REFERENCES organisation (id, slot));
        CREATE INDEX enrolment_organisation ON enrolment (organisation_id, created_at, id);
        CREATE TABLE enrolment_merchant (
            enrolment_id TEXT NOT NULL, slot BIGINT NOT NULL, merchant_id TEXT NOT NULL,
            position BIGINT NOT NULL, PRIMARY KEY (enrolment_id, merchant_id, slot),
            FOREIGN KEY (enrolment_id, slot) REFERENCES enrolment (id, slot),
            FOREIGN KEY (merchant_id, slot) REFERENCES merchant (id, slot));
        CREATE INDEX enrolment_merchant_merchant ON enrolment_merchant (merchant_id);
        CREATE TABLE enrolment_identifier (
            mode TEXT NOT NULL CHECK (mode IN ('TEST', 'LIVE')), type TEXT NOT NULL,
            identifier TEXT NOT NULL, enrolment_id TEXT NOT NULL,
            partner_id TEXT NOT NULL REFERENCES partner (id),
            PRIMARY KEY (mode, type, identifier, enrolment_id));
        CREATE INDEX enrolment_identifier_enrolment ON enrolment_identifier (enrolment_id);

        """

    private static let orders = """
        CREATE TABLE "order" (
            id TEXT NOT NULL, slot BIGINT NOT NULL, organisation_id TEXT NOT NULL,
            integration_id TEXT NOT NULL,
            reference_id TEXT NOT NULL CHECK (length(reference_id) BETWEEN 1 AND 250),
            type TEXT NOT NULL CHECK (type IN ('COMPLETE', 'PARTIAL')),
            order_status TEXT, order_datetime BIGINT, document TEXT NOT NULL,
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL, PRIMARY KEY (id, slot),
            UNIQUE (integration_id, reference_id, slot),
            FOREIGN KEY (integration_id, slot) REFERENCES integration (id, slot));
        CREATE INDEX order_organisation ON "order" (organisation_id, created_at, id);
        CREATE TABLE order_transaction (
            integration_id TEXT NOT NULL, slot BIGINT NOT NULL, reference_id TEXT NOT NULL,
            order_id TEXT NOT NULL, organisation_id TEXT NOT NULL,
            authorised_at BIGINT, amount BIGINT, currency TEXT, card_brand TEXT, card_last_4 TEXT,
            card_bin TEXT, authorisation_code TEXT, acquirer_reference_number TEXT, descriptor TEXT,
            PRIMARY KEY (integration_id, reference_id, slot),
            FOREIGN KEY (order_id, slot) REFERENCES "order" (id, slot));
        CREATE INDEX order_transaction_last_4
            ON order_transaction (organisation_id, card_last_4, authorised_at)
            WHERE card_last_4 IS NOT NULL;
        CREATE INDEX order_transaction_arn
            ON order_transaction (organisation_id, acquirer_reference_number)
            WHERE acquirer_reference_number IS NOT NULL;

        """

    private static let alerts = """
        CREATE TABLE alert (
            id TEXT NOT NULL, slot BIGINT NOT NULL, alert_network_id TEXT NOT NULL,
            organisation_id TEXT NOT NULL, merchant_id TEXT NOT NULL, enrolment_id TEXT NOT NULL,
            enrolment_type TEXT NOT NULL CHECK (enrolment_type IN ('ETHOCA_ALERT', 'VERIFI_RDR')),
            status TEXT NOT NULL CHECK (status IN ('ACTION_REQUIRED', 'RESOLVED', 'INVALID')),
            transaction_amount_in_cents BIGINT NOT NULL, transaction_currency_code TEXT NOT NULL,
            transaction_authorised_at BIGINT NOT NULL, transaction_authorisation_code TEXT,
            transaction_acquirer_reference_number TEXT, transaction_statement_descriptor TEXT,
            transaction_card_bin TEXT, transaction_card_last4 TEXT, transaction_card_scheme TEXT,
            transaction_card_issuer TEXT, action_required_deadline BIGINT,
            transaction_refund_outcome TEXT, subscription_cancel_outcome TEXT,
            note TEXT CHECK (length(note) <= 1024), integration_id TEXT,
            integration_transaction_id TEXT, alert_received_at BIGINT NOT NULL,
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL, PRIMARY KEY (id, slot),
            FOREIGN KEY (enrolment_id, slot) REFERENCES enrolment (id, slot),
            FOREIGN KEY (merchant_id, slot) REFERENCES merchant (id, slot));
        CREATE INDEX alert_organisation ON alert (organisation_id, alert_received_at, id);
        CREATE INDEX alert_open ON alert (organisation_id, action_required_deadline, id)
            WHERE status = 'ACTION_REQUIRED';
        CREATE INDEX alert_merchant ON alert (merchant_id);

        """

    private static let webhooks = """
        CREATE TABLE webhook_endpoint (
            id TEXT NOT NULL PRIMARY KEY, partner_id TEXT NOT NULL REFERENCES partner (id),
            organisation_id TEXT, url TEXT NOT NULL CHECK (length(url) <= 2048),
            secret TEXT NOT NULL, created_at BIGINT NOT NULL, deleted_at BIGINT);
        CREATE INDEX webhook_endpoint_partner ON webhook_endpoint (partner_id)
            WHERE deleted_at IS NULL;
        CREATE TABLE webhook_subscription (
            endpoint_id TEXT NOT NULL REFERENCES webhook_endpoint (id), event_type TEXT NOT NULL,
            PRIMARY KEY (endpoint_id, event_type));
        CREATE TABLE event (
            id TEXT NOT NULL, slot BIGINT NOT NULL, organisation_id TEXT NOT NULL,
            partner_id TEXT NOT NULL REFERENCES partner (id), type TEXT NOT NULL,
            object_id TEXT NOT NULL, body TEXT NOT NULL, created_at BIGINT NOT NULL,
            PRIMARY KEY (id, slot));
        CREATE TABLE delivery (
            id TEXT NOT NULL, slot BIGINT NOT NULL, event_id TEXT NOT NULL,
            endpoint_id TEXT NOT NULL REFERENCES webhook_endpoint (id),
            state TEXT NOT NULL CHECK (state IN ('PENDING', 'DELIVERED', 'FAILED')),
            attempt_count BIGINT NOT NULL, due_at BIGINT NOT NULL, lease BIGINT NOT NULL,
            created_at BIGINT NOT NULL, PRIMARY KEY (id, slot),
            FOREIGN KEY (event_id, slot) REFERENCES event (id, slot));
        CREATE INDEX delivery_due ON delivery (due_at) WHERE state = 'PENDING';
        CREATE TABLE delivery_attempt (
            delivery_id TEXT NOT NULL, slot BIGINT NOT NULL, lease BIGINT NOT NULL,
            number BIGINT NOT NULL,
            started_at BIGINT NOT NULL, duration_in_ms BIGINT NOT NULL,
            status_code BIGINT, error TEXT, PRIMARY KEY (delivery_id, lease, slot));

        """
}
