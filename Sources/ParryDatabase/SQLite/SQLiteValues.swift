internal import Foundation
internal import GRDB

extension SQLValue {
    /// Binds the value to a placeholder, counted from 1. False when there is no such placeholder,
    /// or for text with U+0000, at which SQLite would cut it off.
    func bind(to statement: SQLiteStatement, at index: CInt) -> Bool {
        switch self {
        case .null: true  // What is not bound is NULL.
        case .integer(let integer): integer.bind(to: statement, at: index) == 0
        case .text(let text): !text.holdsZero && text.bind(to: statement, at: index) == 0
        case .blob(let bytes): Data(bytes).bind(to: statement, at: index) == 0
        }
    }
}

/// A cursor that only steps; columns are read from the statement by `SQLiteRow`.
typealias SQLiteCursor = FastDatabaseValueCursor<SQLiteStep>

/// What a `SQLiteCursor` yields for each row: nothing. GRDB's own row cursor builds a dictionary of
/// column names per query, which costs more than a look-up.
struct SQLiteStep: DatabaseValueConvertible, StatementColumnConvertible {
    init() {}

    init?(sqliteStatement: SQLiteStatement, index: CInt) {}

    static func fromStatement(
        _ sqliteStatement: SQLiteStatement, atUncheckedIndex index: CInt
    ) -> SQLiteStep? {
        SQLiteStep()
    }

    var databaseValue: DatabaseValue { .null }

    static func fromDatabaseValue(_ value: DatabaseValue) -> SQLiteStep? { SQLiteStep() }
}

/// The row under a statement's cursor.
///
/// Valid until the statement is stepped or reset, hence only lent to a `RowReader`.
struct SQLiteRow: RowSource {
    let statement: GRDB.Statement

    var columnCount: Int { statement.columnCount }

    func value(at index: Int) throws -> SQLValue {
        let column = CInt(truncatingIfNeeded: index)
        switch DatabaseValue(sqliteStatement: statement.sqliteStatement, index: column).storage {
        case .null: return .null
        case .int64(let integer): return .integer(integer)
        case .string(let text): return .text(text)
        case .blob(let data): return .blob([UInt8](data))
        case .double:
            throw DatabaseError(.unexpectedValue, "column \(index) holds a floating-point number")
        }
    }
}
