import Foundation

/// A lock between processes. It goes with its process, however that ends.
package final class FileLock: Sendable {
    private let file: Int32

    /// - Returns: nil while another process has it.
    /// - Throws: ``PartnerError`` where the file cannot be used.
    package init?(_ path: String) throws {
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw PartnerError("\(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else { return nil }
    }

    deinit { close(file) }
}

extension FileLock {
    /// Sees to it that one daemon at a time works on a database.
    package static func daemon(_ settings: EnvironmentSettings) throws -> FileLock? {
        try FileLock(settings.database + "-daemon")
    }

    /// Keeps two senders from one feed: what each knows of the other's requests would be stale.
    static func feed(_ feed: Feed, _ settings: EnvironmentSettings) throws -> FileLock? {
        let name = feed.name.replacing("%", with: "%25").replacing("/", with: "%2F")
        return try FileLock("\(settings.database)-feed-\(name)")
    }
}
