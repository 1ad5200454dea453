extension PostgreSQLDatabase {
    /// Bytes of the whole database, indexes included.
    package func sizeInBytes() async throws -> Int64 {
        try await read { tx in
            try tx.row("SELECT pg_database_size(current_database())") { try $0.integer() } ?? 0
        }
    }

    /// The command that backs this database up, for an operator to run where `pg_dump` is. The password is
    /// not in it: `pg_dump` takes it from PGPASSWORD or ~/.pgpass.
    package func backupCommand(to path: String) -> String {
        "pg_dump --format=custom --file=\(Self.quoted(path)) \(Self.quoted(address.withoutPassword))"
    }

    /// For a POSIX shell.
    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''") + "'"
    }
}

extension PostgreSQLAddress {
    /// The address in libpq's own notation, `host='db1' port='5432'`, without the password.
    var withoutPassword: String {
        options.filter { option in
            Self.placeKeywords.contains(option.keyword)
        }.map { option in
            "\(option.keyword)=\(Self.quoted(option.value))"
        }.joined(separator: " ")
    }

    private static func quoted(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { byte in
            byte > 0x20 && byte != UInt8(ascii: "'") && byte != UInt8(ascii: "\\")
        }
        guard !isPlain || value.isEmpty else { return value }
        return "'" + value.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }

    private static let placeKeywords: Set = [
        "host", "hostaddr", "port", "user", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey",
        "target_session_attrs", "service", "passfile",
    ]
}
