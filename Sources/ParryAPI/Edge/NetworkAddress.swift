package import Hummingbird

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An IP address of either version as 16 bytes; IPv4 is mapped into IPv6.
struct NetworkAddress: Sendable, Hashable {
    let bytes: [UInt8]
    let isIPv4: Bool

    /// - Returns: nil for a text that is no address.
    init?(_ text: some StringProtocol) {
        let text = String(text)
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(bytes: Self.mappingPrefix + four)
            return
        }
        var sixteen = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &sixteen) == 1 else { return nil }
        self.init(bytes: sixteen)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
        isIPv4 = bytes.starts(with: Self.mappingPrefix)
    }

    /// As people write it.
    var text: String {
        var buffer = [CChar](repeating: 0, count: 64)
        let source = isIPv4 ? Array(bytes.dropFirst(12)) : bytes
        guard inet_ntop(isIPv4 ? AF_INET : AF_INET6, source, &buffer, 64) != nil else { return "" }
        return String(
            decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// What one client is counted by: its IPv4 address, or the first half of its IPv6 address, since one
    /// host has a whole network of those.
    var clientNetwork: ArraySlice<UInt8> { isIPv4 ? bytes[...] : bytes.prefix(8) }

    private static let mappingPrefix = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
}

/// The reverse proxies whose word on a client's address is believed.
package struct TrustedProxies: Sendable {
    private struct Network: Sendable {
        let address: NetworkAddress
        let bits: Int

        func holds(_ other: NetworkAddress) -> Bool {
            let whole = bits / 8
            guard other.bytes.prefix(whole) == address.bytes.prefix(whole) else { return false }
            guard bits % 8 > 0 else { return true }
            let mask = UInt8.max << UInt8(8 - bits % 8)
            return other.bytes[whole] & mask == address.bytes[whole] & mask
        }
    }

    private let networks: [Network]

    /// None: the peer of a connection is the client.
    package static let none = TrustedProxies(networks: [])

    private init(networks: [Network]) {
        self.networks = networks
    }

    /// Addresses (`10.0.0.7`) and networks (`10.0.0.0/8`, `fd00::/8`).
    ///
    /// - Returns: nil when one of them is neither.
    package init?(_ texts: [String]) {
        var networks: [Network] = []
        for text in texts {
            guard let network = Self.network(text) else { return nil }
            networks.append(network)
        }
        self.init(networks: networks)
    }

    private static func network(_ text: String) -> Network? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = NetworkAddress(parts[0]) else { return nil }
        let width = address.isIPv4 ? 32 : 128
        guard parts.count == 2 else { return Network(address: address, bits: 128) }
        guard let bits = Int(parts[1]), (0...width).contains(bits) else { return nil }
        return Network(address: address, bits: 128 - width + bits)
    }

    /// The address of the client: the peer, or, where the peer is a trusted proxy, the last address of
    /// `X-Forwarded-For` that is not one. What stands before that could be the client's invention.
    func client(peer: NetworkAddress, forwardedFor: String?) -> NetworkAddress {
        var client = peer
        let hops = forwardedFor?.split(separator: ",").reversed() ?? []
        for hop in hops {
            guard isTrusted(client) else { break }
            guard let next = NetworkAddress(hop.filter { $0 != " " && $0 != "\t" }) else { break }
            client = next
        }
        return client
    }

    /// The address of who asks, as text for people; empty in tests without a socket.
    package func clientText(of request: Request, _ context: APIContext) -> String {
        guard let peer = context.peer else { return "" }
        return client(peer: peer, forwardedFor: request.headers[.xForwardedFor]).text
    }

    private func isTrusted(_ address: NetworkAddress) -> Bool {
        networks.contains { $0.holds(address) }
    }
}
