internal import Foundation
internal import GRDB

/// How an SQLite database is opened: file, connections, settings, and the proof of the settings.
enum SQLiteOpening {
    /// Marks the file as ours ("PRRY") in its header.
    private static let applicationID = 0x5052_5259

    /// Opens and checks; every failure is one `DatabaseError` that names the path.
    static func open(
        _ location: SQLiteLocation, _ checkpointer: Checkpointer?,
        _ configuration: SQLiteConfiguration
    ) throws -> any DatabaseWriter {
        do {
            let connections = try connect(location, checkpointer, configuration)
            try connections.writeWithoutTransaction { connection in
                try setUpWriter(connection, configuration)
                try prove(settings(of: connection), location)
            }
            return connections
        } catch {
            throw opened(location, failedWith: DatabaseError.mapped(error))
        }
    }

    /// Who copies the log of a file into it; in memory there is none.
    static func checkpointer(
        _ location: SQLiteLocation, _ configuration: SQLiteConfiguration
    ) -> Checkpointer? {
        guard case .file(let path) = location else { return nil }
        var driver = driverConfiguration(configuration)
        driver.prepareDatabase {
            try $0.execute(sql: "PRAGMA synchronous = FULL; PRAGMA checkpoint_fullfsync = ON")
        }
        return Checkpointer(
            path: path, driver,
            rounds: RoundSize(configuration.walPagesApart, aim: configuration.walRoundDuration),
            pagesMax: configuration.walPagesMax)
    }

    /// The connections for look-ups; they are opened when they are first needed.
    static func lookUps(
        _ location: SQLiteLocation, _ configuration: SQLiteConfiguration
    ) -> LookUpConnections? {
        guard case .file(let path) = location else { return nil }
        return LookUpConnections(
            path: path, driverConfiguration(configuration), countMax: configuration.readerCount)
    }

    /// What the writing connection says of itself.
    static func settings(of connection: GRDB.Database) throws -> SQLiteSettings {
        SQLiteSettings(
            synchronous: try pragma("synchronous", connection),
            foreignKeys: try pragma("foreign_keys", connection) == 1,
            journalMode: try String.fetchOne(connection, sql: "PRAGMA journal_mode") ?? "")
    }

    private static func connect(
        _ location: SQLiteLocation, _ checkpointer: Checkpointer?,
        _ configuration: SQLiteConfiguration
    ) throws -> any DatabaseWriter {
        switch location {
        case .memory:
            return try DatabaseQueue(configuration: driverConfiguration(configuration))
        case .file(let path):
            try createFile(path)
            var driver = driverConfiguration(configuration)
            // What prepares a connection lives as long as it does.
            driver.prepareDatabase { connection in
                if !connection.configuration.readonly { checkpointer?.watch(connection) }
            }
            return try DatabasePool(path: path, configuration: driver)
        }
    }

    private static func driverConfiguration(_ wanted: SQLiteConfiguration) -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(Double(wanted.busyTimeoutMilliseconds) / 1_000)
        configuration.maximumReaderCount = wanted.readerCount
        // A ROLLBACK that fails must not end the process; `WriteGroup.begin` makes up for it.
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { connection in
            let isReader = connection.configuration.readonly
            let cache = isReader ? wanted.readerCacheKiB : wanted.writerCacheKiB
            try connection.execute(sql: "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -\(cache)")
        }
        return configuration
    }

    /// Creates directory and file for their owner alone. A file that exists is left as it is: were
    /// it opened and closed here, this process would lose the locks that it holds on it.
    private static func createFile(_ path: String) throws {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw DatabaseError(
                .unavailable, "the directory cannot be created", cause: "\(error)")
        }
        let descriptor = Foundation.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            close(descriptor)
        } else if errno != EEXIST {
            throw DatabaseError(.unavailable, String(cString: strerror(errno)))
        }
    }

    private static func setUpWriter(
        _ connection: GRDB.Database, _ configuration: SQLiteConfiguration
    ) throws {
        // GRDB's pool sets NORMAL when it turns WAL on, so this comes after it.
        try connection.execute(
            sql: """
                PRAGMA synchronous = FULL;
                PRAGMA fullfsync = ON;
                PRAGMA checkpoint_fullfsync = ON;
                PRAGMA journal_size_limit = \(configuration.walSizeLimitBytes);
                """)
        let found = try pragma("application_id", connection)
        guard found == 0 || found == applicationID else {
            throw DatabaseError(.unavailable, "the file belongs to another application")
        }
        if found == 0 { try connection.execute(sql: "PRAGMA application_id = \(applicationID)") }
    }

    private static func prove(_ settings: SQLiteSettings, _ location: SQLiteLocation) throws {
        let journalMode = location == .memory ? "memory" : "wal"
        guard settings.synchronous == 2, settings.foreignKeys, settings.journalMode == journalMode
        else {
            throw DatabaseError(.unavailable, "SQLite did not take the settings: \(settings)")
        }
    }

    private static func pragma(_ name: String, _ connection: GRDB.Database) throws -> Int64 {
        try Int64.fetchOne(connection, sql: "PRAGMA \(name)") ?? 0
    }

    private static func opened(
        _ location: SQLiteLocation, failedWith error: any Error
    ) -> DatabaseError {
        let place = if case .file(let path) = location { path } else { "in memory" }
        let known = error as? DatabaseError
        return DatabaseError(
            known?.code ?? .unavailable,
            "cannot open the database \(place): \(known?.message ?? "\(error)")",
            cause: known?.cause)
    }
}
