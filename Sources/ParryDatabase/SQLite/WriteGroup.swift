internal import GRDB

/// One transaction that several waiting closures share, from BEGIN to COMMIT.
///
/// Used by the writer's queue alone. A throwing method means that the group is lost: nothing of it
/// is or will be committed, and the only thing left is `abandon`. After `commit` the only thing
/// left is `answerMembers`.
struct WriteGroup {
    private let connection: GRDB.Database
    private let configuration: SQLiteConfiguration
    /// The time counts from when the lock is held: another process may have held it for long.
    private var started = ContinuousClock.now
    private let changesAtStart: Int
    private var members: [WaitingWrite] = []
    private var answers: [@Sendable () -> Void] = []
    /// How many members will be told of success.
    private(set) var successCount = 0

    init(on connection: GRDB.Database, _ configuration: SQLiteConfiguration) {
        self.connection = connection
        self.configuration = configuration
        changesAtStart = connection.totalChangesCount
    }

    var isEmpty: Bool { members.isEmpty }

    /// Whether it is time to commit: enough rows, or long enough.
    var isFull: Bool {
        // SQLite's counter is a 32-bit one that wraps around.
        let changes = CInt(truncatingIfNeeded: connection.totalChangesCount &- changesAtStart)
        return changes < 0 || changes >= configuration.groupRowsMax
            || started.duration(to: .now) >= configuration.groupDurationMax
    }

    mutating func begin() throws {
        // A ROLLBACK that failed earlier is made up for here.
        if connection.isInsideTransaction { try run("ROLLBACK") }
        try run("BEGIN IMMEDIATE")
        started = .now
    }

    /// Runs one member in its own savepoint; its own failure undoes only its own work.
    mutating func run(_ write: WaitingWrite) throws {
        members.append(write)
        try run("SAVEPOINT member")
        let transaction = SQLiteTransaction(connection)
        let result = Result { try write.run(transaction) }
        guard connection.isInsideTransaction else {
            throw transaction.failure
                ?? DatabaseError(.internalFailure, "a closure ended the transaction")
        }
        switch (result, transaction.failure) {
        case (.success(let succeed), nil):
            answers.append(succeed)
            successCount += 1
        case (.success, .some(let error)), (.failure(let error), _):
            answers.append { write.fail(error) }
            try run("ROLLBACK TO member")
        }
        try run("RELEASE member")
    }

    func commit() throws {
        try run("COMMIT")
    }

    /// Answers every member of a committed group with its own result.
    func answerMembers() {
        for answer in answers { answer() }
    }

    /// Rolls back what is left and answers every member with the error.
    func abandon(_ error: any Error) {
        if connection.isInsideTransaction { try? run("ROLLBACK") }
        for member in members { member.fail(error) }
    }

    private func run(_ statement: String) throws {
        do {
            try connection.cachedStatement(sql: statement).execute()
        } catch {
            throw DatabaseError.mapped(error)
        }
    }
}
