extension Migration {
    /// The rest of the contract's resources: members of organisations, rulesets with their rules and
    /// versions, scheme notices, lookups, and answers to be given again.
    static let contract = Migration(
        version: 3, name: "contract",
        script: memberships + rulesets + notices + idempotency + operators)

    private static let memberships = """
        CREATE TABLE member_user (
            id TEXT NOT NULL PRIMARY KEY, partner_id TEXT NOT NULL REFERENCES partner (id),
            email_folded TEXT NOT NULL, created_at BIGINT NOT NULL,
            UNIQUE (partner_id, email_folded));
        CREATE TABLE membership (
            id TEXT NOT NULL, slot BIGINT NOT NULL, organisation_id TEXT NOT NULL,
            user_id TEXT NOT NULL REFERENCES member_user (id),
            first_name TEXT NOT NULL CHECK (length(first_name) BETWEEN 1 AND 255),
            last_name TEXT NOT NULL CHECK (length(last_name) BETWEEN 1 AND 255),
            email TEXT NOT NULL, role TEXT NOT NULL CHECK (role IN ('ADMIN', 'STANDARD')),
            mails_alert_action_required BIGINT NOT NULL, mails_alert_resolved BIGINT NOT NULL,
            mails_alert_dismissed BIGINT NOT NULL, mails_evidence_requested BIGINT NOT NULL,
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL, PRIMARY KEY (id, slot),
            UNIQUE (organisation_id, user_id, slot),
            FOREIGN KEY (organisation_id, slot) REFERENCES organisation (id, slot));
        CREATE INDEX membership_organisation ON membership (organisation_id, created_at, id);

        """

    private static let rulesets = """
        CREATE TABLE ruleset (
            id TEXT NOT NULL, slot BIGINT NOT NULL, organisation_id TEXT NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('REFUND', 'CANCEL', 'REFUND_AND_CANCEL',
                'ACCEPT_DISPUTE')),
            join_operator TEXT NOT NULL CHECK (join_operator IN ('AND', 'OR')),
            is_enabled BIGINT NOT NULL CHECK (is_enabled IN (0, 1)),
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL, PRIMARY KEY (id, slot),
            FOREIGN KEY (organisation_id, slot) REFERENCES organisation (id, slot));
        CREATE INDEX ruleset_organisation ON ruleset (organisation_id, created_at, id);
        CREATE TABLE ruleset_enrolment (
            ruleset_id TEXT NOT NULL, slot BIGINT NOT NULL, enrolment_id TEXT NOT NULL,
            position BIGINT NOT NULL, PRIMARY KEY (enrolment_id, slot),
            FOREIGN KEY (ruleset_id, slot) REFERENCES ruleset (id, slot),
            FOREIGN KEY (enrolment_id, slot) REFERENCES enrolment (id, slot));
        CREATE INDEX ruleset_enrolment_ruleset ON ruleset_enrolment (ruleset_id);
        CREATE TABLE ruleset_rule (
            id TEXT NOT NULL, slot BIGINT NOT NULL, ruleset_id TEXT NOT NULL,
            type TEXT NOT NULL CHECK (type IN ('AMOUNT', 'DESCRIPTOR')),
            parameters TEXT NOT NULL, position BIGINT NOT NULL,
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
            PRIMARY KEY (id, slot), UNIQUE (ruleset_id, type, slot),
            FOREIGN KEY (ruleset_id, slot) REFERENCES ruleset (id, slot));
        CREATE TABLE ruleset_version (
            ruleset_id TEXT NOT NULL, slot BIGINT NOT NULL, version BIGINT NOT NULL,
            organisation_id TEXT NOT NULL, body TEXT, created_at BIGINT NOT NULL,
            PRIMARY KEY (ruleset_id, version, slot));

        """

    private static let notices = """
        CREATE TABLE scheme_notice (
            id TEXT NOT NULL, slot BIGINT NOT NULL, organisation_id TEXT NOT NULL,
            merchant_id TEXT,
            scheme_notice_type TEXT NOT NULL CHECK (scheme_notice_type IN ('TC15', 'TC40', 'SAFE')),
            fraud_type TEXT, reported_at BIGINT NOT NULL,
            transaction_amount_in_cents BIGINT NOT NULL, transaction_currency_code TEXT NOT NULL,
            transaction_card_bin TEXT, transaction_card_last4 TEXT,
            transaction_acquirer_reference_number TEXT, transaction_authorisation_code TEXT,
            transaction_original_date BIGINT NOT NULL, merchant_name TEXT, merchant_network_id TEXT,
            created_at BIGINT NOT NULL, PRIMARY KEY (id, slot),
            FOREIGN KEY (organisation_id, slot) REFERENCES organisation (id, slot));
        CREATE INDEX scheme_notice_organisation
            ON scheme_notice (organisation_id, reported_at, id);
        CREATE TABLE lookup (
            id TEXT NOT NULL, slot BIGINT NOT NULL, organisation_id TEXT NOT NULL,
            enrolment_id TEXT, parent_lookup_id TEXT, type TEXT NOT NULL,
            lookup_status TEXT NOT NULL CHECK (lookup_status IN ('PENDING', 'SUCCEEDED', 'FAILED',
                'TIMEOUT')),
            deflection_status TEXT NOT NULL CHECK (deflection_status IN ('NOT_ATTEMPTED', 'PENDING',
                'SUCCEEDED', 'FAILED')),
            transaction_amount_in_cents BIGINT NOT NULL, transaction_currency_code TEXT NOT NULL,
            transaction_card_bin TEXT, transaction_card_last4 TEXT,
            transaction_acquirer_reference_number TEXT, transaction_authorisation_code TEXT,
            transaction_original_date BIGINT NOT NULL,
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, PRIMARY KEY (id, slot),
            FOREIGN KEY (organisation_id, slot) REFERENCES organisation (id, slot));
        CREATE INDEX lookup_organisation ON lookup (organisation_id, created_at, id);

        """

    private static let idempotency = """
        CREATE TABLE idempotency (
            scope TEXT NOT NULL, key TEXT NOT NULL, slot BIGINT NOT NULL, body_hash TEXT NOT NULL,
            status BIGINT, body TEXT, created_at BIGINT NOT NULL,
            PRIMARY KEY (scope, key, slot));
        CREATE INDEX idempotency_created ON idempotency (created_at);

        """

    private static let operators = """
        ALTER TABLE organisation ADD COLUMN settings TEXT;
        CREATE TABLE audit (
            id TEXT NOT NULL, slot BIGINT NOT NULL, organisation_id TEXT NOT NULL,
            action TEXT NOT NULL, detail TEXT NOT NULL, created_at BIGINT NOT NULL,
            PRIMARY KEY (id, slot));
        CREATE INDEX audit_organisation ON audit (organisation_id, created_at, id);

        """
}
