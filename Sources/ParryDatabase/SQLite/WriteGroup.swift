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
    private var changesAtStart = 0
    private var members: [WaitingWrite] = []
    private var answers: [@Sendable () -> Void] = []
    /// Whether each member has a savepoint of its own.
    private var isApart: Bool
    /// How many members will be told of success.
    private(set) var successCount = 0

    init(on connection: GRDB.Database, isApart: Bool, _ configuration: SQLiteConfiguration) {
        self.connection = connection
        self.isApart = isApart
        self.configuration = configuration
    }

    var isEmpty: Bool { members.isEmpty }

    /// Whether a member will be told of a failure of its own.
    var hasFailures: Bool { successCount < members.count }

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
        changesAtStart = connection.totalChangesCount
    }

    /// Runs one member; its own failure undoes only its own work.
    ///
    /// After a savepoint SQLite copies every page before it changes it, so there is none until a member
    /// fails beside others: then all run again, each in its own.
    mutating func run(_ write: WaitingWrite) throws {
        members.append(write)
        guard !isApart else { return try runApart(write) }
        switch try outcome(of: write) {
        case .success(let succeed): answer(with: succeed)
        case .failure(let error):
            try beginApart()
            if members.count == 1 { return answers.append { write.fail(error) } }
            for member in members { try runApart(member) }
        }
    }

    private mutating func beginApart() throws {
        isApart = true
        answers = []
        successCount = 0
        try run("ROLLBACK")
        try begin()
    }

    private mutating func runApart(_ write: WaitingWrite) throws {
        try run("SAVEPOINT member")
        switch try outcome(of: write) {
        case .success(let succeed): answer(with: succeed)
        case .failure(let error):
            answers.append { write.fail(error) }
            try run("ROLLBACK TO member")
        }
        try run("RELEASE member")
    }

    private mutating func answer(with succeed: @escaping @Sendable () -> Void) {
        answers.append(succeed)
        successCount += 1
    }

    /// Runs the closure, and throws when with it the whole transaction has ended.
    private func outcome(of write: WaitingWrite) throws -> Result<
        @Sendable () -> Void, any Error
    > {
        let transaction = SQLiteTransaction(connection)
        let result = Result { try write.run(transaction) }
        guard connection.isInsideTransaction else {
            throw transaction.failure
                ?? DatabaseError(.internalFailure, "a closure ended the transaction")
        }
        // A closure may have swallowed the error of its statement.
        if case .success = result, let failure = transaction.failure { return .failure(failure) }
        return result
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
