/// A row of CSV (RFC 4180) in the making, fed chunk by chunk.
///
/// A quote opens only at the start of a field; within an unquoted one it is a character like others.
struct FeedRowScan {
    private enum State { case fieldStart, unquoted, quoted, closed, closedReturn }

    private(set) var content: [UInt8] = []
    private(set) var ends: [Int] = []
    /// Line ends inside quotes.
    private(set) var innerLines = 0
    private(set) var isTooLong = false
    private(set) var hasTextBehindQuote = false
    /// How many lines below the first one the last quote was opened; nil where there was none.
    private(set) var quoteLine: Int?
    private let separator: UInt8
    private var state = State.fieldStart
    private var size = 0

    init(separator: UInt8) {
        self.separator = separator
        content.reserveCapacity(256)
        ends.reserveCapacity(32)
    }

    var isInQuotes: Bool { state == .quoted }

    /// Nothing but white space without quotes.
    var isBlank: Bool {
        ends.count == 1 && quoteLine == nil && !isTooLong
            && content.allSatisfy { $0 == 0x20 || $0 == 0x09 }
    }

    /// Takes bytes from `start` on until the row ends; gives where it stopped, and whether it ended.
    mutating func take(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> (position: Int, isEnd: Bool) {
        let separator = separator
        var position = start
        while position < bytes.count {
            let byte = bytes[position]
            switch state {
            case .fieldStart where byte == Self.quote:
                state = .quoted
                quoteLine = innerLines
                position += 1
            case .fieldStart, .unquoted:
                if state == .fieldStart { state = .unquoted }
                position = run(bytes, position) { $0 == separator || $0 == Self.lineFeed }
                guard position < bytes.count else { break }
                position += 1
                if endField(isLineEnd: bytes[position - 1] == Self.lineFeed) {
                    return end(start, position)
                }
            case .quoted:
                position = run(bytes, position) { $0 == Self.quote || $0 == Self.lineFeed }
                guard position < bytes.count else { break }
                inQuotes(bytes[position])
                position += 1
            case .closed, .closedReturn:
                if behindQuote(byte) { return end(start, position + 1) }
                position += 1
            }
        }
        count(position - start)
        return (position, false)
    }

    /// The file has ended: so has the last field.
    mutating func finish() {
        _ = endField(isLineEnd: true)
    }

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private mutating func end(_ start: Int, _ position: Int) -> (position: Int, isEnd: Bool) {
        count(position - start)
        return (position, true)
    }

    /// Takes all bytes up to one that means something.
    @inline(__always)
    private mutating func run(
        _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, until isSpecial: (UInt8) -> Bool
    ) -> Int {
        var position = start
        while position < bytes.count, !isSpecial(bytes[position]) { position += 1 }
        append(UnsafeBufferPointer(rebasing: bytes[start..<position]))
        return position
    }

    private mutating func inQuotes(_ byte: UInt8) {
        guard byte == Self.lineFeed else {
            state = .closed
            return
        }
        innerLines += 1
        append(byte)
    }

    /// Judges a byte behind a closing quote; true when it ends the row.
    private mutating func behindQuote(_ byte: UInt8) -> Bool {
        if byte == Self.lineFeed { return endField(isLineEnd: true) }
        guard state == .closed else {
            state = .unquoted
            hasTextBehindQuote = true
            return byte == separator && endField(isLineEnd: false)
        }
        switch byte {
        case Self.quote:
            append(byte)
            state = .quoted
        case Self.carriageReturn: state = .closedReturn
        case separator: _ = endField(isLineEnd: false)
        default:
            hasTextBehindQuote = true
            state = .unquoted
        }
        return false
    }

    /// Closes a field; of the last one the carriage return of the line's end is no part.
    private mutating func endField(isLineEnd: Bool) -> Bool {
        if isLineEnd, state == .unquoted, content.count > (ends.last ?? 0),
            content.last == Self.carriageReturn
        {
            content.removeLast()
        }
        if !isTooLong { ends.append(content.count) }
        state = .fieldStart
        return isLineEnd
    }

    private mutating func append(_ byte: UInt8) {
        if !isTooLong { content.append(byte) }
    }

    @inline(__always)
    private mutating func append(_ run: UnsafeBufferPointer<UInt8>) {
        guard !isTooLong else { return }
        content.append(contentsOf: run)
    }

    /// Counts what was consumed, and lets go of a row that is too long to be one.
    private mutating func count(_ bytes: Int) {
        size += bytes
        guard size > FeedLimits.recordBytesMax, !isTooLong else { return }
        isTooLong = true
        content = []
        ends = []
    }
}
