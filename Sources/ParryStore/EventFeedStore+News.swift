package import ParryDatabase
import ParryDomain
package import ParryWire

/// What somebody who waits for news looks at.
extension EventFeedStore {
    /// Organisations that one look names; who waits for another one hears of it by its next event.
    private static let organisationsMax = 10_000

    /// The last positions of some partners; a partner without events is left out.
    package static func lastPositions(
        of partners: [PartnerID], _ tx: any ReadTransaction
    ) throws -> [PartnerID: Int64] {
        let rows = try tx.rows(
            """
            SELECT partner_id, position FROM event_feed_end
            WHERE partner_id IN \(anyOf: partners.map(\.text))
            """
        ) { (PartnerID(stored: try $0.text()), try $0.integer()) }
        return Dictionary(rows) { $1 }
    }

    /// The organisations that a part of a partner's feed tells of, by events of some types.
    package static func organisations(
        of partner: PartnerID, behind start: Int64, upTo end: Int64, _ types: [EventType],
        _ tx: any ReadTransaction
    ) throws -> Set<OrganisationID> {
        Set(
            try tx.rows(
                """
                SELECT DISTINCT organisation_id FROM event \(tx.dialect.indexed(by: "event_feed"))
                WHERE partner_id = \(partner.text) AND position > \(start) AND position <= \(end)
                AND type IN \(anyOf: types.map(\.rawValue)) LIMIT \(organisationsMax)
                """
            ) { OrganisationID(stored: try $0.text()) })
    }
}

extension GroupStore {
    /// Whether one of some organisations is assigned to a group.
    package static func hasAny(
        of organisations: [OrganisationID], _ group: PartnerGroupID, _ tx: any ReadTransaction
    ) throws -> Bool {
        try tx.row(
            """
            SELECT 1 FROM partner_group_organisation WHERE group_id = \(group.text)
            AND organisation_id IN \(anyOf: organisations.map(\.text)) LIMIT 1
            """
        ) { try $0.integer() } != nil
    }
}
