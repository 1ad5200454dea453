extension Migration {
    /// Limits that processes share, and limits of single partners and organisations.
    static let limits = Migration(
        version: 2, name: "limits",
        script: """
            CREATE SCRATCH TABLE rate (
                key TEXT NOT NULL PRIMARY KEY, counted_window BIGINT NOT NULL,
                current_count BIGINT NOT NULL, previous_count BIGINT NOT NULL,
                granted BIGINT NOT NULL);
            ALTER TABLE partner ADD COLUMN rate_limit BIGINT CHECK (rate_limit > 0);
            ALTER TABLE organisation ADD COLUMN rate_limit BIGINT CHECK (rate_limit > 0);

            """)
}
