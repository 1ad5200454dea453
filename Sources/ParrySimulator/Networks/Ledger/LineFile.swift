import Foundation

/// Reads a file line by line without taking it into memory.
struct LineFile {
    /// A line is longer than its bound.
    struct TooLong: Error {}

    private let file: FileHandle
    private let lineBytesMax: Int
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    /// Bytes of the lines that were returned, their ends included.
    private(set) var bytesRead: UInt64 = 0

    init(_ file: FileHandle, lineBytesMax: Int) {
        self.file = file
        self.lineBytesMax = lineBytesMax
    }

    /// Opens a file for reading.
    ///
    /// - Throws: An error of the file system.
    init(path: String, lineBytesMax: Int) throws {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        self.init(file, lineBytesMax: lineBytesMax)
    }

    /// The next line without its end; nil behind the last. What stands behind the last end is no
    /// line.
    ///
    /// - Throws: ``TooLong``, or an error of the file system.
    mutating func next() throws -> [UInt8]? {
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                let line = Array(buffer[position..<end])
                bytesRead += UInt64(end - position + 1)
                position = end + 1
                return line
            }
            guard !isAtEnd else { return nil }
            guard buffer.count - position <= lineBytesMax else { throw TooLong() }
            buffer.removeSubrange(..<position)
            position = 0
            searched = buffer.count
            try refill()
        }
    }

    /// What stands behind the last line's end, once ``next()`` has come there.
    var unfinished: [UInt8] { Array(buffer[position...]) }

    private mutating func refill() throws {
        let part = try file.read(upToCount: 256 * 1_024) ?? Data()
        isAtEnd = part.isEmpty
        buffer += part
    }

    /// Closes the file.
    func close() {
        try? file.close()
    }
}
