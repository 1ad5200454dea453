/// The chunk of a feed that is being read, and how far.
struct FeedBuffer: Sendable {
    private var source: FeedSource
    private(set) var bytes: [UInt8] = []
    /// The next byte of the chunk.
    var position = 0
    /// Bytes of the chunks before this one.
    private var bytesBefore: Int64 = 0
    private var isStarted = false
    private var isEnded = false

    init(_ source: FeedSource) {
        self.source = source
    }

    /// Bytes consumed so far.
    var offset: Int64 { bytesBefore + Int64(position) }

    /// Makes sure that there is a byte to read; false at the end.
    mutating func fill() throws(FeedProblem) -> Bool {
        if !isStarted { try start() }
        guard position == bytes.count else { return true }
        guard !isEnded else { return false }
        bytesBefore += Int64(bytes.count)
        position = 0
        bytes = try source.chunk()
        isEnded = bytes.isEmpty
        return !isEnded
    }

    /// Skips the byte order mark of UTF-8 and refuses files in UTF-16, as spreadsheets may save them.
    private mutating func start() throws(FeedProblem) {
        isStarted = true
        while bytes.count < 3, !isEnded {
            let more = try source.chunk()
            isEnded = more.isEmpty
            bytes.append(contentsOf: more)
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw FeedProblem("The file is UTF-16. Save it as UTF-8.")
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }
}
