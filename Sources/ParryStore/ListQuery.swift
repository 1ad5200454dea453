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
    /// Where the rest of the rows lies, if not all are in one table.
    var rest: ListTable?
    var conditions: [SQL]
    let order: ListOrder
    let page: Page
    /// A quicker way to the number of rows than to count them.
    var count: SQL?

    func run<Item: Sendable>(
        _ tx: any ReadTransaction, _ read: (inout RowReader) throws -> Item
    ) throws -> Listing<Item> {
        if case .few(let streams)? = parts?.found, streams.isEmpty {
            return Listing(items: [], count: 0)
        }
        let items = try tx.rows(pageQuery(tx.dialect), read)
        // A page that is not full is the last: nothing has to be counted.
        if items.count < page.limit, page.offset == 0 || !items.isEmpty {
            return Listing(items: items, count: page.offset + Int64(items.count))
        }
        let count = try tx.row(countQuery(tx.dialect)) { try $0.integer() }
        return Listing(items: items, count: count ?? 0)
    }

    /// The page is found first by its ids, so that an index alone can do it and only the rows of the
    /// page are read whole. With the slot they are a unique key, which PostgreSQL looks up one by one whatever
    /// it knows of the table.
    package func pageQuery(_ dialect: Dialect) -> SQL {
        guard let parts else {
            return """
                SELECT \(columns) FROM \(table) WHERE \(id) IN
                    (SELECT \(id) FROM \(table) WHERE \(filter(nil))
                    ORDER BY \(order.row) LIMIT \(page.limit) OFFSET \(page.offset))
                ORDER BY \(order.row)
                """
        }
        let whole = tables.map { table -> SQL in
            """
            SELECT \(table.columns) FROM p CROSS JOIN \(table.name)
            WHERE id = page_id AND slot = page_slot
            """
        }
        return """
            WITH p (page_id, page_slot) AS
                (SELECT id, slot FROM (\(page(of: parts, dialect))) AS o)
            \(SQL.joined(whole, separator: " UNION ALL ")) ORDER BY \(order.row)
            """
    }

    private var tables: [ListTable] {
        let first = ListTable(name: table, columns: columns, index: index, conditions: conditions)
        return [first] + (rest.map { [$0] } ?? [])
    }

    /// How many rows there are, whatever the page.
    package func countQuery(_ dialect: Dialect) -> SQL {
        if let count { return count }
        let counts = tables.map { table -> SQL in
            "(SELECT count(*) FROM \(table.name) WHERE \(table.filter(parts?.condition)))"
        }
        return "SELECT \(SQL.joined(counts, separator: " + "))"
    }

    private func page(of parts: ListParts, _ dialect: Dialect) -> SQL {
        switch parts.found {
        case .all where dialect == .postgreSQL: each(of: parts)
        case .all:
            dialect.merged(
                tables.map { select("slot", parts.condition, of: $0, dialect) },
                order: order.merged, limit: page.limit, offset: page.offset)
        case .few(let streams):
            dialect.merged(
                streams.flatMap { stream in
                    let slot: SQL = stream.slot.map { "CAST(\($0) AS BIGINT) AS slot" } ?? "slot"
                    return tables.map {
                        select(slot, "\(parts.column) = \(stream.id)", of: $0, dialect)
                    }
                }, order: order.merged, limit: page.limit, offset: page.offset)
        }
    }

    /// Differs by necessity: of very many stretches SQLite walks each until it has enough; PostgreSQL has to be
    /// told so, or it would sort them all.
    private func each(of parts: ListParts) -> SQL {
        let found = tables.map { table -> SQL in
            """
            SELECT * FROM (SELECT \(order.selected), coalesce(stream_slot, slot) AS slot
                FROM \(table.name) WHERE \(table.filter("\(parts.column) = stream_id"))
                ORDER BY \(order.row) LIMIT \(page.end)) AS part
            """
        }
        return """
            SELECT found.* FROM (\(parts.among)) AS stream (stream_id, stream_slot)
            CROSS JOIN LATERAL (\(SQL.joined(found, separator: " UNION ALL "))) AS found
            ORDER BY \(order.merged) LIMIT \(page.limit) OFFSET \(page.offset)
            """
    }

    private func select(_ slot: SQL, _ part: SQL, of table: ListTable, _ dialect: Dialect) -> SQL {
        """
        SELECT \(order.selected), \(slot) FROM \(table.name) \(dialect.indexed(by: table.index))
        WHERE \(table.filter(part))
        """
    }

    private func filter(_ part: SQL?) -> SQL {
        ListTable(name: table, columns: columns, index: index, conditions: conditions).filter(part)
    }
}

/// A table of a list, when its rows lie in two.
struct ListTable: Sendable {
    let name: SQL
    let columns: SQL
    let index: SQL?
    let conditions: [SQL]

    func filter(_ part: SQL?) -> SQL {
        let all = (part.map { [$0] } ?? []) + conditions
        return all.isEmpty ? "1 = 1" : SQL.joined(all, separator: " AND ")
    }
}

/// Where the rows of a list lie: those of each organisation, or of each integration, are one stretch of an
/// index that has the list's order. The stretches are merged.
struct ListParts: Sendable {
    /// Which stretches there are.
    enum Found: Sendable {
        case few([(id: String, slot: Int64?)])
        /// More than one statement names one by one.
        case all
    }

    /// SQLite takes 500 queries in one.
    private static let streamsMax = 128

    let column: SQL
    let found: Found
    /// The query for the ids and slots of all. No slot: the rows of a part may have several.
    let among: SQL

    init(_ column: SQL, among: SQL, _ tx: any ReadTransaction) throws {
        self.column = column
        self.among = among
        let streams = try tx.rows("\(among) LIMIT \(Self.streamsMax + 1)") {
            (id: try $0.text(), slot: try $0.integerOrNull())
        }
        found = streams.count > Self.streamsMax ? .all : .few(streams)
    }

    /// What holds for the rows of all parts.
    var condition: SQL {
        switch found {
        case .all: "\(column) IN (SELECT id FROM (\(among)) AS a)"
        case .few(let streams): "\(column) IN \(anyOf: streams.map(\.id))"
        }
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

    /// By the id alone, whose beginning is the time of creation.
    init(byID direction: SortDirection) {
        switch direction {
        case .ascending: row = "id"
        case .descending: row = "id DESC"
        }
        selected = "id"
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
