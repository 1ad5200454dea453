import Crypto
import Foundation
import ParryDatabase
import ParryService

/// Finds the key that secrets are encrypted with: the environment, a named file, or, on SQLite, a file
/// beside the database that is made on the first start.
struct MasterKey: Sendable {
    private static let byteCount = 32

    let current: SecretBox
    let previous: SecretBox?

    /// - Parameters:
    ///   - isBound: Whether the database was already written with some key, so that a new one would
    ///     open nothing.
    /// - Throws: ``Settings/Invalid`` when there is no key, or one that is not 32 bytes in base64.
    init(_ settings: Settings, _ url: DatabaseURL, isBound: Bool) throws {
        previous = try Self.given("master-key-previous", settings).map {
            try Self.box($0, from: "PARRY_MASTER_KEY_PREVIOUS")
        }
        if let path = settings.string("master-key-file") {
            current = try Self.read(path)
        } else if let text = Self.given("master-key", settings) {
            current = try Self.box(text, from: "PARRY_MASTER_KEY")
        } else {
            current = try Self.kept(with: url, isBound: isBound)
        }
    }

    /// A key from the environment or the file; an empty one is none.
    private static func given(_ name: String, _ settings: Settings) -> String? {
        settings.string(name, isSecret: true).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The key where none is given. Processes on PostgreSQL share one, so none of them makes it up.
    private static func kept(with url: DatabaseURL, isBound: Bool) throws -> SecretBox {
        switch url {
        case .sqlite(.file(let database)):
            return try besideDatabase(database + ".key", isBound: isBound)
        case .sqlite(.memory):
            return SecretBox(key: SymmetricKey(size: .bits256))
        case .postgreSQL:
            throw Settings.Invalid(
                "PostgreSQL needs a master key: make one with `openssl rand -base64 32` and give it "
                    + "to every process as PARRY_MASTER_KEY, or in a file as --master-key-file")
        }
    }

    private static func besideDatabase(_ path: String, isBound: Bool) throws -> SecretBox {
        if FileManager.default.fileExists(atPath: path) { return try read(path) }
        guard !isBound else {
            throw Settings.Invalid(
                "the master key of this database is missing: give PARRY_MASTER_KEY, "
                    + "or put its file back at \(path)")
        }
        try make(path)
        return try read(path)
    }

    /// Makes the file whole or not at all; of two processes that start at once, one makes it and both
    /// read it.
    private static func make(_ path: String) throws {
        let key = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0).base64EncodedString() }
        let draft = path + "." + UUID().uuidString
        let isWritten = FileManager.default.createFile(
            atPath: draft, contents: Data((key + "\n").utf8), attributes: [.posixPermissions: 0o600]
        )
        defer { try? FileManager.default.removeItem(atPath: draft) }
        guard isWritten else {
            throw Settings.Invalid("the master key file \(path) cannot be made")
        }
        do {
            try FileManager.default.linkItem(atPath: draft, toPath: path)
        } catch  where FileManager.default.fileExists(atPath: path) {
            return
        }
    }

    private static func read(_ path: String) throws -> SecretBox {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Settings.Invalid("the master key file \(path) cannot be read")
        }
        return try box(String(decoding: data, as: UTF8.self), from: path)
    }

    private static func box(_ text: String, from source: String) throws -> SecretBox {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let data = Data(base64Encoded: trimmed), data.count == byteCount else {
            throw Settings.Invalid(
                "\(source) must be 32 bytes in base64, as `openssl rand -base64 32` prints")
        }
        return SecretBox(key: SymmetricKey(data: data))
    }
}
