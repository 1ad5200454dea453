package import Crypto
import ParryWire

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Encrypts secrets at rest with the installation's master key (AES-256-GCM). The name of what a secret
/// belongs to is authenticated with it, so that a row's secret cannot be moved to another row.
package struct SecretBox: Sendable {
    /// A stored secret that this key does not open.
    package struct Unreadable: Error, CustomStringConvertible {
        package let description =
            "a stored webhook secret cannot be decrypted with this master key"
    }

    private let key: SymmetricKey

    package init(key: SymmetricKey) {
        self.key = key
    }

    /// Names the key without giving it away: the first 16 bytes of a keyed hash, in hexadecimal.
    package var fingerprint: String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("parry master key".utf8), using: key)
        return Hex.encode(Array(code).prefix(16))
    }

    /// The secret as it is stored, different each time.
    package func seal(_ secret: String, for owner: String) throws -> String {
        let box = try AES.GCM.seal(
            Array(secret.utf8), using: key, authenticating: Array(owner.utf8))
        guard let combined = box.combined else { throw Unreadable() }
        return combined.base64EncodedString()
    }

    /// The secret in clear.
    ///
    /// - Throws: ``Unreadable`` for another key, another owner or a damaged text.
    package func open(_ stored: String, for owner: String) throws -> String {
        guard let data = Data(base64Encoded: stored),
            let box = try? AES.GCM.SealedBox(combined: data),
            let clear = try? AES.GCM.open(box, using: key, authenticating: Array(owner.utf8))
        else { throw Unreadable() }
        return String(decoding: clear, as: UTF8.self)
    }
}
