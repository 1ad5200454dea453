/// Judges strings of the closed set of patterns, byte by byte.
enum TextFormat {
    static func matches(_ text: UnsafeBufferPointer<UInt8>, _ pattern: Pattern) -> Bool {
        guard pattern.length ~= text.count else { return false }
        return switch pattern {
        case .digits: text.allSatisfy(isDigit)
        case .alphanumeric: text.allSatisfy(isAlphanumeric)
        case .hexadecimal: text.allSatisfy { JSONBytes.hexadecimal($0) != nil }
        case .token: text.allSatisfy { isAlphanumeric($0) || isMark($0) }
        }
    }

    /// Whether there is nothing but white space, of any script.
    static func isBlank(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        String(decoding: text, as: UTF8.self).unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }

    @inline(__always)
    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") <= 25
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    static func equals(_ text: UnsafeBufferPointer<UInt8>, _ word: String) -> Bool {
        var word = word
        return word.withUTF8 { word in
            guard word.count == text.count else { return false }
            for position in 0..<text.count where text[position] != word[position] { return false }
            return true
        }
    }
}

/// Judges e-mail addresses: `local@domain`, without quoting or comments.
enum EmailFormat {
    static func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard 3...254 ~= text.count, let at = text.lastIndex(of: UInt8(ascii: "@")) else {
            return false
        }
        return isLocal(text[..<at]) && isDomain(text[(at + 1)...])
    }

    private static func isLocal(_ part: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        guard 1...64 ~= part.count, part.first != UInt8(ascii: "."),
            part.last != UInt8(ascii: ".")
        else { return false }
        var previous: UInt8 = 0
        for byte in part {
            if byte == UInt8(ascii: "."), previous == byte { return false }
            guard isLocalByte(byte) else { return false }
            previous = byte
        }
        return true
    }

    /// Letters of any script are allowed (RFC 6531), ASCII only as far as it needs no quoting.
    private static func isLocalByte(_ byte: UInt8) -> Bool {
        byte >= 0x80 || TextFormat.isAlphanumeric(byte) || localMarks.contains(byte)
    }

    private static let localMarks = ByteSet(".!#$%&'*+-/=?^_`{|}~")

    private static func isDomain(_ part: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        part.partCount(separator: ".", where: HostFormat.isLabel).map { $0 >= 2 } ?? false
    }
}
