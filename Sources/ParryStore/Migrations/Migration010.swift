extension Migration {
    /// Who signs in to the dashboard, and who changed what.
    static let people = Migration(
        version: 10, name: "people",
        script: person + accounts + audit + histories + webhooks + search + statistics)

    private static let person = """
        CREATE TABLE person (
            id TEXT NOT NULL PRIMARY KEY, email TEXT NOT NULL CHECK (length(email) <= 254),
            email_folded TEXT NOT NULL UNIQUE, name TEXT NOT NULL CHECK (length(name) <= 255),
            password TEXT, is_operator BIGINT NOT NULL, ended_at BIGINT,
            created_at BIGINT NOT NULL);
        CREATE TABLE person_session (
            id TEXT NOT NULL PRIMARY KEY, person_id TEXT NOT NULL REFERENCES person (id),
            hash TEXT NOT NULL UNIQUE, partner_id TEXT REFERENCES partner (id),
            client TEXT NOT NULL, agent TEXT NOT NULL, created_at BIGINT NOT NULL,
            seen_at BIGINT NOT NULL, confirmed_at BIGINT NOT NULL, ended_at BIGINT);
        CREATE INDEX person_session_person ON person_session (person_id, created_at);
        CREATE TABLE person_link (
            hash TEXT NOT NULL PRIMARY KEY, person_id TEXT NOT NULL REFERENCES person (id),
            purpose TEXT NOT NULL CHECK (purpose IN ('OPERATOR', 'GROUP', 'ORGANISATION', 'RESET')),
            account_id TEXT NOT NULL, expires_at BIGINT NOT NULL, created_at BIGINT NOT NULL);
        CREATE INDEX person_link_person ON person_link (person_id);
        CREATE INDEX person_link_account ON person_link (account_id, purpose);
        CREATE TABLE sign_in_pace (
            email_folded TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('PASSWORD', 'LINK')),
            failures BIGINT NOT NULL, failed_at BIGINT NOT NULL,
            PRIMARY KEY (email_folded, kind));
        CREATE INDEX sign_in_pace_failed ON sign_in_pace (failed_at);

        """

    private static let accounts = """
        CREATE TABLE group_member (
            group_id TEXT NOT NULL REFERENCES partner_group (id),
            person_id TEXT NOT NULL REFERENCES person (id), created_at BIGINT NOT NULL,
            PRIMARY KEY (group_id, person_id));
        CREATE TABLE mail_cursor (
            partner_id TEXT NOT NULL PRIMARY KEY REFERENCES partner (id), position BIGINT NOT NULL);
        CREATE INDEX group_member_person ON group_member (person_id);
        CREATE TABLE person_organisation (
            person_id TEXT NOT NULL REFERENCES person (id), organisation_id TEXT NOT NULL,
            created_at BIGINT NOT NULL, PRIMARY KEY (person_id, organisation_id));
        CREATE INDEX member_user_email ON member_user (email_folded);
        CREATE INDEX membership_user ON membership (user_id);
        CREATE INDEX partner_group_partner ON partner_group (partner_id);
        ALTER TABLE partner ADD COLUMN sign_on_key TEXT;
        ALTER TABLE api_key ADD COLUMN name TEXT NOT NULL DEFAULT '';
        ALTER TABLE api_key ADD COLUMN last_used_at BIGINT;
        CREATE INDEX api_key_partner ON api_key (partner_id, created_at, id);
        ALTER TABLE ruleset_version ADD COLUMN actor TEXT;

        """

    /// What a command did before knew no partner: it is the organisation's.
    private static let audit = """
        ALTER TABLE audit RENAME TO audit_before;
        DROP INDEX audit_organisation;
        CREATE TABLE audit (
            id TEXT NOT NULL, slot BIGINT NOT NULL, partner_id TEXT, organisation_id TEXT,
            actor TEXT NOT NULL, action TEXT NOT NULL, subject_id TEXT, detail TEXT NOT NULL,
            created_at BIGINT NOT NULL, PRIMARY KEY (id, slot));
        INSERT INTO audit SELECT a.id, a.slot, o.partner_id, a.organisation_id, 'command',
            a.action, NULL, a.detail, a.created_at
            FROM audit_before a LEFT JOIN organisation o
            ON o.id = a.organisation_id AND o.slot = a.slot;
        DROP TABLE audit_before;
        CREATE INDEX audit_partner ON audit (partner_id, created_at, id);
        CREATE INDEX audit_organisation ON audit (organisation_id, created_at, id);
        CREATE INDEX audit_subject ON audit (subject_id, created_at);

        """

    /// The page of one resource tells what happened to it.
    private static let histories = """
        CREATE INDEX event_object ON event (object_id, id);

        """

    /// What failed is looked for among very many that did not.
    private static let webhooks = """
        CREATE INDEX delivery_ended_failed ON delivery_ended (endpoint_id, id)
            WHERE state = 'FAILED';

        """

    /// Has all by which people look for alerts, so that a search reads no alert that it does not show.
    private static let search = """
        CREATE INDEX alert_search ON alert
            (organisation_id, alert_received_at, id, status, merchant_id, enrolment_type,
            transaction_card_last4, transaction_card_bin, transaction_authorisation_code,
            transaction_acquirer_reference_number, transaction_amount_in_cents,
            transaction_currency_code, transaction_statement_descriptor, integration_transaction_id,
            alert_network_id, action_required_deadline, enrolment_id);

        """
}
