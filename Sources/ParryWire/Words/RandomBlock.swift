import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Random bits for ids, drawn from the system a block at a time: system calls for each single id were 4 %
/// of what an order costs. Ids are no secrets; keys and webhook secrets draw for themselves.
final class RandomBlock: Sendable {
    static let shared = RandomBlock()

    /// `getentropy` gives at most 256 bytes.
    private static let wordCount = 32
    private let words = Mutex<[UInt64]>([])

    /// Two words that nobody else gets.
    func next() -> (UInt64, UInt64) {
        words.withLock { words in
            if words.count < 2 { words = Self.draw() }
            return (words.removeLast(), words.removeLast())
        }
    }

    private static func draw() -> [UInt64] {
        var block = [UInt64](repeating: 0, count: wordCount)
        let isDrawn = block.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) == 0 }
        guard !isDrawn else { return block }
        var generator = SystemRandomNumberGenerator()
        return block.map { _ in generator.next() }
    }
}
