import ParryWire
import Testing

@Suite("Ids")
struct IdentifierTests {
    @Test("An id carries its slot", arguments: [0, 1, 77, 4_095])
    func slots(_ slot: Int) throws {
        let id = OrderID.make(at: Timestamp(milliseconds: 1_771_322_400_000), slot: slot)
        #expect(id.slot == slot)
        #expect(try #require(OrderID(id.text)).slot == slot)
        #expect(id.text.hasPrefix("ord_"))
        #expect(id.text.utf8.count == 26)
    }

    @Test("Ids of later milliseconds sort after earlier ones, whatever their slots")
    func order() {
        let times = (0..<200).map { Timestamp(milliseconds: 1_771_322_400_000 + $0 * 37) }
        let ids = times.map { OrderID.make(at: $0, slot: Int.random(in: 0...4_095)).text }
        #expect(ids == ids.sorted())
    }

    @Test("No two ids of one millisecond and slot are the same")
    func unique() {
        let ids = (0..<10_000).map { _ in AlertID.make(at: Timestamp(milliseconds: 1), slot: 3) }
        #expect(Set(ids).count == ids.count)
    }

    @Test(
        "A text that cannot be an id is none",
        arguments: [
            "", "ord_", "ord_abc123", "org_1ChF7qa43V4R5Wou2jqsaT", "ord_1ChF7qa43V4R5Wou2jqsa0",
            "ord_1ChF7qa43V4R5Wou2jqsaTT", "ord_zzzzzzzzzzzzzzzzzzzzzz",
            "ORD_1ChF7qa43V4R5Wou2jqsaT",
        ])
    func malformed(_ text: String) {
        #expect(OrderID(text) == nil)
    }
}

@Suite("Webhook signatures")
struct WebhookSignatureTests {
    private let signature = WebhookSignature(secret: "whsec_test")
    private let body = Array(#"{"id":"evt_1"}"#.utf8)
    private let now = Timestamp(milliseconds: 1_771_322_400_123)

    /// Made with `printf '1771322400.{"id":"evt_1"}' | openssl dgst -sha512 -hmac whsec_test`.
    private let known =
        "t=1771322400,v1=46f480b1b13f7c8c11afa714d2f49da26fa16586e7e25b7c35b6cb981fa51d4d"
        + "7c009ec6094368fdb165084d94c30a86d4bbab25dea58c4105e4b2164ec2066b"

    @Test("A header is the time in seconds and 128 hexadecimal digits")
    func form() {
        let header = signature.header(for: body, at: now)
        #expect(header.hasPrefix("t=1771322400,v1="))
        #expect(header.utf8.count == "t=1771322400,v1=".utf8.count + 128)
        #expect(header == known)
    }

    @Test("What was signed verifies; another body, secret or time does not")
    func verify() {
        let header = signature.header(for: body, at: now)
        #expect(signature.verify(header: header, body: body, now: now))
        #expect(!signature.verify(header: header, body: body + [0x20], now: now))
        let other = WebhookSignature(secret: "whsec_other")
        #expect(!other.verify(header: header, body: body, now: now))
        #expect(signature.verify(header: header, body: body, now: now.adding(seconds: 299)))
        #expect(!signature.verify(header: header, body: body, now: now.adding(seconds: 301)))
        #expect(!signature.verify(header: header, body: body, now: now.adding(seconds: -301)))
    }

    @Test("Of several signatures one that matches is enough")
    func several() {
        let header = signature.header(for: body, at: now)
        let wrong = "v1=" + String(repeating: "0", count: 128)
        let both = header.replacing("v1=", with: wrong + ",v1=")
        #expect(signature.verify(header: both, body: body, now: now))
        for broken in ["", "t=1771322400", wrong, "t=x,v1=00", "t=1771322400,v1=zz"] {
            #expect(!signature.verify(header: broken, body: body, now: now))
        }
    }
}
