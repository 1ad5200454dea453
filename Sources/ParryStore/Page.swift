import ParryDatabase

/// A part of a list.
package struct Page: Sendable, Hashable {
    /// Rows at most; 1 to 1,000.
    package let limit: Int
    /// Rows to leave out first; 0 or more.
    package let offset: Int64

    package init(limit: Int, offset: Int64) {
        self.limit = limit
        self.offset = offset
    }
}

/// A page of a list and the number of all rows that the filter lets through.
package struct Listing<Item: Sendable>: Sendable {
    package let items: [Item]
    package let count: Int64

    package init(items: [Item], count: Int64) {
        self.items = items
        self.count = count
    }

    /// The page of a list that is short enough to be read whole.
    package init(all items: [Item], page: Page) {
        self.init(
            items: Array(items.dropFirst(Int(clamping: page.offset)).prefix(page.limit)),
            count: Int64(items.count))
    }

    /// The same page with other items.
    package func map<Other: Sendable>(_ change: (Item) -> Other) -> Listing<Other> {
        Listing<Other>(items: items.map(change), count: count)
    }
}

/// Which rows, in which order. Every order ends with the id, so that pages never overlap.
package struct ListQuery: Sendable {
    let table: SQL
    var id: SQL = "id"
    let columns: SQL
    let conditions: [SQL]
    let order: SQL
    let page: Page
    /// A quicker way to the number of rows than to count them.
    var count: SQL?

    /// The page is found first by its ids, so that an index alone can do it and only the rows of the
    /// page are read whole.
    func run<Item: Sendable>(
        _ tx: any ReadTransaction, _ read: (inout RowReader) throws -> Item
    ) throws -> Listing<Item> {
        let filter = SQL.joined(conditions, separator: " AND ")
        let items = try tx.rows(
            """
            SELECT \(columns) FROM \(table) WHERE \(id) IN
                (SELECT \(id) FROM \(table) WHERE \(filter)
                ORDER BY \(order) LIMIT \(page.limit) OFFSET \(page.offset))
            ORDER BY \(order)
            """, read)
        let counting = self.count ?? "SELECT count(*) FROM \(table) WHERE \(filter)"
        let count = try tx.row(counting) { try $0.integer() }
        return Listing(items: items, count: count ?? 0)
    }
}

/// The direction of a sort.
package enum SortDirection: Sendable, Hashable {
    case ascending
    case descending

    /// The column and then the id, both in this direction.
    func order(by column: SQL) -> SQL {
        switch self {
        case .ascending: "\(column), id"
        case .descending: "\(column) DESC, id DESC"
        }
    }
}
