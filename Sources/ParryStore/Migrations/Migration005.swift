extension Migration {
    /// Webhook endpoints that partners manage: paused ones, changed ones, and secrets that overlap.
    static let webhookManagement = Migration(
        version: 5, name: "webhook management",
        script: """
            ALTER TABLE webhook_endpoint ADD COLUMN is_paused BIGINT NOT NULL DEFAULT 0;
            ALTER TABLE webhook_endpoint ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
            ALTER TABLE webhook_endpoint ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
            ALTER TABLE webhook_endpoint ADD COLUMN former_secret TEXT;
            ALTER TABLE webhook_endpoint ADD COLUMN former_secret_until BIGINT;
            UPDATE webhook_endpoint SET updated_at = created_at;
            CREATE INDEX event_organisation ON event
                (organisation_id, created_at, id, type, object_id);
            CREATE INDEX delivery_endpoint ON delivery
                (endpoint_id, created_at, id, slot, state);
            CREATE INDEX delivery_event ON delivery (event_id);

            """)
}
