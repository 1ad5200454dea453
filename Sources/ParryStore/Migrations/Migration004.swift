extension Migration {
    /// Lists of much data: how many orders there are, and the indexes that filters are answered from.
    static let lists = Migration(version: 4, name: "lists", script: counts + indexes)

    private static let counts = """
        CREATE TABLE order_count (
            integration_id TEXT NOT NULL, order_status TEXT NOT NULL, part TEXT NOT NULL,
            slot BIGINT NOT NULL, delta BIGINT NOT NULL,
            PRIMARY KEY (integration_id, order_status, part, slot));
        INSERT INTO order_count (integration_id, order_status, part, slot, delta)
            SELECT integration_id, coalesce(order_status, ''), min(id), slot, count(*) FROM "order"
            GROUP BY integration_id, coalesce(order_status, ''), slot;

        """

    /// Each has an order of a list behind the part that it lies in, and what its filters ask for.
    private static let indexes = """
        DROP INDEX order_organisation;
        CREATE INDEX order_integration ON "order" (integration_id, created_at, id);
        CREATE INDEX order_status ON "order" (integration_id, order_status, created_at, id);
        CREATE INDEX order_datetime ON "order"
            (integration_id, order_datetime NULLS FIRST, id, order_status, created_at);
        DROP INDEX alert_organisation;
        CREATE INDEX alert_received ON alert
            (organisation_id, alert_received_at, id, status, merchant_id);
        CREATE INDEX alert_merchant_received ON alert
            (organisation_id, merchant_id, alert_received_at, id, status);
        CREATE INDEX alert_deadline ON alert (organisation_id, (action_required_deadline IS NULL),
            action_required_deadline, id, status, merchant_id, alert_received_at);
        CREATE INDEX alert_deadline_descending ON alert
            (organisation_id, (action_required_deadline IS NULL), action_required_deadline DESC,
            id DESC, status, merchant_id, alert_received_at);

        """
}
