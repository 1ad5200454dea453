import Foundation
import Synchronization

/// Where refused records go: a line of JSON each, with their number and the reasons.
package final class RejectFile: Sendable {
    /// Where it is; the file is there only if something was refused.
    package let path: String
    private let file = Mutex<Int32?>(nil)

    /// A file that begins anew with each run.
    package init(path: String) {
        self.path = path
        unlink(path)
    }

    /// Adds a line.
    func write(_ refusal: FeedRefusal) throws {
        let line = refusal.json + [UInt8(ascii: "\n")]
        try file.withLock { file in
            let descriptor = file ?? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            file = descriptor
            var rest = line[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Foundation.write(descriptor, $0.baseAddress, $0.count)
                }
                guard count > 0 else {
                    if errno == EINTR { continue }
                    throw PartnerError(
                        "the reject file \(path) cannot be written: \(String(cString: strerror(errno)))"
                    )
                }
                rest = rest.dropFirst(count)
            }
        }
    }

    deinit {
        file.withLock { if let descriptor = $0 { close(descriptor) } }
    }
}
