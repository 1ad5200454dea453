extension JSONParser {
    mutating func string() throws(JSONError) {
        let start = at
        var flags: JSONNode.Flags = []
        at += 1
        while true {
            skipPlain()
            guard at < bytes.count else { throw failure("A string is not closed.") }
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                try escape(&flags)
            } else if byte >= 0x80 {
                try multibyte()
                flags.insert(.nonASCII)
            } else {
                throw failure("Control characters in strings have to be escaped.")
            }
        }
        at += 1
        try append(
            JSONNode(
                kind: .string, flags: flags, start: start, length: at - start,
                next: nodes.count + 1))
    }

    /// Moves to the next byte that is not plain ASCII text, eight bytes at a time.
    @inline(__always)
    private mutating func skipPlain() {
        let raw = UnsafeRawBufferPointer(bytes)
        while at + 8 <= raw.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let marks = JSONBytes.special(in: word)
            guard marks == 0 else {
                at += marks.trailingZeroBitCount / 8
                return
            }
            at += 8
        }
        while at < bytes.count, JSONBytes.isPlain(bytes[at]) { at += 1 }
    }

    private mutating func escape(_ flags: inout JSONNode.Flags) throws(JSONError) {
        flags.insert(.escaped)
        guard at + 1 < bytes.count else { throw failure("A string is not closed.") }
        switch bytes[at + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 2
        case UInt8(ascii: "u"):
            try unicodeEscape(&flags)
        default:
            throw failure("This escape does not exist in JSON.")
        }
    }

    private mutating func unicodeEscape(_ flags: inout JSONNode.Flags) throws(JSONError) {
        guard let unit = JSONBytes.escapedUnit(bytes, at: at) else {
            throw failure("A Unicode escape needs four hexadecimal digits.")
        }
        switch unit {
        case 0xD800..<0xDC00:
            guard let low = JSONBytes.escapedUnit(bytes, at: at + 6), 0xDC00..<0xE000 ~= low else {
                throw failure("A high surrogate has to be followed by a low one.")
            }
            at += 12
        case 0xDC00..<0xE000:
            throw failure("A low surrogate has to follow a high one.")
        default:
            at += 6
        }
        if unit == 0 { flags.insert(.holdsNul) }
        if unit >= 0x80 { flags.insert(.nonASCII) }
    }

    private mutating func multibyte() throws(JSONError) {
        let length = JSONBytes.sequenceLength(bytes, at: at)
        guard length > 0 else { throw failure("The body is not valid UTF-8.") }
        at += length
    }
}
