package import Hummingbird
import NIOCore
import ParryWire

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a request carries besides itself: the address it came from, for the limit on failed
/// authentications.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The peer's IPv4 address, or the first half of its IPv6 address, since one host has a whole
    /// network of those; nil in tests without a socket.
    package let peerNetwork: String?

    private static func network(_ address: String) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF
        return Hex.encode(isMapped ? bytes.suffix(4) : bytes.prefix(8))
    }

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peerNetwork = source.channel.remoteAddress?.ipAddress.map(Self.network)
    }
}
