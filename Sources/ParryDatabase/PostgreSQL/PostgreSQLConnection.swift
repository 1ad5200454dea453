internal import CLibPQ

/// One connection, used by one thread at a time; every call blocks it until the server answered.
///
/// It stays in libpq's pipeline mode: the statements of one call travel together, so a transaction's
/// BEGIN costs no round trip of its own.
final class PostgreSQLConnection {
    /// A statement with `?` places, as the port writes it, and its arguments.
    struct Command {
        let text: String
        let parameters: PostgreSQLParameters

        init(_ text: String, _ parameters: PostgreSQLParameters) {
            self.text = text
            self.parameters = parameters
        }

        init(_ text: String) throws {
            self.init(text, try PostgreSQLParameters([]))
        }
    }

    private let handle: OpaquePointer
    private var statements: PreparedStatements
    /// Set when the server's answers can no longer be told apart; then the connection is only closed.
    private(set) var isLost = false
    /// What tells this run of the server from those before a crash and from other servers.
    var incarnation: String? {
        if knownIncarnation == nil { knownIncarnation = askIncarnation() }
        return knownIncarnation
    }
    private var knownIncarnation: String?
    private var isFinished = false

    /// - Throws: ``PostgreSQLFailure`` when no host takes us in.
    init(
        _ address: PostgreSQLAddress, _ configuration: PostgreSQLConfiguration, prepares: Bool
    ) throws {
        guard let handle = address.connect() else {
            throw PostgreSQLFailure(
                error: DatabaseError(.unavailable, "there is no memory for a connection"),
                state: nil)
        }
        self.handle = handle
        statements = PreparedStatements(
            countMax: prepares ? configuration.preparedStatementsMax : 0)
        guard PQstatus(handle) == CONNECTION_OK else { throw refused(by: address) }
        // libpq would print notices to standard error, between our log lines.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        try script(
            """
            SET lock_timeout = \(configuration.lockTimeoutMilliseconds);
            SET idle_in_transaction_session_timeout = 30000
            """)
        guard PQenterPipelineMode(handle) == 1 else { throw failure(nil) }
    }

    deinit { if !isFinished { PQfinish(handle) } }

    /// Closes at once, so that the server stops waiting for us. The connection counts as lost.
    func disconnect() {
        guard !isFinished else { return }
        isLost = true
        isFinished = true
        PQfinish(handle)
    }

    /// Whether a transaction is open, or the server's word on it is missing.
    var isInTransaction: Bool { !isFinished && PQtransactionStatus(handle) != PQTRANS_IDLE }

    /// Runs statements in order in one round trip and returns their results.
    ///
    /// - Throws: ``PostgreSQLFailure`` of the first that failed; the server then skipped the others.
    func run(_ commands: [Command]) throws -> [PostgreSQLResult] {
        var prepares: [PreparedStatement?] = []
        for command in commands { prepares.append(try send(command)) }
        guard PQpipelineSync(handle) == 1 else { throw lost() }
        return try receive(prepares)
    }

    /// Runs a script of statements without arguments, outside the pipeline.
    func script(_ text: String) throws {
        let wasPiping = PQpipelineStatus(handle) != PQ_PIPELINE_OFF
        if wasPiping, PQexitPipelineMode(handle) != 1 { throw lost() }
        guard let answer = PQexec(handle, text) else { throw lost() }
        let status = PQresultStatus(answer)
        let isFine = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
        let failure = isFine ? nil : failure(answer)
        PQclear(answer)
        if wasPiping, PQenterPipelineMode(handle) != 1 { throw lost() }
        if let failure { throw failure }
    }

    /// Sends one command, and before it its preparation if this connection does not know it yet.
    private func send(_ command: Command) throws -> PreparedStatement? {
        let parameters = command.parameters
        let count = Int32(truncatingIfNeeded: parameters.count)
        let plan = statements.plan(command.text)
        if plan.isNew, PQsendPrepare(handle, plan.name, plan.text, 0, nil) != 1 { throw lost() }
        let isSent = parameters.withPointers { values, lengths, formats in
            plan.isPrepared
                ? PQsendQueryPrepared(handle, plan.name, count, values, lengths, formats, 0)
                : PQsendQueryParams(handle, plan.text, count, nil, values, lengths, formats, 0)
        }
        guard isSent == 1 else { throw lost() }
        return plan.isNew ? plan : nil
    }

    /// Takes the answers in the order of what was sent, up to the end of the pipeline.
    private func receive(_ prepares: [PreparedStatement?]) throws -> [PostgreSQLResult] {
        var results: [PostgreSQLResult] = []
        var first: PostgreSQLFailure?
        for preparation in prepares {
            if let preparation {
                if let failure = try next().1 {
                    statements.forget(preparation)
                    first = first ?? failure
                }
            }
            let (result, failure) = try next()
            if let result { results.append(result) }
            first = first ?? failure
        }
        try endPipeline()
        if let first { throw first }
        return results
    }

    /// The answer to one thing sent, and the null that closes it.
    private func next() throws -> (PostgreSQLResult?, PostgreSQLFailure?) {
        guard let answer = PQgetResult(handle) else { throw lost() }
        let outcome: (PostgreSQLResult?, PostgreSQLFailure?)
        switch PQresultStatus(answer) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
            outcome = (PostgreSQLResult(answer), nil)
        case PGRES_PIPELINE_ABORTED:
            PQclear(answer)
            outcome = (nil, Self.skipped)
        default:
            let failure = failure(answer)
            PQclear(answer)
            // A dead connection has no more answers.
            if PQstatus(handle) == CONNECTION_BAD { throw lost(failure) }
            outcome = (nil, failure)
        }
        while let surplus = PQgetResult(handle) { PQclear(surplus) }
        return outcome
    }

    private func endPipeline() throws {
        guard let answer = PQgetResult(handle) else { throw lost() }
        defer { PQclear(answer) }
        guard PQresultStatus(answer) == PGRES_PIPELINE_SYNC else { throw lost(failure(answer)) }
        // A pooler may give us the session that another client listens on; libpq would keep its hints.
        while let hint = PQnotifies(handle) { PQfreemem(hint) }
    }

    private static let skipped = PostgreSQLFailure(
        error: DatabaseError(.internalFailure, "a statement was skipped"),
        state: SQLState(text: "25P02"))
}

extension PostgreSQLConnection {
    private func refused(by address: PostgreSQLAddress) -> PostgreSQLFailure {
        isLost = true
        return PostgreSQLFailure(
            error: DatabaseError(
                .unavailable, "cannot connect to PostgreSQL at \(address.description)",
                cause: ownWords()),
            state: nil)
    }

    private func lost(_ failure: PostgreSQLFailure? = nil) -> PostgreSQLFailure {
        isLost = true
        return PostgreSQLFailure(
            error: failure?.error
                ?? DatabaseError(
                    .unavailable, "the connection to PostgreSQL was lost", cause: ownWords()),
            state: failure?.state)
    }

    private func failure(_ answer: OpaquePointer?) -> PostgreSQLFailure {
        let state = PQresultErrorField(answer, Int32(UInt8(ascii: "C"))).map {
            SQLState(text: String(cString: $0))
        }
        let words = PQresultErrorField(answer, Int32(UInt8(ascii: "M"))).map { String(cString: $0) }
        if state?.endsConnection ?? true { isLost = true }
        let message = words ?? "the connection to PostgreSQL was lost"
        let error =
            state.map { DatabaseError($0, message) }
            ?? DatabaseError(.unavailable, message, cause: ownWords())
        return PostgreSQLFailure(error: error, state: state)
    }

    /// What libpq says, on one line.
    private func ownWords() -> String {
        String(cString: PQerrorMessage(handle)).split(separator: "\n").joined(separator: "; ")
    }
}
