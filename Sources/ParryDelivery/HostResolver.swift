import NIOCore
import NIOPosix

/// Finds the addresses of a host, away from the event loops, because the system's resolver blocks.
struct HostResolver: Sendable {
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
                withUnsafeBytes(of: pointer.pointee.sin_addr) { IPAddress(family: AF_INET, $0) }
            }
        case AF_INET6:
            info.ai_addr.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin6_addr) { IPAddress(family: AF_INET6, $0) }
            }
        default: nil
        }
    }
}

extension IPAddress {
    fileprivate init?(family: Int32, _ raw: UnsafeRawBufferPointer) {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, raw.baseAddress, &text, socklen_t(text.count)) != nil else {
            return nil
        }
        let characters = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        self.init(bytes: Array(raw), text: String(decoding: characters, as: UTF8.self))
    }
}
