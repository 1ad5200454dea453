import Testing

@testable import ParryAPI

@Suite("Who a request comes from")
struct NetworkAddressTests {
    private func client(_ peer: String, _ forwarded: String?, trusting: [String]) throws -> String {
        let proxies = try #require(TrustedProxies(trusting))
        let peer = try #require(NetworkAddress(peer))
        let client = proxies.client(peer: peer, forwardedFor: forwarded)
        return client.clientNetwork.map(String.init).joined(separator: ".")
    }

    private func network(_ text: String) throws -> String { try client(text, nil, trusting: []) }

    @Test(
        "The last address before the trusted proxies counts",
        arguments: [
            ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("10.0.0.7", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.7", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
            ("10.0.0.7", "6.6.6.6, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
            ("10.0.0.7", "nonsense", "10.0.0.7"),
            ("10.0.0.7", "198.51.100.1, nonsense, 10.1.2.3", "10.1.2.3"),
            ("10.0.0.7", "", "10.0.0.7"), ("fd00::1", "2001:db8::1", "2001:db8::1"),
            ("::ffff:10.0.0.7", " 198.51.100.1 ", "198.51.100.1"),
        ])
    func forwarded(_ peer: String, _ header: String, _ expected: String) throws {
        let found = try client(peer, header, trusting: ["10.0.0.0/8", "fd00::/8"])
        #expect(try found == network(expected))
    }

    @Test("One IPv6 network is one client, two IPv4 addresses are two")
    func networks() throws {
        #expect(try network("2001:db8::1") == network("2001:db8::2"))
        #expect(try network("2001:db8::1") != network("2001:db8:0:1::1"))
        #expect(try network("192.0.2.1") != network("192.0.2.2"))
        #expect(try network("192.0.2.1") == network("::ffff:192.0.2.1"))
    }

    @Test(
        "A text that is neither an address nor a network is refused",
        arguments: [
            "", "10.0.0", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "a/8", "10.0.0.0/8/8", "/8",
        ])
    func refused(_ text: String) {
        #expect(TrustedProxies([text]) == nil)
    }
}
