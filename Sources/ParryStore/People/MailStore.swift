package import ParryDatabase
package import ParryDomain
package import ParryWire

/// How far the mails have come in each partner's feed, in `mail_cursor`, and who gets them.
package struct MailStore {
    private static let lease = "mail_lease"
    private static let start = "mail_start"

    /// A partner in whose feed there is something new.
    package struct Due: Sendable {
        package let partnerID: PartnerID
        /// Behind this position.
        package let position: Int64
    }

    /// Takes the work for some seconds; false while another process has it. Who mails for the first time begins at the end
    /// of what has happened.
    package static func take(
        until end: Timestamp, now: Timestamp, _ tx: any WriteTransaction
    ) throws -> Bool {
        try tx.execute(
            "INSERT INTO setting (key, value) VALUES (\(lease), '0') ON CONFLICT (key) DO NOTHING")
        let taken = try tx.execute(
            """
            UPDATE setting SET value = \(String(end.milliseconds))
            WHERE key = \(lease) AND value < \(String(now.milliseconds))
            """)
        guard taken == 1 else { return false }
        guard try SettingStore.value(start, tx) == nil else { return true }
        try tx.execute(
            """
            INSERT INTO mail_cursor (partner_id, position)
            SELECT partner_id, position FROM event_feed_end WHERE 1 = 1 ON CONFLICT DO NOTHING
            """)
        try SettingStore.set(start, to: String(now.milliseconds), tx)
        return true
    }

    /// Lets the work go.
    package static func release(_ tx: any WriteTransaction) throws {
        try SettingStore.set(lease, to: "0", tx)
    }

    /// Where there is something new.
    package static func due(limit: Int, _ tx: any ReadTransaction) throws -> [Due] {
        try tx.rows(
            """
            SELECT f.partner_id, coalesce(c.position, 0) FROM event_feed_end f
            LEFT JOIN mail_cursor c ON c.partner_id = f.partner_id
            WHERE f.position > coalesce(c.position, 0) ORDER BY f.partner_id LIMIT \(limit)
            """
        ) { Due(partnerID: .init(stored: try $0.text()), position: try $0.integer()) }
    }

    /// Notes that everything up to a position has been mailed.
    package static func advance(
        _ partner: PartnerID, to position: Int64, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO mail_cursor (partner_id, position) VALUES (\(partner.text), \(position))
            ON CONFLICT (partner_id) DO UPDATE SET position = excluded.position
            """)
    }

    /// The addresses of an organisation's members who want this notice.
    package static func recipients(
        of notice: MailNotice, in organisation: OrganisationID, limit: Int,
        _ tx: any ReadTransaction
    ) throws -> [String] {
        let flag: SQL =
            switch notice {
            case .actionRequired: "mails_alert_action_required"
            case .resolved: "mails_alert_resolved"
            case .dismissed: "mails_alert_dismissed"
            }
        return try tx.rows(
            """
            SELECT email FROM membership WHERE organisation_id = \(organisation.text)
            AND slot = \(organisation.slot) AND \(flag) = 1 ORDER BY id LIMIT \(limit)
            """
        ) { try $0.text() }
    }
}
