import ParryDatabase
import ParryDomain
import ParryWire

// How many orders there are, without counting them. Every transaction that stores orders adds one row for each
// integration, so no two of them wait for one row; now and then one of them takes the rows that are there
// together to a single one. A reader adds up what its snapshot shows: before such a fold or after it, the
// sum is the same.

/// The rows of `order_count`.
struct OrderCountStore {
    /// What is counted of an order.
    struct Order: Sendable {
        fileprivate let id: OrderID
        fileprivate let feed: Feed

        init(_ order: ParryDomain.Order) {
            id = order.id
            feed = Feed(organisation: order.organisationID, integration: order.integrationID)
        }
    }

    fileprivate struct Feed: Hashable {
        let organisation: OrganisationID
        let integration: IntegrationID
    }

    /// A fold takes as many rows as this at most, so that it stays short.
    private static let foldedMax = 1_024

    /// Counts new orders. The first of each integration lends the row its id.
    static func add(_ orders: [Order], _ tx: any WriteTransaction) throws {
        let groups = Dictionary(grouping: orders, by: \.feed).sorted {
            $0.key.integration.text < $1.key.integration.text
        }
        var rows: [[SQLValue]] = []
        for (feed, orders) in groups {
            guard let first = orders.first?.id else { continue }
            var delta = Int64(orders.count)
            if folds(first) { delta += try fold(feed, tx) }
            rows.append([
                .text(feed.organisation.text), .text(feed.integration.text), .text(first.text),
                .integer(Int64(feed.integration.slot)), .integer(delta),
            ])
        }
        try tx.insert(rows, by: insertion)
    }

    private static let insertion = Insertion(
        into: "order_count",
        [
            Column("organisation_id", .text), Column("integration_id", .text),
            Column("part", .text), Column("slot", .integer), Column("delta", .integer),
        ], makesNewIDs: true)

    /// One in 58: the last character of an id is random, and base58.
    private static func folds(_ id: OrderID) -> Bool { id.text.utf8.last == UInt8(ascii: "1") }

    /// Takes rows out and gives their sum, which the caller adds to its own. Rows that another transaction
    /// is folding are left to it.
    private static func fold(_ feed: Feed, _ tx: any WriteTransaction) throws -> Int64 {
        let whose: SQL = """
            organisation_id = \(feed.organisation.text)
            AND integration_id = \(feed.integration.text) AND slot = \(feed.integration.slot)
            """
        let parts = try tx.rows(
            """
            SELECT part, delta FROM order_count WHERE \(whose)
            ORDER BY part LIMIT \(foldedMax) \(tx.dialect.forUpdateSkipLocked)
            """
        ) { (part: try $0.text(), delta: try $0.integer()) }
        guard !parts.isEmpty else { return 0 }
        try tx.execute(
            "DELETE FROM order_count WHERE \(whose) AND part IN \(anyOf: parts.map(\.part))")
        return parts.reduce(0) { $0 + $1.delta }
    }

    /// The query for the number of orders that this owner sees.
    static func count(
        of organisation: OrganisationID?, integration: IntegrationID?, for owner: Owner
    ) -> SQL {
        var conditions = [owner.seesAnyOrganisation]
        if let organisation { conditions.append("organisation_id = \(organisation.text)") }
        if let integration { conditions.append("integration_id = \(integration.text)") }
        return """
            SELECT CAST(coalesce(sum(delta), 0) AS BIGINT) FROM order_count
            WHERE \(SQL.joined(conditions, separator: " AND "))
            """
    }
}
