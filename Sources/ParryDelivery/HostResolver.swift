import NIOCore
import NIOPosix
import ParryDomain

/// Finds the addresses of a host.
protocol HostResolving: Sendable {
    /// Every address of the host, the preferred first.
    ///
    /// - Throws: When there is none.
    func addresses(of host: String, port: Int) async throws -> [IPAddress]
}

/// Asks the system, away from the event loops, because its resolver blocks.
struct HostResolver: HostResolving {
    private let pool: NIOThreadPool

    init(pool: NIOThreadPool = .singleton) {
        self.pool = pool
    }

    /// Every address of the host, in the system's order of preference.
    ///
    /// - Throws: A `SocketAddressError` when there is none.
    func addresses(of host: String, port: Int) async throws -> [IPAddress] {
        try await pool.runIfActive {
            try Self.lookUp(host, port: port)
        }
    }

    private static func lookUp(_ host: String, port: Int) throws -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0, let list else {
            throw WebhookFailure.unknownHost
        }
        defer { freeaddrinfo(list) }
        return sequence(first: list, next: { $0.pointee.ai_next }).compactMap { entry in
            address(entry.pointee)
        }
    }

    private static func address(_ info: addrinfo) -> IPAddress? {
        switch info.ai_family {
        case AF_INET:
            info.ai_addr.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin_addr) { IPAddress(bytes: Array($0)) }
            }
        case AF_INET6:
            info.ai_addr.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin6_addr) { IPAddress(bytes: Array($0)) }
            }
        default: nil
        }
    }
}
