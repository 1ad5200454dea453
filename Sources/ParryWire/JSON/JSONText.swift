/// Decodes what the parser has already found to be well formed.
enum JSONText {
    /// The bytes between the quotes of a string node.
    @inline(__always)
    static func content(
        _ bytes: UnsafeBufferPointer<UInt8>, _ node: JSONNode
    ) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[Int(node.start) + 1..<node.end - 1])
    }

    static func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ node: JSONNode) -> String {
        let content = content(bytes, node)
        guard node.flags.contains(.escaped) else { return String(decoding: content, as: UTF8.self) }
        return String(unsafeUninitializedCapacity: content.count) { unescape(content, into: $0) }
    }

    /// Compares a member name; only an escaped one has to be decoded for it.
    @inline(__always)
    static func matches(
        _ bytes: UnsafeBufferPointer<UInt8>, _ node: JSONNode, _ name: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard !node.flags.contains(.escaped) else {
            return decode(bytes, node).utf8.elementsEqual(name)
        }
        guard Int(node.length) == name.count + 2 else { return false }
        let start = Int(node.start) + 1
        for offset in 0..<name.count where bytes[start + offset] != name[offset] { return false }
        return true
    }

    /// Accumulates below zero, where the range is one wider, so that the minimum fits.
    static func integer(_ bytes: UnsafeBufferPointer<UInt8>, _ node: JSONNode) -> Int64 {
        var position = Int(node.start)
        let isNegative = bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        var value: Int64 = 0
        while position < node.end {
            value = value &* 10 &- Int64(bytes[position] &- UInt8(ascii: "0"))
            position += 1
        }
        return isNegative ? value : 0 &- value
    }

    private static func unescape(
        _ content: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        var at = 0
        var length = 0
        while at < content.count {
            guard content[at] == UInt8(ascii: "\\") else {
                output[length] = content[at]
                at += 1
                length += 1
                continue
            }
            let (scalar, consumed) = escapedScalar(content, at: at)
            at += consumed
            for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                output[length] = byte
                length += 1
            }
        }
        return length
    }

    private static func escapedScalar(
        _ content: UnsafeBufferPointer<UInt8>, at offset: Int
    ) -> (scalar: Unicode.Scalar, consumed: Int) {
        switch content[offset + 1] {
        case UInt8(ascii: "b"): return ("\u{08}", 2)
        case UInt8(ascii: "f"): return ("\u{0C}", 2)
        case UInt8(ascii: "n"): return ("\n", 2)
        case UInt8(ascii: "r"): return ("\r", 2)
        case UInt8(ascii: "t"): return ("\t", 2)
        case UInt8(ascii: "u"): return unicodeScalar(content, at: offset)
        default: return (Unicode.Scalar(content[offset + 1]), 2)
        }
    }

    private static func unicodeScalar(
        _ content: UnsafeBufferPointer<UInt8>, at offset: Int
    ) -> (scalar: Unicode.Scalar, consumed: Int) {
        let high = JSONBytes.escapedUnit(content, at: offset) ?? 0xFFFD
        if let scalar = Unicode.Scalar(high) { return (scalar, 6) }
        let low = JSONBytes.escapedUnit(content, at: offset + 6) ?? 0xDC00
        let value = 0x10000 + (high & 0x3FF) << 10 + (low & 0x3FF)
        return (Unicode.Scalar(value) ?? "\u{FFFD}", 12)
    }
}
