import ParryDomain
import Testing

@testable import ParryDelivery

@Suite("Where webhooks may go")
struct WebhookTargetTests {
    @Test(
        "Private and special addresses are refused",
        arguments: [
            "127.0.0.1", "127.255.255.255", "10.1.2.3", "172.16.0.1", "172.31.255.255",
            "192.168.0.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "0.0.0.0",
            "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
            "203.0.113.9", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1",
            "fd12::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1",
            "2002:a00:1::", "2001:db8::1", "2001::1", "::7f00:1", "fec0::1",
        ])
    func refused(_ text: String) async throws {
        let address = try await address(text)
        #expect(!WebhookTargets().allows(address))
        #expect(WebhookTargets(allowsPrivate: true).allows(address))
    }

    @Test(
        "Public addresses are allowed",
        arguments: [
            "8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255",
            "100.128.0.1", "192.167.255.255", "198.17.255.255", "223.255.255.255",
            "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808",
        ])
    func allowed(_ text: String) async throws {
        #expect(WebhookTargets().allows(try await address(text)))
    }

    @Test(
        "Host and port are read from the URL",
        arguments: [
            ("https://example.com/x", "example.com", 443), ("https://a.b:8443", "a.b", 8_443),
            ("https://[::1]:9/x", "::1", 9), ("https://[2001:db8::1]", "2001:db8::1", 443),
            ("https://example.com?x:1", "example.com", 443),
        ])
    func targets(_ url: String, _ host: String, _ port: Int) throws {
        let target = try WebhookTarget(url: url, .any)
        #expect(target.host == host)
        #expect(target.port == port)
    }

    private func address(_ text: String) async throws -> IPAddress {
        let target = try WebhookTarget(
            url: "https://\(text.contains(":") ? "[\(text)]" : text)/", .any)
        let addresses = await withCheckedContinuation { continuation in
            HostResolver().find(target) { continuation.resume(returning: $0) }
        }
        return try #require(addresses.first)
    }
}
