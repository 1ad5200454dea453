/// Judges IP addresses in their text forms (RFC 4291; no zone, no leading zeros in IPv4).
enum AddressFormat {
    static func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        isIPv4(text[...]) || isIPv6(text)
    }

    private static func isIPv4(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        7...15 ~= text.count && text.partCount(separator: ".", where: isOctet) == 4
    }

    private static func isOctet(_ part: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        guard 1...3 ~= part.count, part.allSatisfy(TextFormat.isDigit) else { return false }
        guard part.count == 1 || part.first != UInt8(ascii: "0") else { return false }
        return part.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 255
    }

    static func isIPv6(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard 2...45 ~= text.count else { return false }
        guard let gap = gap(in: text) else { return groups(text[...], isLast: true) == 8 }
        guard let head = groups(text[..<gap], isLast: false),
            let tail = groups(text[(gap + 2)...], isLast: true)
        else { return false }
        return head + tail <= 7
    }

    /// Where the first `::` is; a second one leaves an empty group, which is refused.
    private static func gap(in text: UnsafeBufferPointer<UInt8>) -> Int? {
        let colon = UInt8(ascii: ":")
        return (0..<text.count - 1).first { text[$0] == colon && text[$0 + 1] == colon }
    }

    /// The number of 16-bit groups, an IPv4 tail counting two; nil when one is malformed.
    private static func groups(
        _ text: Slice<UnsafeBufferPointer<UInt8>>, isLast: Bool
    ) -> Int? {
        guard !text.isEmpty else { return 0 }
        var tail = 0
        let count = text.partCount(separator: ":") { part in
            if isLast, part.endIndex == text.endIndex, isIPv4(part) { tail = 1 }
            return tail == 1 || isGroup(part)
        }
        return count.map { $0 + tail }
    }

    private static func isGroup(_ part: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        1...4 ~= part.count && part.allSatisfy { JSONBytes.hexadecimal($0) != nil }
    }
}
