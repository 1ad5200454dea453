import Foundation

/// Sees to it that one daemon at a time works on a database. The lock goes with the process, however that ends.
package final class DaemonLock: Sendable {
    private let file: Int32

    /// - Returns: nil while another process has it.
    package init?(database: String) throws {
        let path = database + "-daemon"
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw PartnerError("\(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            return nil
        }
    }

    deinit { close(file) }
}
