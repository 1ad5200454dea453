package import ParryDatabase

/// Which rows, in which order. Every order ends with the id, so that pages never overlap.
package struct ListQuery: Sendable {
    let table: SQL
    var id: SQL = "id"
    let columns: SQL
    /// In which stretches of an index the rows lie; nil for lists that are short.
    var parts: ListParts?
    /// The index that has the order and all that the conditions ask for.
    var index: SQL?
    var conditions: [SQL]
    let order: ListOrder
    let page: Page
    /// A quicker way to the number of rows than to count them.
    var count: SQL?

    func run<Item: Sendable>(
        _ tx: any ReadTransaction, _ read: (inout RowReader) throws -> Item
    ) throws -> Listing<Item> {
        let items = try tx.rows(pageQuery(tx.dialect), read)
        let count = try tx.row(countQuery(tx.dialect)) { try $0.integer() }
        return Listing(items: items, count: count ?? 0)
    }

    /// The page is found first by its ids, so that an index alone can do it and only the rows of the
    /// page are read whole.
    package func pageQuery(_ dialect: Dialect) -> SQL {
        """
        SELECT \(columns) FROM \(table) WHERE \(id) IN (SELECT \(id) FROM (\(ids(dialect))) AS o)
        ORDER BY \(order.row)
        """
    }

    /// How many rows there are, whatever the page.
    package func countQuery(_ dialect: Dialect) -> SQL {
        count
            ?? """
            SELECT count(*) FROM \(table) WHERE \(filter(parts?.condition))
            """
    }

    private func ids(_ dialect: Dialect) -> SQL {
        guard let ids = parts?.ids, let parts, ids.count > 1 else {
            return select(parts?.condition, dialect) + """
                 ORDER BY \(order.row) LIMIT \(page.limit) OFFSET \(page.offset)
                """
        }
        return dialect.merged(
            ids.map { select("\(parts.column) = \($0)", dialect) }, order: order.merged,
            limit: page.limit, offset: page.offset)
    }

    private func select(_ part: SQL?, _ dialect: Dialect) -> SQL {
        """
        SELECT \(order.selected) FROM \(table) \(dialect.indexed(by: index))
        WHERE \(filter(part))
        """
    }

    private func filter(_ part: SQL?) -> SQL {
        let all = (part.map { [$0] } ?? []) + conditions
        return all.isEmpty ? "1 = 1" : SQL.joined(all, separator: " AND ")
    }
}

/// Where the rows of a list lie: those of each organisation, or of each integration, are one stretch of an
/// index that has the list's order. A few stretches are merged; for very many the database has to sort.
struct ListParts: Sendable {
    /// More are not merged; SQLite takes 500 queries in one.
    private static let mergedMax = 128

    let column: SQL
    /// Which stretches there are; nil when they are too many to be walked one by one.
    let ids: [String]?
    private let among: SQL

    /// The parts that a query names.
    init(_ column: SQL, among: SQL, _ tx: any ReadTransaction) throws {
        self.column = column
        self.among = among
        let found = try tx.rows("\(among) LIMIT \(Self.mergedMax + 1)") { try $0.text() }
        ids = found.count > Self.mergedMax ? nil : found
    }

    /// One part.
    init(_ column: SQL, only id: String) {
        self.column = column
        ids = [id]
        among = .empty
    }

    /// What holds for the rows of all parts.
    var condition: SQL {
        guard let ids else { return "\(column) IN (\(among))" }
        guard let only = ids.first, ids.count == 1 else { return "\(column) IN \(anyOf: ids)" }
        return "\(column) = \(only)"
    }
}

/// By what a list is sorted.
struct ListOrder: Sendable {
    /// As a row's columns tell it.
    let row: SQL
    /// The id and what the order needs, of each row.
    let selected: SQL
    /// As those tell it.
    let merged: SQL

    /// The column and then the id, both in this direction.
    init(by column: SQL, _ direction: SortDirection, id: SQL = "id") {
        row = direction.order(column, id)
        selected = "\(id), \(column)"
        merged = row
    }

    /// The same for a column that may be null; null is the least.
    init(byNullable column: SQL, _ direction: SortDirection) {
        switch direction {
        case .ascending: row = "\(column) NULLS FIRST, id"
        case .descending: row = "\(column) DESC NULLS LAST, id DESC"
        }
        selected = "id, \(column)"
        merged = row
    }

    /// The same with the rows that have none at the end, in either direction.
    init(byNullableLast column: SQL, _ direction: SortDirection) {
        row = "(\(column) IS NULL), \(direction.order(column, "id"))"
        selected = "id, (\(column) IS NULL) AS is_without, \(column)"
        merged = "is_without, \(direction.order(column, "id"))"
    }
}

/// The direction of a sort.
package enum SortDirection: Sendable, Hashable {
    case ascending
    case descending

    fileprivate func order(_ column: SQL, _ id: SQL) -> SQL {
        switch self {
        case .ascending: "\(column), \(id)"
        case .descending: "\(column) DESC, \(id) DESC"
        }
    }
}
