import Foundation

/// Files with card data in them.
enum DeskFile {
    /// Writes a file that only its owner may read; one of this name is replaced as a whole.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let part = path + ".part-\(getpid())"
        let file = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw fault(path) }
        do {
            let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
            try handle.write(contentsOf: Data(bytes))
            try handle.close()
            guard rename(part, path) == 0 else { throw fault(path) }
        } catch {
            unlink(part)
            throw error
        }
    }

    private static func fault(_ path: String) -> PartnerError {
        PartnerError("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
