import Foundation

/// The ledger as JSON lines, only ever appended to.
///
/// A crash in the middle of a write leaves the beginning of a line: it is cut off at the next
/// start, since nobody was answered for it. Lines are not forced to the disk: the file survives the
/// process, not the machine.
final class LedgerFile {
    /// The file is there and is something else; it is left as it was.
    struct NotALedger: Error {}

    /// How every line begins.
    private static let beginning = Array(#"{"sequence":"#.utf8)

    private let file: FileHandle

    /// Opens or makes a file and hands over what is in it, in order.
    ///
    /// - Throws: An error of the file system; ``NotALedger``; ``LineFile/TooLong`` for a file that
    ///   is none either.
    init(_ path: String, restore: (LedgerEntry) -> Void) throws {
        let url = URL(fileURLWithPath: path)
        if !FileManager.default.fileExists(atPath: url.path) { try Data().write(to: url) }
        file = try FileHandle(forUpdating: url)
        var lines = LineFile(file, lineBytesMax: 2 * SimulatorLimits.controlBytesMax)
        while let line = try lines.next() {
            guard let entry = LedgerEntry(line: line) else { throw NotALedger() }
            restore(entry)
        }
        let torn = lines.unfinished.prefix(Self.beginning.count)
        guard torn.elementsEqual(Self.beginning.prefix(torn.count)) else { throw NotALedger() }
        try file.truncate(atOffset: lines.bytesRead)
        try file.seekToEnd()
    }

    /// Appends entries in one write.
    ///
    /// - Throws: An error of the file system.
    func append(_ entries: [LedgerEntry]) throws {
        try file.write(contentsOf: Data(entries.flatMap(\.line)))
    }

    deinit {
        try? file.close()
    }
}
