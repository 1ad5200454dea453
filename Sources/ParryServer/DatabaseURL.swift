package import ParryDatabase

/// Where the database is: `sqlite://PATH` or `postgres://…`.
package enum DatabaseURL: Sendable {
    case sqlite(SQLiteLocation)
    /// As libpq takes it, password included: it is never shown.
    case postgreSQL(String)

    /// Used when none is given.
    package static let standard = "sqlite://./var/parry.db"

    /// - Throws: ``Settings/Invalid`` for a URL that this program cannot use.
    package init(_ url: String) throws {
        let scheme = url.prefix { $0 != ":" }
        switch scheme {
        case "postgres", "postgresql": self = .postgreSQL(url)
        case "sqlite" where url.hasPrefix("sqlite://"):
            let path = String(url.dropFirst("sqlite://".count))
            guard !path.isEmpty else {
                throw Settings.Invalid("the database URL names no file")
            }
            self = .sqlite(path == ":memory:" ? .memory : .file(path))
        default:
            throw Settings.Invalid(
                "the database URL must be sqlite://PATH or postgres://USER@HOST/NAME; "
                    + "\(scheme.prefix(20)): is not supported")
        }
    }
}
