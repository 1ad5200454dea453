extension Migration {
    /// Lists of much data: how many orders there are, and the indexes that filters are answered from.
    static let lists = Migration(version: 4, name: "lists", script: counts)

    private static let counts = """
        CREATE TABLE order_count (
            organisation_id TEXT NOT NULL, integration_id TEXT NOT NULL, part TEXT NOT NULL,
            slot BIGINT NOT NULL, delta BIGINT NOT NULL,
            PRIMARY KEY (organisation_id, integration_id, part, slot));
        INSERT INTO order_count (organisation_id, integration_id, part, slot, delta)
            SELECT organisation_id, integration_id, min(id), slot, count(*) FROM "order"
            GROUP BY organisation_id, integration_id, slot;

        """
}
