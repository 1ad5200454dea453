package import SystemPackage

/// Writes a world into a directory that exists; files of an earlier world are replaced.
///
/// It holds at most a megabyte per file before it writes. A file that was begun and never finished
/// stays as it is: a world whose ``finish()`` threw is to be made again.
package final class DirectorySink: WorldSink {
    /// How much is held back per file, in bytes: large enough that a million orders take a thousand
    /// writes.
    private static let bufferBytesMax = 1 << 20

    private var files: [WorldFile: FileDescriptor] = [:]
    private var buffers: [WorldFile: [UInt8]] = [:]

    /// Creates the world's files.
    ///
    /// - Throws: `Errno` when a file cannot be created.
    package init(directory: FilePath) throws {
        for file in WorldFile.allCases {
            files[file] = try FileDescriptor.open(
                directory.appending(file.rawValue), .writeOnly,
                options: [.create, .truncate], permissions: [.ownerReadWrite, .groupRead])
        }
    }

    deinit {
        for file in files.values { try? file.close() }
    }

    /// Holds the line back until there is enough to write.
    package func write(_ line: [UInt8], to file: WorldFile) throws {
        buffers[file, default: []].append(contentsOf: line)
        buffers[file, default: []].append(UInt8(ascii: "\n"))
        if buffers[file, default: []].count >= Self.bufferBytesMax { try flush(file) }
    }

    /// Writes what is held back and closes the files.
    ///
    /// - Throws: `Errno` when the disk refuses.
    package func finish() throws {
        for file in WorldFile.allCases { try flush(file) }
        for file in WorldFile.allCases { try files.removeValue(forKey: file)?.close() }
    }

    private func flush(_ file: WorldFile) throws {
        guard let descriptor = files[file] else { return }
        let bytes = buffers[file] ?? []
        buffers[file]?.removeAll(keepingCapacity: true)
        try descriptor.writeAll(bytes)
    }
}
