import JWTKit
import ParryDomain
import ParryWire

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reads tokens of partners' single sign-on (CONTRACT.md 2.4).
enum SingleSignOn {
    private struct Claims: JWTPayload {
        let iat: IssuedAtClaim
        let userEmail: String

        enum CodingKeys: String, CodingKey {
            case iat
            case userEmail = "user_email"
        }

        /// What of time is checked is checked with the platform's clock.
        func verify(using algorithm: some JWTAlgorithm) throws {}
    }

    /// Whom a token names.
    ///
    /// - Throws: ``SignInError/singleSignOn(_:)``.
    static func email(in token: String, key: String, now: Timestamp) async throws -> String {
        let keys = await JWTKeyCollection().add(
            hmac: HMACKey(from: key), digestAlgorithm: .sha256)
        guard token.utf8.count <= 4_096,
            let claims = try? await keys.verify(token, as: Claims.self)
        else { throw SignInError.singleSignOn(.invalidToken) }
        let issued = claims.iat.value.timeIntervalSince1970
        let age = Double(now.milliseconds) / 1_000 - issued
        let good =
            -Double(Limits.singleSignOnSkewSeconds)...Double(Limits.singleSignOnSeconds)
        guard good.contains(age) else { throw SignInError.singleSignOn(.expired) }
        return claims.userEmail
    }
}
