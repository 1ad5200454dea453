import Crypto

/// Signs and verifies webhooks: `X-Signature: t=<unix seconds>,v1=<hex>`, an HMAC-SHA512 whose key is the
/// endpoint's secret as UTF-8 and whose message is the time, a full stop and the raw body (CONTRACT.md 15.4).
public struct WebhookSignature: Sendable {
    /// How far a signature's time may be from the receiver's clock.
    public static let toleranceSeconds: Int64 = 300
    /// The header that carries the signature.
    public static let headerName = "X-Signature"
    /// The header that carries the delivery's id, the same on every try.
    public static let idempotencyHeaderName = "X-Idempotency-Key"

    /// One for each secret, which has taken in the key and is copied for each message.
    private let codes: [HMAC<SHA512>]

    /// Prepares a secret once for many signatures.
    ///
    /// - Parameter former: The secret before it, which signs too while a rotation lasts.
    public init(secret: String, former: String? = nil) {
        codes = ([secret] + (former.map { [$0] } ?? [])).map {
            HMAC(key: SymmetricKey(data: Array($0.utf8)))
        }
    }

    /// The header's value for a body that is sent now.
    public func header(for body: [UInt8], at now: Timestamp) -> String {
        let seconds = String(now.milliseconds / 1000)
        return codes.reduce("t=" + seconds) { header, code in
            header + ",v1=" + Hex.encode(Self.code(code, of: body, seconds: seconds))
        }
    }

    /// What a header says of a body.
    public enum Verdict: Sendable, Hashable {
        case valid
        /// The header is not as `t=<unix seconds>,v1=<hex>`.
        case malformed
        /// Another secret, or another body.
        case mismatched
        /// Made with this secret for this body, at a time that is so many seconds from ours; behind us is negative.
        case outsideTolerance(seconds: Int64)
    }

    /// Whether a header was made with this secret for this body, not too long ago.
    ///
    /// - Parameters:
    ///   - header: The value of `X-Signature`; of several `v1` any may match, as during a rotation.
    ///   - body: The raw bytes as received, before any decoding.
    ///   - now: The receiver's clock; more than ``toleranceSeconds`` away is refused.
    public func verify(header: String, body: [UInt8], now: Timestamp) -> Bool {
        check(header: header, body: body, now: now) == .valid
    }

    /// As ``verify(header:body:now:)``, with the reason.
    public func check(header: String, body: [UInt8], now: Timestamp) -> Verdict {
        let parts = header.split(separator: ",").map { $0.split(separator: "=", maxSplits: 1) }
        let named = parts.filter { $0.count == 2 }.map { (name: $0[0], value: $0[1]) }
        guard let seconds = named.first(where: { $0.name == "t" })?.value,
            let time = Int64(seconds), named.contains(where: { $0.name == "v1" })
        else { return .malformed }
        let expected = codes.map { Array(Self.code($0, of: body, seconds: String(seconds))) }
        let isOurs = named.contains { part in
            guard part.name == "v1", let sent = Hex.decode(part.value) else { return false }
            return expected.contains { equal(sent, $0) }
        }
        guard isOurs else { return .mismatched }
        let (offset, overflow) = time.subtractingReportingOverflow(now.milliseconds / 1_000)
        guard !overflow, Self.tolerated.contains(offset) else {
            return .outsideTolerance(seconds: overflow ? .max : offset)
        }
        return .valid
    }

    private static let tolerated = -toleranceSeconds...toleranceSeconds

    private static func code(
        _ code: HMAC<SHA512>, of body: [UInt8], seconds: String
    ) -> HMAC<SHA512>.MAC {
        var code = code
        code.update(data: Array((seconds + ".").utf8))
        code.update(data: body)
        return code.finalize()
    }

    /// Compares without stopping at the first difference, so that time tells an attacker nothing.
    private func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
