/// A set of ASCII characters that is asked per byte.
struct ByteSet: Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(_ characters: StaticString) {
        characters.withUTF8Buffer { bytes in
            for byte in bytes {
                if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte & 63) }
            }
        }
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        guard byte < 0x80 else { return false }
        return (byte < 64 ? low : high) >> UInt64(byte & 63) & 1 == 1
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    /// The number of parts between separators, or nil when `isValid` refuses one of them.
    @inline(__always)
    func partCount(
        separator: Unicode.Scalar, where isValid: (Slice<UnsafeBufferPointer<UInt8>>) -> Bool
    ) -> Int? {
        let separator = UInt8(ascii: separator)
        var count = 0
        var start = startIndex
        for position in startIndex...endIndex
        where position == endIndex || self[position] == separator {
            guard isValid(self[start..<position]) else { return nil }
            count += 1
            start = position + 1
        }
        return count
    }
}
