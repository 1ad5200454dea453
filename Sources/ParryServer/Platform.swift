import Foundation
package import ParryDatabase
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
    let engine: Installation.Engine
    /// Everything that is stored; changes that somebody asked for are in the audit log.
    package let database: any Database
    let secrets: SecretBox

    package let accounts: AccountService
    package let keys: KeyService
    package let webhooks: WebhookService
    package let events: EventService
    package let redeliveries: RedeliveryService
    package let retention: RetentionService
    package let integrations: IntegrationService
    package let erasure: ErasureService
    package let enrolments: EnrolmentService
    package let alertCases: AlertCaseService
    package let people: PersonService
    package let signIn: SignInService

    /// Opens the database that the settings name, brings its schema up to date and checks the master key.
    ///
    /// - Parameters:
    ///   - createsDatabase: Whether a missing database is made; otherwise it is an error, so that
    ///     a mistyped path does not answer from an empty one.
    ///   - passwords: Hashes people's passwords.
    /// - Throws: ``Settings/Invalid``, `DatabaseError`, `Migrator.SchemaTooNew`,
    ///   `MasterKeyService.WrongKey`; nothing stays open then.
    package static func open(
        _ settings: Settings, createsDatabase: Bool = true,
        passwords: PasswordHasher = PasswordHasher()
    ) async throws -> Platform {
        let url = try DatabaseURL(
            settings.string("database", isSecret: true) ?? DatabaseURL.standard)
        let engine = try await connect(url, settings, createsDatabase: createsDatabase)
        let database = engine.database
        do {
            try await Migrator.run(on: database, now: now())
            let service = MasterKeyService(database: database)
            let isBound = try await service.isBound()
            let key = try MasterKey(settings, url, isBound: isBound)
            try await service.bind(key.current, previous: key.previous)
            return Platform(engine: engine, secrets: key.current, passwords: passwords)
        } catch {
            try? await database.close()
            throw error
        }
    }

    /// Opens the database that a URL names, as it is.
    static func connect(
        _ url: DatabaseURL, _ settings: Settings, createsDatabase: Bool
    ) async throws -> Installation.Engine {
        switch url {
        case .sqlite(let location):
            if case .file(let path) = location, !createsDatabase, access(path, F_OK) != 0 {
                throw Settings.Invalid(
                    "there is no database at \(path): "
                        + "start with `parry partner create` or `parry serve`")
            }
            return .sqlite(try await SQLiteDatabase.open(location))
        case .postgreSQL(let address):
            var configuration = PostgreSQLConfiguration()
            configuration.connectionCountMax = try settings.integer(
                "database-connections", in: 2...500, default: configuration.connectionCountMax)
            let database = try await PostgreSQLDatabase.open(address, configuration: configuration)
            do {
                try await prove(database)
                return .postgreSQL(database)
            } catch {
                try? await database.close()
                throw error
            }
        }
    }

    private static func prove(_ database: PostgreSQLDatabase) async throws {
        guard try await database.settings().isDurable else {
            throw Settings.Invalid(
                "the PostgreSQL server at \(database.place) may lose what it confirmed: "
                    + "set fsync, full_page_writes and synchronous_commit to on")
        }
    }

    private init(
        engine: Installation.Engine, secrets: SecretBox, passwords hasher: PasswordHasher
    ) {
        let database = AuditedDatabase(engine.database)
        self.engine = engine
        self.database = database
        self.secrets = secrets
        accounts = AccountService(database: database)
        keys = KeyService(database: database)
        webhooks = WebhookService(database: database, secrets: secrets)
        events = EventService(database: database, wake: .silent)
        redeliveries = RedeliveryService(database: database)
        retention = RetentionService(database: database)
        integrations = IntegrationService(database: database)
        erasure = ErasureService(database: database)
        enrolments = EnrolmentService(database: database, wake: .silent)
        alertCases = AlertCaseService(database: database, wake: .silent)
        people = PersonService(database: database, hasher: hasher)
        signIn = SignInService(database: database, secrets: secrets, hasher: hasher)
    }

    /// Waits for what is being written and closes the database.
    package func close() async throws {
        try await database.close()
    }

    /// Real time: the one place where the program asks for it.
    package static func now() -> Timestamp {
        Timestamp(milliseconds: Int64((Date.now.timeIntervalSince1970 * 1_000).rounded(.down)))
    }
}
