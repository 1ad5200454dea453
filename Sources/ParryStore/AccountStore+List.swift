package import ParryDatabase
package import ParryDomain
import ParryWire

/// Partners as the operator's pages list them.
extension AccountStore {
    /// A partner with how much belongs to it.
    package struct Summary: Sendable {
        package let partner: Partner
        package let organisationCount: Int64
        package let groupCount: Int64
        package let keyCount: Int64
    }

    /// Partners whose name holds a text, newest first. Keys that were revoked are not counted.
    package static func partners(
        name: String, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<Summary> {
        let found: SQL =
            name.isEmpty ? "1 = 1" : "lower(p.name) LIKE \(Fold.containing(name)) ESCAPE '\\'"
        let items = try tx.rows(
            """
            SELECT p.id, p.name, p.mode, p.created_at,
                (SELECT count(*) FROM organisation o
                    WHERE o.partner_id = p.id AND o.deleted_at IS NULL),
                (SELECT count(*) FROM partner_group g WHERE g.partner_id = p.id),
                (SELECT count(*) FROM api_key k
                    WHERE k.partner_id = p.id AND k.revoked_at IS NULL)
            FROM partner p WHERE \(found) ORDER BY p.created_at DESC, p.id DESC
            LIMIT \(page.limit) OFFSET \(page.offset)
            """
        ) { row in
            Summary(
                partner: Partner(
                    id: .init(stored: try row.text()), name: try row.text(),
                    mode: try row.word(), createdAt: try row.timestamp()),
                organisationCount: try row.integer(), groupCount: try row.integer(),
                keyCount: try row.integer())
        }
        let count = try tx.row("SELECT count(*) FROM partner p WHERE \(found)") {
            try $0.integer()
        }
        return Listing(items: items, count: count ?? 0)
    }
}
