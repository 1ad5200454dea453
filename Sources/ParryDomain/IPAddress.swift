#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An IP address as its bytes: 4 or 16.
package struct IPAddress: Sendable, Hashable {
    let bytes: [UInt8]
    /// The address in text, for the connection.
    package let text: String

    /// - Parameter bytes: 4 or 16, the first one first; nil for any other number.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return nil }
        self.text = String(
            decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Reads what a resolver takes for an address without asking anybody: IPv6 without its brackets, and
    /// IPv4 of one to four parts, each decimal, octal (`0177`) or hexadecimal (`0x7f`).
    ///
    /// - Returns: nil for a name.
    package init?(literal host: String) {
        var six = in6_addr()
        if inet_pton(AF_INET6, host, &six) == 1 {
            self.init(bytes: withUnsafeBytes(of: six) { Array($0) })
            return
        }
        var four = in_addr()
        guard inet_aton(host, &four) != 0 else { return nil }
        self.init(bytes: withUnsafeBytes(of: four) { Array($0) })
    }

    /// Whether it is anything but a public unicast address (IANA special-purpose address registries).
    package var isSpecial: Bool {
        bytes.count == 4 ? Self.isSpecial(v4: bytes) : isSpecialV6
    }

    private var isSpecialV6: Bool {
        if let embedded = embeddedV4, Self.isSpecial(v4: embedded) { return true }
        if isMapped { return false }
        // Global unicast is 2000::/3; all else is loopback, unique local, link local, multicast, …
        guard bytes[0] & 0xE0 == 0x20 else { return true }
        return Self.specialV6.contains { $0.contains(bytes) }
    }

    /// Whether it stands for an IPv4 address: mapped, compatible, or behind NAT64 (RFC 4291, RFC 6052).
    private var isMapped: Bool {
        let zeros = bytes.prefix(10).allSatisfy { $0 == 0 }
        return zeros && bytes[10] == bytes[11] && (bytes[10] == 0xFF || bytes[10] == 0)
            || Block(bytes: [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0], bits: 96).contains(
                bytes)
    }

    /// The IPv4 address inside: of one that stands for it, of 6to4 (RFC 3056), or of ISATAP (RFC 5214).
    private var embeddedV4: [UInt8]? {
        if isMapped { return Array(bytes[12...]) }
        if bytes[0] == 0x20, bytes[1] == 0x02 { return Array(bytes[2..<6]) }
        let isISATAP = bytes[8] & 0xFD == 0 && bytes[9...11].elementsEqual([0x00, 0x5E, 0xFE])
        return isISATAP ? Array(bytes[12...]) : nil
    }

    private static func isSpecial(v4 bytes: [UInt8]) -> Bool {
        specialV4.contains { $0.contains(bytes) }
    }

    /// A range of addresses by its leading bits.
    private struct Block: Sendable {
        let bytes: [UInt8]
        let bits: Int

        func contains(_ address: [UInt8]) -> Bool {
            let whole = bits / 8
            guard address.prefix(whole).elementsEqual(bytes.prefix(whole)) else { return false }
            let rest = bits % 8
            return rest == 0 || (address[whole] ^ bytes[whole]) >> (8 - rest) == 0
        }
    }

    private static let specialV4 = [
        Block(bytes: [0], bits: 8), Block(bytes: [10], bits: 8),
        Block(bytes: [100, 64], bits: 10), Block(bytes: [127], bits: 8),
        Block(bytes: [169, 254], bits: 16), Block(bytes: [172, 16], bits: 12),
        Block(bytes: [192, 0, 0], bits: 24), Block(bytes: [192, 0, 2], bits: 24),
        Block(bytes: [192, 88, 99], bits: 24), Block(bytes: [192, 168], bits: 16),
        Block(bytes: [198, 18], bits: 15), Block(bytes: [198, 51, 100], bits: 24),
        Block(bytes: [203, 0, 113], bits: 24), Block(bytes: [224], bits: 3),
    ]

    private static let specialV6 = [
        Block(bytes: [0x20, 0x01, 0x00], bits: 23),
        Block(bytes: [0x20, 0x01, 0x0D, 0xB8], bits: 32),
        Block(bytes: [0x3F, 0xFF, 0x00], bits: 20),
    ]
}
