import ParryDatabase
package import ParryService
import ParryStore
package import ParryWire

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The open installation: its database, migrated, and the use cases on it. Commands and the server share
/// it; each process has one.
package struct Platform: Sendable {
    let database: SQLiteDatabase
    let secrets: SecretBox

    package let accounts: AccountService
    package let keys: KeyService
    package let webhooks: WebhookService

    /// Opens the database that the settings name, brings its schema up to date and checks the master key.
    ///
    /// - Parameter createsDatabase: Whether a missing database is made; otherwise it is an error, so that
    ///   a mistyped path does not answer from an empty one.
    /// - Throws: ``Settings/Invalid``, `DatabaseError`, `Migrator.SchemaTooNew`,
    ///   `MasterKeyService.WrongKey`; nothing stays open then.
    package static func open(
        _ settings: Settings, createsDatabase: Bool = true
    ) async throws -> Platform {
        let url = settings.string("database") ?? DatabaseURL.standard
        let location = try DatabaseURL.location(url)
        if case .file(let path) = location, !createsDatabase, access(path, F_OK) != 0 {
            throw Settings.Invalid(
                "there is no database at \(path): start with `parry partner create` or `parry serve`"
            )
        }
        let database = try await SQLiteDatabase.open(location)
        do {
            try await Migrator.run(on: database, now: now())
            let service = MasterKeyService(database: database)
            let isBound = try await service.isBound()
            let key = try MasterKey(settings, location: location, isBound: isBound)
            try await service.bind(key.current, previous: key.previous)
            return Platform(database: database, secrets: key.current)
        } catch {
            try? await database.close()
            throw error
        }
    }

    private init(database: SQLiteDatabase, secrets: SecretBox) {
        self.database = database
        self.secrets = secrets
        accounts = AccountService(database: database)
        keys = KeyService(database: database)
        webhooks = WebhookService(database: database, secrets: secrets)
    }

    /// Waits for what is being written and closes the database.
    package func close() async throws {
        try await database.close()
    }

    /// Real time: the one place where the program asks for it.
    package static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
