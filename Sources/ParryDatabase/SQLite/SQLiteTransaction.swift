internal import GRDB

/// The transaction that a closure is lent, on one connection.
///
/// It remembers the first statement that failed and refuses all that follow. That makes both
/// engines alike, and on SQLite it is what keeps a closure from writing in autocommit mode after an
/// error (a full disk, say) that rolled the whole transaction back.
final class SQLiteTransaction: WriteTransaction {
    let dialect = Dialect.sqlite
    /// The first failure of a statement, if any.
    private(set) var failure: (any Error)?
    private let connection: GRDB.Database
    private var isReadingRows = false

    init(_ connection: GRDB.Database) {
        self.connection = connection
    }

    func rows<T>(_ sql: SQL, _ read: (inout RowReader) throws -> T) throws -> [T] {
        let (statement, cursor) = try attempt { try open(sql) }
        isReadingRows = true
        defer { isReadingRows = false }
        var found: [T] = []
        while try step(cursor) {
            var reader = RowReader(SQLiteRow(statement: statement))
            found.append(try read(&reader))
        }
        return found
    }

    func row<T>(_ sql: SQL, _ read: (inout RowReader) throws -> T) throws -> T? {
        let (statement, cursor) = try attempt { try open(sql) }
        isReadingRows = true
        defer { isReadingRows = false }
        guard try step(cursor) else { return nil }
        var reader = RowReader(SQLiteRow(statement: statement))
        let found = try read(&reader)
        if !statement.isReadonly {
            while try step(cursor) {}
        }
        return found
    }

    func execute(_ sql: SQL) throws -> Int {
        try attempt {
            let statement = try prepared(sql)
            let before = connection.totalChangesCount
            try statement.execute()
            // The count of a statement that changes no rows would be that of the one before it.
            return connection.totalChangesCount == before ? 0 : connection.changesCount
        }
    }

    func insert(_ rows: [[SQLValue]], by insertion: Insertion) throws {
        guard !rows.isEmpty else { return }
        try attempt {
            let statement = try connection.cachedStatement(sql: insertion.rowStatement)
            for row in rows {
                try check(row, against: insertion.columns)
                try bind(row, to: statement)
                try statement.execute()
            }
        }
    }

    func executeScript(_ script: String) throws {
        try attempt {
            let statements = try connection.allStatements(sql: script)
            while let statement = try statements.next() {
                try SQL.refuseTransactionControl(statement.sql)
                try statement.execute()
            }
        }
    }
}

extension SQLiteTransaction {
    /// Runs statements unless an earlier one failed, and remembers their failure.
    private func attempt<T>(_ body: () throws -> T) throws -> T {
        if let failure { throw failure }
        guard !isReadingRows else {
            throw DatabaseError(.internalFailure, "a statement ran while rows were being read")
        }
        do {
            return try body()
        } catch {
            throw remember(error)
        }
    }

    private func step(_ cursor: SQLiteCursor) throws -> Bool {
        do {
            return try cursor.next() != nil
        } catch {
            throw remember(error)
        }
    }

    private func remember(_ error: any Error) -> any Error {
        let mapped = DatabaseError.mapped(error)
        failure = mapped
        return mapped
    }

    private func open(_ sql: SQL) throws -> (GRDB.Statement, SQLiteCursor) {
        let statement = try prepared(sql)
        return (statement, try SQLiteStep.fetchCursor(statement))
    }

    private func prepared(_ sql: SQL) throws -> GRDB.Statement {
        try SQL.refuseTransactionControl(sql.text)
        let statement = try connection.cachedStatement(sql: sql.text)
        try bind(sql.arguments, to: statement)
        return statement
    }

    /// Binds straight to the statement: GRDB's own way by `StatementArguments` costs several
    /// microseconds per row. Setting no arguments resets the statement and tells GRDB that it is
    /// ready to run as it stands.
    private func bind(_ values: [SQLValue], to statement: GRDB.Statement) throws {
        statement.setUncheckedArguments(Self.noArguments)
        for (index, value) in values.enumerated() {
            guard value.bind(to: statement.sqliteStatement, at: CInt(index + 1)) else {
                throw DatabaseError(
                    .unexpectedValue, "argument \(index + 1) (\(value.kindName)) cannot be bound")
            }
        }
    }

    private func check(_ row: [SQLValue], against columns: [Column]) throws {
        guard row.count == columns.count else {
            throw DatabaseError(.unexpectedValue, "a row has not one value for each column")
        }
        for (value, column) in zip(row, columns) where !value.fits(column.kind) {
            throw DatabaseError(
                .unexpectedValue, "column \(column.name) was given \(value.kindName)")
        }
    }

    private static let noArguments = StatementArguments()
}
