import ParryDatabase
import ParryDomain
import ParryWire

// How many orders there are, without counting them. Every transaction that stores orders adds one row for each
// integration and status, so no two of them wait for one row; now and then one of them takes the rows that are there
// together to a single one. A reader adds up what its snapshot shows: before such a fold or after it, the
// sum is the same.

/// The rows of `order_count`.
struct OrderCountStore {
    /// What is counted of an order.
    struct Order: Sendable {
        fileprivate let id: OrderID
        fileprivate let key: Key

        init(_ order: ParryDomain.Order) {
            id = order.id
            key = Key(integration: order.integrationID, status: order.content.orderStatus)
        }
    }

    fileprivate struct Key: Hashable {
        let integration: IntegrationID
        let status: String?
    }

    /// A fold takes as many rows as this at most, so that it stays short.
    private static let foldedMax = 256

    /// Counts new orders. The first of each integration and status lends the row its id.
    static func add(_ orders: [Order], _ tx: any WriteTransaction) throws {
        let groups = Dictionary(grouping: orders, by: \.key)
        var folded: Set<IntegrationID> = []
        var rows: [[SQLValue]] = []
        for (key, orders) in groups {
            guard let first = orders.first?.id else { continue }
            rows.append(row(key, first.text, delta: Int64(orders.count)))
            if folds(first), folded.insert(key.integration).inserted {
                rows += try fold(key.integration, first.text, tx)
            }
        }
        try tx.insert(rows, by: insertion)
    }

    /// Counts an order whose status changed.
    static func move(
        _ order: ParryDomain.Order, from status: String?, _ tx: any WriteTransaction
    ) throws {
        guard status != order.content.orderStatus else { return }
        // The version makes the rows of each change others.
        let change = "\(order.id.text)-\(order.version)"
        let old = Key(integration: order.integrationID, status: status)
        let new = Key(integration: order.integrationID, status: order.content.orderStatus)
        var rows = [row(old, change, delta: -1), row(new, change, delta: 1)]
        if order.updatedAt.milliseconds % moveFoldsEvery == 0 {
            rows += try fold(order.integrationID, change, tx)
        }
        try tx.insert(rows, by: insertion)
    }

    /// Counts an order less.
    static func remove(_ order: OrderStore.Stored, _ tx: any WriteTransaction) throws {
        let status = order.document.root["order_status"]?.string
        let key = Key(integration: order.integrationID, status: status)
        try tx.insert([row(key, order.id.text + "-removed", delta: -1)], by: insertion)
    }

    private static let insertion = Insertion(
        into: "order_count",
        [
            Column("integration_id", .text), Column("order_status", .text), Column("part", .text),
            Column("slot", .integer), Column("delta", .integer),
        ], makesNewIDs: true)

    private static func row(_ key: Key, _ part: String, delta: Int64) -> [SQLValue] {
        [
            .text(key.integration.text), .text(key.status ?? ""), .text(part),
            .integer(Int64(key.integration.slot)), .integer(delta),
        ]
    }

    /// One change in so many, by the millisecond that it happens in.
    private static let moveFoldsEvery: Int64 = 64

    /// One in 58: the last character of an id is random, and base58.
    private static func folds(_ id: OrderID) -> Bool { id.text.utf8.last == UInt8(ascii: "1") }

    /// Takes rows out and gives one row for each status with their sum. Rows that another transaction is
    /// folding are left to it.
    private static func fold(
        _ integration: IntegrationID, _ part: String, _ tx: any WriteTransaction
    ) throws -> [[SQLValue]] {
        let whose: SQL = "integration_id = \(integration.text) AND slot = \(integration.slot)"
        let parts = try tx.rows(
            """
            SELECT part, order_status, delta FROM order_count WHERE \(whose)
            ORDER BY part, order_status LIMIT \(foldedMax) \(tx.dialect.forUpdateSkipLocked)
            """
        ) { (part: try $0.text(), status: try $0.text(), delta: try $0.integer()) }
        for (status, parts) in Dictionary(grouping: parts, by: \.status) {
            try tx.execute(
                """
                DELETE FROM order_count WHERE \(whose) AND order_status = \(status)
                AND part IN \(anyOf: parts.map(\.part))
                """)
        }
        let sums = Dictionary(grouping: parts, by: \.status).mapValues { parts in
            parts.reduce(0) { $0 + $1.delta }
        }
        return sums.filter { $0.value != 0 }.map { status, sum in
            row(Key(integration: integration, status: status), part + "-sum", delta: sum)
        }
    }

    /// The query for the number of orders of these integrations.
    static func count(of integrations: SQL, _ status: OrderStatus?) -> SQL {
        let only: SQL = status.map { "AND order_status = \($0.rawValue)" } ?? .empty
        return """
            SELECT CAST(coalesce(sum(delta), 0) AS BIGINT) FROM order_count
            WHERE integration_id IN (SELECT id FROM (\(integrations)) AS i) \(only)
            """
    }
}
