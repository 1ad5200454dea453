#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// How a transaction is run, and run again.
//
// The closure has no side effects, so a transaction that was certainly not committed may run again: one
// that lost a race or a deadlock, and one whose connection broke before COMMIT was sent. When the
// connection breaks while COMMIT is under way, the server has committed or it has not, and
// `PostgreSQLOutcome` finds out which: then the result is returned or the transaction runs again. A
// COMMIT is never cancelled or timed out, and its outcome is never guessed.

/// One place in the pool: a connection that is opened when needed and replaced when it breaks. Used by
/// one thread.
final class PostgreSQLSession {
    private let address: PostgreSQLAddress
    private let configuration: PostgreSQLConfiguration
    private let pooler: PoolerMemory
    private var connection: PostgreSQLConnection?

    init(
        _ address: PostgreSQLAddress, _ configuration: PostgreSQLConfiguration,
        _ pooler: PoolerMemory
    ) {
        self.address = address
        self.configuration = configuration
        self.pooler = pooler
    }

    /// Runs a closure in a transaction of its own, several times if need be.
    func perform<T>(
        _ kind: PostgreSQLTransaction.Kind, _ body: (PostgreSQLTransaction) throws -> T
    ) throws -> T {
        var attempt = 1
        while true {
            switch try run(kind, body) {
            case .done(let value): return value
            case .failed(let failure):
                guard failure.isWorthAnotherAttempt, attempt < configuration.attemptsMax else {
                    throw failure.error
                }
                pause(before: attempt, failure)
                attempt += 1
            }
        }
    }

    private enum Outcome<T> {
        case done(T)
        /// Certainly not committed.
        case failed(PostgreSQLFailure)
    }

    private func run<T>(
        _ kind: PostgreSQLTransaction.Kind, _ body: (PostgreSQLTransaction) throws -> T
    ) throws -> Outcome<T> {
        let connection: PostgreSQLConnection
        do {
            connection = try connected()
        } catch let failure as PostgreSQLFailure {
            // Every host refused: the caller is told at once, or all that wait would wait for this.
            throw failure.error
        }
        // A transaction that could not be rolled back must not be handed to the next closure.
        // One that replaced it meanwhile stays.
        defer {
            let isUsable = !connection.isLost && !connection.isInTransaction
            if !isUsable, self.connection === connection { self.connection = nil }
        }
        // Asked once for each connection, and before the transaction begins.
        let incarnation = kind == .write ? connection.incarnation : nil
        let transaction = PostgreSQLTransaction(connection, kind)
        let result = Result { try body(transaction) }
        if let failure = transaction.failure {
            try? transaction.rollBack()
            return try judge(failure)
        }
        switch result {
        case .failure(let error):
            rollBack(transaction)
            throw error
        case .success(let value):
            return try commit(transaction, value, incarnation)
        }
    }

    private func judge<T>(_ error: any Error) throws -> Outcome<T> {
        guard let failure = error as? PostgreSQLFailure else { throw error }
        if failure.state?.deniesPreparedStatements == true {
            pooler.isInTheWay = true
            connection = nil
        }
        return .failed(failure)
    }

    /// A closure's own error stands, whatever becomes of the connection.
    private func rollBack(_ transaction: PostgreSQLTransaction) {
        do {
            try transaction.rollBack()
        } catch {
            connection = nil
        }
    }

    private func commit<T>(
        _ transaction: PostgreSQLTransaction, _ value: T, _ incarnation: String?
    ) throws -> Outcome<T> {
        do {
            try transaction.commit()
            return .done(value)
        } catch let failure as PostgreSQLFailure {
            guard failure.isConnectionLost, let number = transaction.number else {
                try? transaction.rollBack()
                return try judge(failure)
            }
            let outcome = PostgreSQLOutcome(
                number: number, evidence: transaction.evidence,
                incarnation: incarnation)
            connection?.disconnect()
            connection = nil
            return try isCommitted(outcome, failure) ? .done(value) : .failed(failure)
        }
    }

    private func connected() throws -> PostgreSQLConnection {
        if let connection, !connection.isLost { return connection }
        let fresh = try PostgreSQLConnection(
            address, configuration, prepares: !pooler.isInTheWay)
        connection = fresh
        return fresh
    }
}

extension PostgreSQLSession {
    /// Asks over other connections what became of a transaction whose COMMIT was not answered.
    ///
    /// - Throws: `unknownOutcome` when nobody can say for too long.
    private func isCommitted(
        _ outcome: PostgreSQLOutcome, _ failure: PostgreSQLFailure
    ) throws -> Bool {
        let started = ContinuousClock.now
        var wait: UInt32 = 10
        repeat {
            switch verdict(outcome) {
            case .committed: return true
            case .rolledBack: return false
            case .undecidable: throw PostgreSQLOutcome.unknown(failure.error)
            case .running, nil: break
            }
            usleep(wait * 1_000)
            wait = min(wait * 2, 500)
        } while started.duration(to: .now) < configuration.outcomeWaitMax
        throw PostgreSQLOutcome.unknown(failure.error)
    }

    /// nil when no server answers the question.
    private func verdict(_ outcome: PostgreSQLOutcome) -> PostgreSQLOutcome.Verdict? {
        do {
            return try outcome.verdict(over: try connected())
        } catch {
            let state = (error as? DatabaseError)?.sqlState
            if state?.deniesPreparedStatements == true { pooler.isInTheWay = true }
            connection = nil
            return nil
        }
    }

    /// A lost race is run again after a short wait of random length, so that the same ones do not meet
    /// again; a lost connection at once.
    private func pause(before attempt: Int, _ failure: PostgreSQLFailure) {
        guard failure.state?.isLostRace == true else { return }
        usleep(UInt32.random(in: 500...2_000) << UInt32(min(attempt, 5)))
    }
}
