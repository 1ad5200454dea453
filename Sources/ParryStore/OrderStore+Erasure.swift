package import ParryDatabase
import ParryDomain
package import ParryWire

extension OrderStore {
    /// Orders of an organisation behind an id, in the order of their ids, locked for a change. For the
    /// operator's commands, which go through them all.
    package static func page(
        of organisation: OrganisationID, after id: String, limit: Int, _ tx: any WriteTransaction
    ) throws -> [Stored] {
        try tx.rows(
            """
            SELECT \(listColumns) FROM "order" WHERE organisation_id = \(organisation.text)
            AND slot = \(organisation.slot) AND id > \(id) ORDER BY id LIMIT \(limit)
            \(tx.dialect.suffix(.update))
            """, read)
    }

    /// Replaces the document alone; the rows that matching reads stay as they are.
    package static func replaceDocument(
        of order: Stored, with document: [UInt8], now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.executeVersioned(
            """
            UPDATE "order" SET document = \(String(decoding: document, as: UTF8.self)),
                updated_at = \(now.milliseconds), version = version + 1
            WHERE id = \(order.id.text) AND slot = \(order.id.slot)
            AND version = \(order.version)
            """)
    }
}
