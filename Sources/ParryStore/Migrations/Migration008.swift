extension Migration {
    /// What rulesets decided, and when open alerts are due.
    static let decisions = Migration(version: 8, name: "decisions", script: script)

    /// Alerts that are open already are looked at at once: what is due is found by their deadline.
    private static let script = """
        ALTER TABLE alert_case ADD COLUMN decision TEXT;
        ALTER TABLE alert ADD COLUMN due_at BIGINT;
        ALTER TABLE alert ADD COLUMN reminded_at BIGINT;
        UPDATE alert SET due_at = 0
            WHERE status = 'ACTION_REQUIRED' AND action_required_deadline IS NOT NULL;
        ALTER TABLE network_message ADD COLUMN answer TEXT;
        INSERT INTO setting (key, value) VALUES ('decision_board', '1');
        CREATE INDEX alert_due ON alert (due_at) WHERE due_at IS NOT NULL;

        """
}
