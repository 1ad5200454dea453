import NIOCore
import NIOPosix
import ParryDomain

/// Finds the addresses of a host.
protocol HostResolving: Sendable {
    /// Calls back once with every address of the host, the preferred first; with none when it has none, or when nobody
    /// can tell.
    func find(_ target: WebhookTarget, _ then: @escaping @Sendable ([IPAddress]) -> Void)
}

/// Asks the system, on threads of its own, because its resolver blocks.
struct HostResolver: HostResolving {
    /// Look-ups at the same time: beside those that anybody has, the few of eight tenants.
    private static let threads = HostLookUps.sharedMax + 8 * HostLookUps.perTenantMax

    private static let pool: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
        return pool
    }()

    func find(_ target: WebhookTarget, _ then: @escaping @Sendable ([IPAddress]) -> Void) {
        Self.pool.submit { _ in then(Self.lookUp(target)) }
    }

    private static func lookUp(_ target: WebhookTarget) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(target.host, String(target.port), &hints, &list) == 0, let list else {
            return []
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
