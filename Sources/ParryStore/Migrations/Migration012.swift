extension Migration {
    /// Who hears of an event is found without a look at the endpoints of a partner's other organisations.
    static let audience = Migration(
        version: 12, name: "audience",
        script: """
            DROP INDEX webhook_endpoint_partner;
            CREATE INDEX webhook_endpoint_owner ON webhook_endpoint (partner_id, organisation_id)
                WHERE deleted_at IS NULL;

            """)
}
