/// Judges absolute http and https URLs.
enum URLFormat {
    private static let lengthMax = 2_048

    static func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count <= lengthMax, text.allSatisfy(isAllowed), let start = authority(text)
        else { return false }
        let rest = text[start...]
        let end = rest.firstIndex(where: hostEnds.contains) ?? text.endIndex
        return HostFormat.isHostAndPort(UnsafeBufferPointer(rebasing: text[start..<end]))
    }

    /// Printable ASCII but for what RFC 3986 wants percent-encoded.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && !refused.contains(byte)
    }

    private static let refused = ByteSet("\"<>\\^`{|}")
    private static let hostEnds = ByteSet("/?#")

    /// Where the host starts, or nil when the scheme is neither http nor https.
    private static func authority(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        for scheme in ["http://", "https://"] {
            let length = scheme.utf8.count
            guard text.count > length else { continue }
            let matches = zip(text, scheme.utf8).allSatisfy { $0 == $1 || $0 | 0x20 == $1 }
            if matches { return length }
        }
        return nil
    }
}

/// Judges the host names of URLs and e-mail addresses.
enum HostFormat {
    /// `host`, `host:port` or `[IPv6]:port`; user information is refused, it would be a secret.
    static func isHostAndPort(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.first == UInt8(ascii: "[") else {
            let colon = text.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
            return isHost(text[..<colon]) && isPort(text[colon...])
        }
        guard let end = text.firstIndex(of: UInt8(ascii: "]")) else { return false }
        let address = UnsafeBufferPointer(rebasing: text[1..<end])
        return AddressFormat.isIPv6(address) && isPort(text[(end + 1)...])
    }

    private static func isHost(_ part: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        1...253 ~= part.count && part.partCount(separator: ".", where: isLabel) != nil
    }

    static func isLabel(_ label: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let dash = UInt8(ascii: "-")
        return 1...63 ~= label.count && label.first != dash && label.last != dash
            && label.allSatisfy { TextFormat.isAlphanumeric($0) || $0 == dash }
    }

    /// Nothing, or a colon and 1 to 65535.
    private static func isPort(_ part: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        guard let colon = part.first else { return true }
        let digits = part.dropFirst()
        guard colon == UInt8(ascii: ":"), 1...5 ~= digits.count,
            digits.allSatisfy(TextFormat.isDigit)
        else { return false }
        let port = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return 1...65_535 ~= port
    }
}
