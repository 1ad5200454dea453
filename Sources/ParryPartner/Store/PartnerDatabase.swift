package import ParryDatabase
import ParryWire

/// The file in which an environment keeps what it knows. Any number of commands may use it beside the daemon.
package struct PartnerDatabase: Sendable {
    let database: any Database

    /// Opens the file and brings its tables up to date.
    ///
    /// - Throws: ``PartnerError`` where the file belongs to another mode or platform, or to a newer program.
    package static func open(_ settings: EnvironmentSettings) async throws -> PartnerDatabase {
        let database = try await open(.file(settings.database))
        try await database.claim("mode", settings.mode.rawValue, settings)
        try await database.claim("url", settings.url, settings)
        return database
    }

    /// For tests: the same tables in memory.
    package static func open(_ location: SQLiteLocation) async throws -> PartnerDatabase {
        let database = PartnerDatabase(database: try await SQLiteDatabase.open(location))
        try await database.migrate()
        return database
    }

    /// Ends after what was begun.
    package func close() async throws { try await database.close() }

    private func migrate() async throws {
        try await database.write { tx in
            try tx.executeScript(
                "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL);")
            let found =
                try tx.row("SELECT MAX(version) FROM schema_version") { try $0.integerOrNull() }
                .flatMap { $0 } ?? 0
            guard found <= PartnerSchema.steps.count else {
                throw PartnerError(
                    "the database was written by a newer parry-partner; run that one instead")
            }
            for (index, step) in PartnerSchema.steps.enumerated() where index >= found {
                try tx.executeScript(step)
                try tx.execute("INSERT INTO schema_version (version) VALUES (\(index + 1))")
            }
        }
    }

    /// The first one to store something says what the file is for.
    private func claim(
        _ name: String, _ value: String, _ settings: EnvironmentSettings
    ) async throws {
        let found = try await database.write { tx in
            // While nothing is stored, nothing hangs on it.
            try tx.execute(
                """
                INSERT INTO setting (name, value) VALUES (\(name), \(value))
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                WHERE NOT EXISTS (SELECT 1 FROM mapping)
                    AND NOT EXISTS (SELECT 1 FROM inbox_event) AND NOT EXISTS (SELECT 1 FROM alert)
                    AND NOT EXISTS (SELECT 1 FROM enrolment)
                """)
            return try tx.row("SELECT value FROM setting WHERE name = \(name)") { try $0.text() }
        }
        guard found != value else { return }
        throw PartnerError(
            "the database of \(settings.name) was begun for the \(name) \(found ?? ""), and the configuration "
                + "says \(value); give each environment a database of its own")
    }

    /// Adds a line to what was done.
    static func note(
        _ text: String, about subject: String, at now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO journal (at, subject_id, text)
            VALUES (\(now.milliseconds), \(subject), \(text))
            """)
    }
}
