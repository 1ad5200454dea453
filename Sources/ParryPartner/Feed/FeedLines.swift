/// Cuts a file into records: lines of JSON, or rows of CSV behind a header.
///
/// At most a chunk and one record are in memory, however long the file.
package struct FeedLines: Sendable {
    /// The names of the columns; empty for JSON.
    package private(set) var header: [String] = []

    private var buffer: FeedBuffer
    /// Nil for JSON.
    private let separator: UInt8?
    /// The number of the next line.
    private var line = 1

    /// Lines of JSON.
    package init(jsonLines source: FeedSource) {
        buffer = FeedBuffer(source)
        separator = nil
    }

    /// Rows of CSV; the first one, which is read at once, names the columns.
    package init(csv source: FeedSource, separator: UInt8) throws(FeedProblem) {
        buffer = FeedBuffer(source)
        self.separator = separator
        header = try readHeader(separator)
    }

    /// Bytes consumed so far, for progress.
    package var offset: Int64 { buffer.offset }

    /// The next record, or nil at the end. Empty lines are skipped.
    package mutating func next() throws(FeedProblem) -> FeedRecord? {
        guard let separator else { return try nextLine() }
        return try nextRow(separator)
    }

    private mutating func nextLine() throws(FeedProblem) -> FeedRecord? {
        while try buffer.fill() {
            let first = line
            var scan = FeedLineScan()
            var isEnd = false
            while !isEnd, try buffer.fill() {
                let start = buffer.position
                let result = buffer.bytes.withUnsafeBufferPointer { scan.take($0, from: start) }
                buffer.position = result.position
                isEnd = result.isEnd
            }
            line += 1
            scan.finish()
            if scan.isBlank { continue }
            return FeedRecord(
                line: first, offset: buffer.offset, content: scan.content, ends: [],
                fault: scan.isTooLong ? .tooLong(quoteLine: nil) : nil)
        }
        return nil
    }

    private mutating func nextRow(_ separator: UInt8) throws(FeedProblem) -> FeedRecord? {
        while try buffer.fill() {
            let first = line
            var scan = FeedRowScan(separator: separator)
            var isEnd = false
            while !isEnd, try buffer.fill() {
                let start = buffer.position
                let result = buffer.bytes.withUnsafeBufferPointer { scan.take($0, from: start) }
                buffer.position = result.position
                isEnd = result.isEnd
            }
            let isUnclosed = !isEnd && scan.isInQuotes
            if !isEnd { scan.finish() }
            line += 1 + scan.innerLines
            if scan.isBlank { continue }
            let fault = fault(of: scan, at: first, isUnclosed: isUnclosed)
            return FeedRecord(
                line: first, offset: buffer.offset,
                content: fault?.keepsContent ?? true ? scan.content : [],
                ends: fault?.keepsContent ?? true ? scan.ends : [], fault: fault)
        }
        return nil
    }

    private func fault(
        of scan: FeedRowScan, at first: Int, isUnclosed: Bool
    ) -> FeedRecord.Fault? {
        let quoteLine = scan.quoteLine.map { first + $0 }
        if isUnclosed { return .unclosedQuote(line: quoteLine ?? first) }
        if scan.isTooLong { return .tooLong(quoteLine: quoteLine) }
        if scan.hasTextBehindQuote { return .textBehindQuote }
        guard header.isEmpty || scan.ends.count == header.count else {
            return .fieldCount(found: scan.ends.count, expected: header.count)
        }
        return nil
    }

    private mutating func readHeader(_ separator: UInt8) throws(FeedProblem) -> [String] {
        guard let row = try nextRow(separator) else {
            throw FeedProblem("The file is empty. Its first row has to name the columns.")
        }
        if row.fault != nil {
            throw FeedProblem(
                "The header cannot be read: a quote in it is not closed, has text behind it, or "
                    + "the row is longer than 1 MiB. Check the separator and the quotes.",
                line: row.line)
        }
        return try row.fields.map { field throws(FeedProblem) in
            guard let name = String(validating: field, as: UTF8.self) else {
                throw FeedProblem(
                    "The header is not UTF-8. Save the file as UTF-8.", line: row.line)
            }
            return String(name.trimmingBlanks)
        }
    }
}

extension FeedRecord.Fault {
    /// Whether the fields can still be told apart.
    fileprivate var keepsContent: Bool {
        if case .fieldCount = self { true } else { false }
    }
}

/// A line in the making, fed chunk by chunk.
struct FeedLineScan {
    private(set) var content: [UInt8] = []
    private(set) var isTooLong = false

    /// Takes bytes from `start` on until the line ends; gives where it stopped, and whether it ended.
    mutating func take(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> (position: Int, isEnd: Bool) {
        var position = start
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        append(UnsafeBufferPointer(rebasing: bytes[start..<position]))
        return position < bytes.count ? (position + 1, true) : (position, false)
    }

    /// The carriage return of the line's end is no part of it.
    mutating func finish() {
        if content.last == UInt8(ascii: "\r") { content.removeLast() }
    }

    var isBlank: Bool { !isTooLong && content.allSatisfy { $0 == 0x20 || $0 == 0x09 } }

    private mutating func append(_ run: UnsafeBufferPointer<UInt8>) {
        guard !isTooLong else { return }
        content.append(contentsOf: run)
        // One more, for the carriage return of the line's end.
        guard content.count > FeedLimits.recordBytesMax + 1 else { return }
        isTooLong = true
        content = []
    }
}

extension String {
    /// Without spaces and tabs at either end.
    var trimmingBlanks: Substring {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        guard let start = firstIndex(where: { !isBlank($0) }),
            let end = lastIndex(where: { !isBlank($0) })
        else { return "" }
        return self[start...end]
    }
}
