public import ParryWire

/// Tells whether a webhook comes from the platform: HMAC-SHA512 over time and raw body, compared in constant time.
///
/// ```swift
/// let verifier = WebhookVerifier(secret: secret)
/// try verifier.verify(body: rawBody, signature: request.headers["X-Signature"])
/// ```
///
/// Give it the bytes as they were received: a body that was decoded and encoded again has another signature.
public struct WebhookVerifier: Sendable {
    private let signature: WebhookSignature

    /// - Parameters:
    ///   - secret: The endpoint's secret, `whsec_` included.
    ///   - former: The secret before it, as long as a rotation lasts.
    public init(secret: String, former: String? = nil) {
        signature = WebhookSignature(secret: secret, former: former)
    }

    /// Lets a webhook pass, or says why not.
    ///
    /// - Parameters:
    ///   - body: The raw bytes.
    ///   - header: The value of `X-Signature`; nil where it was not there.
    ///   - now: This machine's time.
    /// - Throws: ``WebhookRefusal``.
    public func verify(
        body: [UInt8], signature header: String?, now: Timestamp? = nil
    ) throws(WebhookRefusal) {
        guard let header else { throw .unsigned }
        let now = now ?? Timestamp(milliseconds: WallClock.milliseconds())
        switch signature.check(header: header, body: body, now: now) {
        case .valid: return
        case .malformed: throw .malformed
        case .mismatched: throw .mismatched
        case .outsideTolerance(let seconds): throw .outsideTolerance(seconds: seconds)
        }
    }
}

/// Why a webhook was not let in.
public enum WebhookRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// It has no `X-Signature`: nobody who knows the secret sent it.
    case unsigned
    /// Its `X-Signature` is none.
    case malformed
    /// Another secret, or a body that was changed on the way.
    case mismatched
    /// Secret and body are right, and its time is so many seconds from this machine's: a clock is wrong, or it was kept
    /// back. Behind this machine is negative.
    case outsideTolerance(seconds: Int64)

    /// One sentence that says what to look at.
    public var description: String {
        switch self {
        case .unsigned: "The webhook has no X-Signature; let nobody but the platform send here."
        case .malformed: "X-Signature is not as t=<unix seconds>,v1=<hex>."
        case .mismatched:
            "The signature is not of this secret and body; check that the secret is this endpoint's, and that "
                + "nothing on the way changes the body."
        case .outsideTolerance(let seconds):
            "The signature is right, and its time is \(seconds.magnitude) seconds "
                + "\(seconds < 0 ? "behind" : "ahead of") this machine's; check the clocks (at most "
                + "\(WebhookSignature.toleranceSeconds) are allowed)."
        }
    }
}
