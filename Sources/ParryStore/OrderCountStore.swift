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
        fileprivate let integration: IntegrationID

        init(_ order: ParryDomain.Order) {
            id = order.id
            integration = order.integrationID
        }
    }

    /// A fold takes as many rows as this at most, so that it stays short.
    private static let foldedMax = 1_024

    /// Counts new orders. The first of each integration lends the row its id.
    static func add(_ orders: [Order], _ tx: any WriteTransaction) throws {
        let groups = Dictionary(grouping: orders, by: \.integration).sorted {
            $0.key.text < $1.key.text
        }
        var rows: [[SQLValue]] = []
        for (integration, orders) in groups {
            guard let first = orders.first?.id else { continue }
            var delta = Int64(orders.count)
            if folds(first) { delta += try fold(integration, tx) }
            rows.append([
                .text(integration.text), .text(first.text), .integer(Int64(integration.slot)),
                .integer(delta),
            ])
        }
        try tx.insert(rows, by: insertion)
    }

    private static let insertion = Insertion(
        into: "order_count",
        [
            Column("integration_id", .text), Column("part", .text), Column("slot", .integer),
            Column("delta", .integer),
        ], makesNewIDs: true)

    /// One in 58: the last character of an id is random, and base58.
    private static func folds(_ id: OrderID) -> Bool { id.text.utf8.last == UInt8(ascii: "1") }

    /// Takes rows out and gives their sum, which the caller adds to its own. Rows that another transaction
    /// is folding are left to it.
    private static func fold(_ integration: IntegrationID, _ tx: any WriteTransaction) throws
        -> Int64
    {
        let whose: SQL =
            "integration_id = \(integration.text) AND slot = \(integration.slot)"
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

    /// The query for the number of orders of these integrations.
    static func count(of integrations: SQL) -> SQL {
        """
        SELECT CAST(coalesce(sum(delta), 0) AS BIGINT) FROM order_count
        WHERE integration_id IN (\(integrations))
        """
    }
}
