/// What a database reports when a statement, a commit or the opening fails.
///
/// Never carries bound values: `message` is for logs and may name tables and columns, `cause` is
/// the driver's own wording.
package struct DatabaseError: Error, Sendable, CustomStringConvertible {
    /// The closed set of causes that a caller can tell apart.
    package enum Code: String, Sendable, CaseIterable {
        /// The database cannot be reached, opened or written to.
        case unavailable
        /// The disk or the allowed size is exhausted.
        case full
        /// The operating system failed to read, write or sync.
        case ioFailure
        /// A row with the same unique key exists.
        case uniqueViolation
        /// Another constraint refused the change: CHECK, NOT NULL or a foreign key.
        case constraintViolation
        /// Another writer held the database for too long.
        case busy
        /// Too many writes wait already.
        case overloaded
        /// The connection was lost during COMMIT and nobody could say what became of it: the work may be
        /// there or not. Asking again tells.
        case unknownOutcome
        /// The file is damaged or is no database.
        case corrupt
        /// The database was closed.
        case closed
        /// A value is not of the kind that the statement or the reader expects.
        case unexpectedValue
        /// Everything else: a mistake in a statement or in this program.
        case internalFailure
    }

    /// The cause, for decisions.
    package let code: Code
    /// The cause in words, for logs.
    package let message: String
    /// The driver's own description, where there is one.
    package let cause: String?

    /// An error with its code and words.
    package init(_ code: Code, _ message: String, cause: String? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// Whether the same call may well succeed a moment later, without anybody's help.
    package var isRetryable: Bool {
        switch code {
        case .busy, .overloaded, .unavailable: true
        default: false
        }
    }

    /// Code, message and cause on one line.
    package var description: String {
        cause.map { "\(code.rawValue): \(message) (\($0))" } ?? "\(code.rawValue): \(message)"
    }
}
