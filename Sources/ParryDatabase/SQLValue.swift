internal import Foundation

/// One value bound to a statement or read from a row.
///
/// The four kinds are what both engines share. Booleans are the integers 0 and 1, times are integer
/// milliseconds UTC. Text never holds U+0000: a driver refuses to bind it (`unexpectedValue`).
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
}

/// A column named by a bulk insert, with the kind of its values.
///
/// SQLite needs the name only; PostgreSQL needs the kind for the array type of its `unnest`.
package struct Column: Sendable, Hashable {
    /// What the values of a column are; NULL fits every kind.
    package enum Kind: Sendable, Hashable {
        case integer
        case text
        case blob
    }

    /// The name as written in the table's declaration; trusted text that is never bound.
    package let name: String
    /// The kind of every value that is not NULL.
    package let kind: Kind

    /// Names a column and the kind of its values.
    package init(_ name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

/// A bulk insert's table and columns, prepared once: a `static let` beside the rows it writes.
package struct Insertion: Sendable, Hashable {
    package let table: String
    package let columns: [Column]
    /// One row's statement, for engines that insert row by row.
    package let rowStatement: String
    /// Whether a row that is there already is left as it is, instead of being a `uniqueViolation`.
    package let skipsRepeats: Bool
    /// Whether the column `id` holds ids that were made in this transaction: that such a row is there
    /// proves that the transaction was committed.
    package let makesNewIDs: Bool

    /// Names the table and the columns; trusted text that is never bound.
    package init(
        into table: String, _ columns: [Column], skipsRepeats: Bool = false,
        makesNewIDs: Bool = false
    ) {
        self.table = table
        self.columns = columns
        self.skipsRepeats = skipsRepeats
        self.makesNewIDs = makesNewIDs
        let names = columns.map(\.name).joined(separator: ", ")
        let places = repeatElement("?", count: columns.count).joined(separator: ", ")
        rowStatement =
            "INSERT INTO \(table) (\(names)) VALUES (\(places))"
            + (skipsRepeats ? " ON CONFLICT DO NOTHING" : "")
    }
}

extension SQLValue {
    /// Whether the value may stand in a column of the kind; NULL always may.
    package func fits(_ kind: Column.Kind) -> Bool {
        switch (self, kind) {
        case (.null, _), (.integer, .integer), (.text, .text), (.blob, .blob): true
        default: false
        }
    }

    /// The kind in words, for messages; never the value itself.
    package var kindName: String {
        switch self {
        case .null: "null"
        case .integer: "an integer"
        case .text: "text"
        case .blob: "a blob"
        }
    }
}

extension String {
    /// Whether U+0000 is in it, at which both engines would cut it off.
    var holdsZero: Bool {
        let found = utf8.withContiguousStorageIfAvailable { bytes in
            bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
        }
        return found ?? utf8.contains(0)
    }
}
