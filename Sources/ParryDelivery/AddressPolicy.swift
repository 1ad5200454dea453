/// Which addresses a webhook may be sent to. Private, local and special ranges are refused, so that an
/// endpoint's URL cannot reach into the operator's network (IANA special-purpose address registries).
package struct AddressPolicy: Sendable {
    private let allowsPrivate: Bool

    package init(allowsPrivate: Bool) {
        self.allowsPrivate = allowsPrivate
    }

    func allows(_ address: IPAddress) -> Bool {
        allowsPrivate || !address.isSpecial
    }
}

/// An IP address as its bytes: 4 or 16.
struct IPAddress: Sendable, Hashable {
    let bytes: [UInt8]
    /// The address in text, for the connection.
    let text: String

    /// Whether it is anything but a public unicast address.
    var isSpecial: Bool {
        bytes.count == 4 ? Self.isSpecial(v4: bytes) : isSpecialV6
    }

    private var isSpecialV6: Bool {
        if let embedded = embeddedV4 { return Self.isSpecial(v4: embedded) }
        // Global unicast is 2000::/3; all else is loopback, unique local, link local, multicast, …
        guard bytes[0] & 0xE0 == 0x20 else { return true }
        return Self.specialV6.contains { $0.contains(bytes) }
    }

    /// The IPv4 address inside a mapped, compatible, NAT64 or 6to4 address.
    private var embeddedV4: [UInt8]? {
        let zeros = bytes.prefix(10).allSatisfy { $0 == 0 }
        if zeros, bytes[10] == bytes[11], bytes[10] == 0xFF || bytes[10] == 0 {
            return Array(bytes[12...])
        }
        if Block(bytes: [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0], bits: 96).contains(bytes)
        {
            return Array(bytes[12...])
        }
        return bytes[0] == 0x20 && bytes[1] == 0x02 ? Array(bytes[2..<6]) : nil
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
