internal import Foundation
internal import GRDB

extension SQLiteDatabase {
    /// The version of the SQLite library.
    package func version() async throws -> String {
        try await read { try $0.row("SELECT sqlite_version()") { try $0.text() } } ?? ""
    }

    /// Bytes of the database without its write-ahead log.
    package func sizeInBytes() async throws -> Int64 {
        try await read { tx in
            try tx.row(
                "SELECT p.page_count * s.page_size FROM pragma_page_count p, pragma_page_size s"
            ) { try $0.integer() } ?? 0
        }
    }

    /// What SQLite finds wrong with its own pages and indexes; nothing when all is well. Reads the whole
    /// file.
    package func integrityFaults() async throws -> [String] {
        try await read { tx in
            try tx.rows("SELECT integrity_check FROM pragma_integrity_check") { try $0.text() }
                .filter { $0 != "ok" }
        }
    }

    /// Copies the database as it is at one moment into a new file (mode 0600), beside running servers.
    ///
    /// - Returns: Bytes of the copy.
    /// - Throws: `unavailable` for a file that exists already; a copy that failed is removed.
    package func backUp(to path: String) async throws -> Int64 {
        let descriptor = Foundation.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DatabaseError(
                .unavailable, "the backup file cannot be made: \(String(cString: strerror(errno)))")
        }
        Foundation.close(descriptor)
        do {
            try await copy(to: path)
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw DatabaseError.mapped(error)
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return attributes[.size] as? Int64 ?? (attributes[.size] as? Int).map(Int64.init) ?? 0
    }
}
