import Foundation
import Synchronization

/// Where refused records go: a line of JSON each, with their number and the reasons.
package final class RejectFile: Sendable {
    /// Where it is; the file is there only if something was refused.
    package let path: String
    private let file = Mutex<Int32?>(nil)

    /// Looks whether the file can be written, and changes nothing yet.
    ///
    /// - Parameter input: What is read; it must not be the same file.
    /// - Throws: ``PartnerError`` where it is, or where its folder cannot be written.
    package init(path: String, input: String?) throws {
        self.path = path
        if let input, let one = Self.identity(path), one == Self.identity(input) {
            throw PartnerError("\(path) is the file that is sent; name another one with --rejects")
        }
        let folder = Paths.folder(of: path)
        guard access(folder, W_OK | X_OK) == 0 else {
            throw PartnerError(
                "\(path) cannot be written, because of its folder: \(String(cString: strerror(errno)))"
            )
        }
    }

    /// Takes away what an earlier run left. Only a file of its own is: a link or a device stays.
    func begin() {
        let type = try? FileManager.default.attributesOfItem(atPath: path)[.type]
        if type as? FileAttributeType == .typeRegular { unlink(path) }
    }

    /// Adds a line.
    func write(_ refusal: FeedRefusal) throws {
        let line = refusal.json + [UInt8(ascii: "\n")]
        try file.withLock { file in
            let descriptor = try file ?? open()
            file = descriptor
            var rest = line[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Foundation.write(descriptor, $0.baseAddress, $0.count)
                }
                guard count > 0 || errno == EINTR else { throw unwritable() }
                rest = rest.dropFirst(max(0, count))
            }
        }
    }

    private func open() throws -> Int32 {
        let descriptor = Foundation.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unwritable() }
        return descriptor
    }

    private func unwritable() -> PartnerError {
        PartnerError(
            "the reject file \(path) cannot be written: \(String(cString: strerror(errno)))")
    }

    /// What a path leads to, links followed; nil where nothing is there.
    private static func identity(_ path: String) -> [UInt64]? {
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let found = try? FileManager.default.attributesOfItem(atPath: real),
            let device = (found[.systemNumber] as? NSNumber)?.uint64Value,
            let number = (found[.systemFileNumber] as? NSNumber)?.uint64Value
        else { return nil }
        return [device, number]
    }

    deinit {
        file.withLock { if let descriptor = $0 { close(descriptor) } }
    }
}
