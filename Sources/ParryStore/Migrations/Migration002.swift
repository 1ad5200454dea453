extension Migration {
    /// Limits that processes share, limits of single partners and organisations, and what tells the
    /// PostgreSQL driver that the server crashed meanwhile (`PostgreSQLOutcome`).
    static let limits = Migration(
        version: 2, name: "limits",
        script: """
            CREATE SCRATCH TABLE rate (
                key TEXT NOT NULL PRIMARY KEY, counted_window BIGINT NOT NULL,
                current_count BIGINT NOT NULL, previous_count BIGINT NOT NULL,
                granted BIGINT NOT NULL);
            CREATE SCRATCH TABLE server_incarnation (
                id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1), token TEXT NOT NULL);
            ALTER TABLE partner ADD COLUMN rate_limit BIGINT CHECK (rate_limit > 0);
            ALTER TABLE organisation ADD COLUMN rate_limit BIGINT CHECK (rate_limit > 0);

            """)
}
