package import ParryDatabase

/// Where the database is: `sqlite://PATH`.
package enum DatabaseURL {
    /// Used when none is given.
    package static let standard = "sqlite://./var/parry.db"

    /// - Throws: ``Settings/Invalid`` for a URL that this program cannot use.
    package static func location(_ url: String) throws -> SQLiteLocation {
        let scheme = "sqlite://"
        guard url.hasPrefix(scheme) else {
            let name = url.split(separator: ":").first.map(String.init) ?? ""
            throw Settings.Invalid(
                "the database URL must be sqlite://PATH; \(name): is not supported")
        }
        let path = String(url.dropFirst(scheme.count))
        guard !path.isEmpty else { throw Settings.Invalid("the database URL names no file") }
        return path == ":memory:" ? .memory : .file(path)
    }
}
