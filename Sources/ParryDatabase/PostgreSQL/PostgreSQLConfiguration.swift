/// How a PostgreSQL database is reached and shared; the defaults are measured ones.
package struct PostgreSQLConfiguration: Sendable {
    /// Connections of this process at most; each has a thread of its own. They are opened when needed.
    package var connectionCountMax = 10
    /// Transactions that may wait for a connection; one more is refused as `overloaded`.
    package var waitingMax = 2_000
    /// How long a transaction waits for a connection before it is refused as `overloaded`.
    package var waitMax = Duration.seconds(5)
    /// How often a transaction is run at most when it loses its connection, a race or a deadlock.
    package var attemptsMax = 5
    /// How long the outcome of a COMMIT whose answer was lost is asked for before it is `unknownOutcome`.
    package var outcomeWaitMax = Duration.seconds(30)
    /// How many milliseconds a statement waits for another transaction's lock before `busy`.
    package var lockTimeoutMilliseconds = 5_000
    /// Statements that a connection keeps prepared; further ones are sent with their text each time.
    package var preparedStatementsMax = 500

    /// The measured defaults.
    package init() {}
}

/// What the server says of itself.
package struct PostgreSQLSettings: Sendable, Hashable {
    /// `server_version`, for instance `15.8 (Debian 15.8-0+deb12u1)`.
    package let serverVersion: String
    /// Whether a commit that returned survives a crash of the server: `fsync`, `full_page_writes` and
    /// `synchronous_commit` are all on.
    package let isDurable: Bool
    /// The version of the Citus extension in this database, if there is one.
    package let citusVersion: String?
}
