/// The five characters by which PostgreSQL names the cause of an error (its documentation, appendix A).
struct SQLState: Hashable, Sendable {
    let text: String

    /// The code that callers can act on.
    var code: DatabaseError.Code {
        switch text {
        case "23505": .uniqueViolation
        case "53100": .full
        case "58030", "58P01", "58P02": .ioFailure
        case "XX001", "XX002": .corrupt
        case "40001", "40P01", "55P03", "57014": .busy
        case "22021", "22P05": .unexpectedValue
        case "25006", "53200", "53300", "53400": .unavailable
        default: codeOfClass
        }
    }

    private var codeOfClass: DatabaseError.Code {
        switch text.prefix(2) {
        case "08", "28", "3D", "57": .unavailable
        case "23": .constraintViolation
        default: .internalFailure
        }
    }

    /// Whether the same transaction may well succeed when it is run again at once: it lost a race
    /// (serialization failure, deadlock).
    var isLostRace: Bool { text == "40001" || text == "40P01" }

    /// Whether the server is no longer the one to talk to: it shuts down, or became a standby.
    var endsConnection: Bool {
        text.hasPrefix("08") || text.hasPrefix("57P") || text == "25006"
    }

    /// "transaction ID … is in the future": invalid_parameter_value.
    var isNumberInFuture: Bool { text == "22023" }

    /// Whether prepared statements do not last on this connection, because a pooler between us and the
    /// server gives every transaction another session.
    var deniesPreparedStatements: Bool { text == "26000" || text == "42P05" }
}

extension DatabaseError {
    private static let sqlStatePrefix = "SQLSTATE "

    /// An error of the server, with its state as the cause.
    init(_ state: SQLState, _ words: String) {
        self.init(state.code, words, cause: Self.sqlStatePrefix + state.text)
    }

    /// The state that the server gave, if it gave one.
    var sqlState: SQLState? {
        guard let cause, cause.hasPrefix(Self.sqlStatePrefix) else { return nil }
        return SQLState(text: String(cause.dropFirst(Self.sqlStatePrefix.count)))
    }
}

/// A failure of one statement or connection, with what decides whether the transaction is run again.
struct PostgreSQLFailure: Error {
    let error: DatabaseError
    /// nil when the connection broke before the server said anything.
    let state: SQLState?

    /// Whether the connection cannot be used any more.
    var isConnectionLost: Bool { state?.endsConnection ?? true }

    /// Whether running the transaction again, which was not committed, may help.
    var isWorthAnotherAttempt: Bool {
        guard let state else { return true }
        return state.isLostRace || state.endsConnection || state.deniesPreparedStatements
    }
}
