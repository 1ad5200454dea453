import Foundation

/// Where the bytes of a feed come from, in chunks, so that a file of any size takes the same memory.
package struct FeedSource: Sendable {
    private enum Origin: Sendable {
        case file(FileHandle)
        case memory([UInt8])
    }

    private let origin: Origin
    private let chunkBytes: Int
    private var position = 0

    /// An open descriptor, such as 0 for standard input; it stays open.
    package init(descriptor: Int32, chunkBytes: Int = FeedLimits.chunkBytes) {
        origin = .file(FileHandle(fileDescriptor: descriptor, closeOnDealloc: false))
        self.chunkBytes = max(1, chunkBytes)
    }

    /// A file, which is closed with the last copy of this value.
    package init(
        path: String, chunkBytes: Int = FeedLimits.chunkBytes
    ) throws(FeedProblem) {
        do {
            origin = .file(try FileHandle(forReadingFrom: URL(filePath: path)))
        } catch {
            throw FeedProblem("The file cannot be opened: \(error.localizedDescription)")
        }
        self.chunkBytes = max(1, chunkBytes)
    }

    /// Bytes that are in memory already.
    package init(bytes: [UInt8], chunkBytes: Int = FeedLimits.chunkBytes) {
        origin = .memory(bytes)
        self.chunkBytes = max(1, chunkBytes)
    }

    /// The next bytes, at most a chunk of them; none at the end.
    mutating func chunk() throws(FeedProblem) -> [UInt8] {
        switch origin {
        case .memory(let bytes):
            let end = min(position + chunkBytes, bytes.count)
            defer { position = end }
            return Array(bytes[position..<end])
        case .file(let handle): return try Self.read(handle, chunkBytes)
        }
    }

    /// Not by the handle's own method: on some systems its buffers live until the task ends.
    private static func read(
        _ handle: FileHandle, _ count: Int
    ) throws(FeedProblem) -> [UInt8] {
        let descriptor = handle.fileDescriptor
        var failure: Int32?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            var result = Foundation.read(descriptor, buffer.baseAddress, count)
            while result < 0, errno == EINTR {
                result = Foundation.read(descriptor, buffer.baseAddress, count)
            }
            if result < 0 { failure = errno }
            used = max(0, result)
        }
        if let failure {
            throw FeedProblem("The file cannot be read: \(String(cString: strerror(failure)))")
        }
        return bytes
    }
}
