/// The transaction that a closure is lent, on one connection.
///
/// It begins with its first statement, in the same round trip. Bulk inserts travel with the statement
/// that follows them, or with COMMIT, so their failure shows there. It remembers the first statement that
/// failed and refuses all that follow, as both engines do.
final class PostgreSQLTransaction: WriteTransaction {
    /// What is opened before the first statement.
    enum Kind {
        /// Nothing: every statement is a transaction of its own.
        case singly
        case read
        case write
    }

    let dialect = Dialect.postgreSQL
    /// The first failure of a statement, if any.
    private(set) var failure: (any Error)?
    /// The server's number of a transaction that writes, by which its outcome can be asked for later.
    private(set) var number: Int64?
    /// A query that finds a row if and only if this transaction was committed; nil without such a row.
    private(set) var evidence: SQL?
    private let connection: PostgreSQLConnection
    private let kind: Kind
    private var hasBegun = false
    /// Inserts that were not sent yet.
    private var pending: [PostgreSQLConnection.Command] = []
    private var isReadingRows = false

    init(_ connection: PostgreSQLConnection, _ kind: Kind) {
        self.connection = connection
        self.kind = kind
    }

    func rows<T>(_ sql: SQL, _ read: (inout RowReader) throws -> T) throws -> [T] {
        let result = try attempt { try run(sql) }
        isReadingRows = true
        defer { isReadingRows = false }
        return try (0..<result.rowCount).map { row in
            result.row = row
            var reader = RowReader(result)
            return try read(&reader)
        }
    }

    func row<T>(_ sql: SQL, _ read: (inout RowReader) throws -> T) throws -> T? {
        let result = try attempt { try run(sql) }
        guard result.rowCount > 0 else { return nil }
        isReadingRows = true
        defer { isReadingRows = false }
        var reader = RowReader(result)
        return try read(&reader)
    }

    func execute(_ sql: SQL) throws -> Int {
        try attempt { try run(sql).changedCount }
    }

    func insert(_ rows: [[SQLValue]], by insertion: Insertion) throws {
        guard !rows.isEmpty else { return }
        try attempt {
            let parameters = try PostgreSQLParameters(rows, columns: insertion.columns)
            pending.append(.init(insertion.bulkStatement, parameters))
            evidence = evidence ?? insertion.evidence(of: rows[0])
        }
    }

    func executeScript(_ script: String) throws {
        try attempt {
            for statement in script.split(separator: ";") {
                try SQL.refuseTransactionControl(statement)
            }
            if !hasBegun || !pending.isEmpty { _ = try run([]) }
            try connection.script(script)
        }
    }

    /// Makes the work durable. A transaction without statements has none.
    func commit() throws {
        // The transaction's number has to be known before COMMIT is sent.
        if !hasBegun, !pending.isEmpty { _ = try run([]) }
        guard hasBegun else { return }
        let answer = try send([.init("COMMIT")]).last
        hasBegun = false
        guard answer?.tag == "COMMIT" else {
            throw DatabaseError(.internalFailure, "the server rolled a transaction back at COMMIT")
        }
    }

    /// Undoes the work, if the connection still can.
    func rollBack() throws {
        guard hasBegun, !connection.isLost else { return }
        _ = try connection.run([.init("ROLLBACK")])
        hasBegun = false
    }
}

extension PostgreSQLTransaction {
    private func run(_ sql: SQL) throws -> PostgreSQLResult {
        try SQL.refuseTransactionControl(sql.text)
        let result = try run([.init(sql.text, try PostgreSQLParameters(sql.arguments))])
        guard let result else {
            throw DatabaseError(.internalFailure, "a statement was not answered")
        }
        return result
    }

    /// Runs statements, the first time behind BEGIN; returns the last one's result.
    private func run(_ commands: [PostgreSQLConnection.Command]) throws -> PostgreSQLResult? {
        guard !hasBegun else { return try send(commands).last }
        switch kind {
        case .singly:
            return try send(commands).last
        case .read:
            hasBegun = true
            return try connection.run([try .init(Self.beginRead)] + commands).last
        case .write:
            hasBegun = true
            let opening = [Self.beginWrite, Self.askNumber]
            let results = try connection.run(
                try opening.map { try .init($0) } + takePending() + commands)
            if case .integer(let number) = try results[1].value(at: 0) { self.number = number }
            return results.last
        }
    }

    /// Sends what waits and then these, in one round trip.
    private func send(
        _ commands: [PostgreSQLConnection.Command]
    ) throws -> [PostgreSQLResult] {
        try connection.run(takePending() + commands)
    }

    private func takePending() -> [PostgreSQLConnection.Command] {
        defer { pending = [] }
        return pending
    }

    /// Runs statements unless an earlier one failed, and remembers their failure.
    private func attempt<T>(_ body: () throws -> T) throws -> T {
        if let failure { throw Self.visible(failure) }
        guard !isReadingRows else {
            throw DatabaseError(.internalFailure, "a statement ran while rows were being read")
        }
        do {
            return try body()
        } catch {
            failure = error
            throw Self.visible(error)
        }
    }

    /// What closures see of a failure.
    static func visible(_ error: any Error) -> any Error {
        (error as? PostgreSQLFailure)?.error ?? error
    }

    private static let beginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    private static let beginWrite = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
    private static let askNumber = "SELECT pg_current_xact_id()::text::bigint"
}

extension Insertion {
    /// A query for one of the inserted rows, by the id that the program made for it and nobody else has.
    func evidence(of row: [SQLValue]) -> SQL? {
        guard makesNewIDs, let id = columns.firstIndex(where: { $0.name == "id" }),
            let slot = columns.firstIndex(where: { $0.name == "slot" })
        else { return nil }
        let table = SQL(stringLiteral: table)
        return "SELECT 1 FROM \(table) WHERE id = \(row[id]) AND slot = \(row[slot])"
    }

    /// All rows in one statement, from one array for each column.
    var bulkStatement: String {
        let names = columns.map(\.name).joined(separator: ", ")
        let arrays = columns.map { "?::\($0.kind.arrayType)" }.joined(separator: ", ")
        let repeats = skipsRepeats ? " ON CONFLICT DO NOTHING" : ""
        return "INSERT INTO \(table) (\(names)) SELECT * FROM unnest(\(arrays))\(repeats)"
    }
}
