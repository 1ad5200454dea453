internal import GRDB

extension DatabaseError {
    /// The port's form of any error: what GRDB reports is mapped by its extended result code, every
    /// other error stays as it is.
    static func mapped(_ error: any Error) -> any Error {
        guard let error = error as? GRDB.DatabaseError else { return error }
        return DatabaseError(
            code(for: error.extendedResultCode),
            error.message ?? "\(error.extendedResultCode)",
            cause: error.description)
    }

    private static func code(for result: ResultCode) -> Code {
        switch result {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
            .uniqueViolation
        case .SQLITE_CONSTRAINT: .constraintViolation
        case .SQLITE_FULL: .full
        case .SQLITE_IOERR: .ioFailure
        case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: .unavailable
        case .SQLITE_MISMATCH, .SQLITE_TOOBIG: .unexpectedValue
        default: .internalFailure
        }
    }
}
