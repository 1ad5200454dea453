import ParryWire
import Testing

@testable import ParryClient

/// The codes were made by Python's `hmac`, not by the code under test.
@Suite("Signatures of webhooks")
struct WebhookVerifierTests {
    private static let body = Array(#"{"id":"evt_1","type":"alert.created"}"#.utf8)
    private static let time: Int64 = 1_771_322_400
    private static let code =
        "08cfb45b9e6ef86abb61926a8f8fdd8203cc1cd2cb0f3d03084821315a78a1e2"
        + "7ac23809fd15713da88984f4673bcf9446dc06305e65d6a04a6bb329c3303f02"
    private static let formerCode =
        "d02328ee27a0a90f54f75450ce2402cdf5177f5e41a3b7524fecca6dc5a2da0c"
        + "e8c8ca2a0b2e89cc021884d38f5a359bc9603575dff915fa320dc306b7cd1fc7"
    private static let verifier = WebhookVerifier(secret: "whsec_now")

    private static func at(_ offset: Int64) -> Timestamp {
        Timestamp(milliseconds: (time + offset) * 1_000)
    }

    private static func refusal(
        _ header: String?, body: [UInt8] = body, at offset: Int64 = 0,
        by verifier: WebhookVerifier = verifier
    ) -> WebhookRefusal? {
        do {
            try verifier.verify(body: body, signature: header, now: at(offset))
            return nil
        } catch {
            return error
        }
    }

    @Test("A signature of secret, time and body is let in")
    func valid() {
        #expect(Self.refusal("t=1771322400,v1=\(Self.code)") == nil)
        #expect(Self.refusal("t=1771322400,v1=\(Self.code.uppercased())") == nil)
    }

    @Test("Of several codes one has to be right")
    func several() {
        let wrong = String(repeating: "0", count: 128)
        #expect(Self.refusal("t=1771322400,v1=\(wrong),v1=\(Self.code)") == nil)
        #expect(Self.refusal("t=1771322400,v1=\(Self.code),v1=\(wrong)") == nil)
        #expect(Self.refusal("t=1771322400,v0=\(wrong),v1=\(Self.code),v2=x") == nil)
        #expect(Self.refusal("t=1771322400,v1=\(wrong),v1=\(wrong)") == .mismatched)
        #expect(Self.refusal("t=1771322400,v1=\(wrong),v2=\(Self.code)") == .mismatched)
    }

    @Test("While a secret is rotated the former one counts as well")
    func former() {
        let header = "t=1771322400,v1=\(Self.formerCode)"
        let both = WebhookVerifier(secret: "whsec_now", former: "whsec_before")
        #expect(Self.refusal(header, by: both) == nil)
        #expect(Self.refusal("t=1771322400,v1=\(Self.code)", by: both) == nil)
        #expect(Self.refusal(header) == .mismatched)
    }

    @Test("Up to 300 seconds between the clocks are allowed, both ways")
    func tolerance() {
        let header = "t=1771322400,v1=\(Self.code)"
        #expect(Self.refusal(header, at: 300) == nil)
        #expect(Self.refusal(header, at: -300) == nil)
        #expect(Self.refusal(header, at: 301) == .outsideTolerance(seconds: -301))
        #expect(Self.refusal(header, at: -301) == .outsideTolerance(seconds: 301))
    }

    @Test("Without a time to compare with, it is this machine's")
    func ownClock() {
        #expect(throws: WebhookRefusal.self) {
            try Self.verifier.verify(
                body: Self.body, signature: "t=1771322400,v1=\(Self.code)")
        }
        let now = Timestamp(milliseconds: WallClock.milliseconds())
        let signed = WebhookSignature(secret: "whsec_now").header(for: Self.body, at: now)
        #expect(throws: Never.self) {
            try Self.verifier.verify(body: Self.body, signature: signed)
        }
    }

    @Test("A time that was changed is another signature")
    func changedTime() {
        #expect(Self.refusal("t=1771322401,v1=\(Self.code)", at: 1) == .mismatched)
        #expect(Self.refusal("t=01771322400,v1=\(Self.code)") == .mismatched)
    }

    @Test("A body that was changed on the way is refused")
    func changedBody() {
        let header = "t=1771322400,v1=\(Self.code)"
        #expect(Self.refusal(header, body: Self.body + [10]) == .mismatched)
        #expect(Self.refusal(header, body: []) == .mismatched)
        #expect(Self.refusal(header, body: Array(Self.body.dropLast())) == .mismatched)
    }

    @Test("Another secret is refused")
    func otherSecret() {
        let other = WebhookVerifier(secret: "whsec_other")
        #expect(Self.refusal("t=1771322400,v1=\(Self.code)", by: other) == .mismatched)
    }

    @Test(
        "A header that is none is refused",
        arguments: [
            "", "t", "t=", "v1=", "t=1771322400", "v1=\(code)", "t=now,v1=\(code)", "t=,v1=\(code)",
            "t=1771322400;v1=\(code)", "t=1771322400,\(code)", "t=99999999999999999999,v1=\(code)",
            ",,,,", "===,===",
        ])
    func malformed(_ header: String) {
        #expect(Self.refusal(header) == .malformed)
    }

    @Test("A code that is no code is refused", arguments: ["zz", "08", "0", code + "00", "="])
    func noCode(_ code: String) {
        #expect(Self.refusal("t=1771322400,v1=\(code)") == .mismatched)
    }

    @Test("A time at the end of what numbers hold does not stop the program")
    func extremeTimes() {
        for time in [Int64.max, .min] {
            let refusal = Self.refusal("t=\(time),v1=\(Self.code)")
            #expect(refusal == .mismatched)
        }
    }

    @Test("No header at all is refused as unsigned")
    func unsigned() {
        #expect(Self.refusal(nil) == .unsigned)
    }

    @Test("A refusal says what to look at, and neither secret nor code")
    func descriptions() {
        let refusals: [(WebhookRefusal, String)] = [
            (.unsigned, "no X-Signature"), (.malformed, "t=<unix seconds>"),
            (.mismatched, "this endpoint's"),
            (.outsideTolerance(seconds: -301), "301 seconds behind"),
            (.outsideTolerance(seconds: 400), "400 seconds ahead"),
        ]
        for (refusal, part) in refusals {
            #expect("\(refusal)".contains(part))
            #expect(!"\(refusal)".contains("whsec_") && !"\(refusal)".contains(Self.code))
        }
    }
}
