import Crypto
import ParryWire

/// What a browser holds of a session, or a link of an invitation: 256 random bits, of which the database has the hash.
package struct SessionToken: Sendable, Hashable {
    /// 43 characters of base64url.
    package let text: String

    /// A new one.
    package static func make() -> SessionToken {
        SessionToken(unchecked: Base64URL.random())
    }

    private init(unchecked text: String) {
        self.text = text
    }

    /// What somebody sent; nil for what cannot be one.
    package init?(_ text: String) {
        guard text.utf8.count == 43,
            text.utf8.allSatisfy({ byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                    || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                    || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            })
        else { return nil }
        self.text = text
    }

    /// What is stored in its place; 256 random bits cannot be found again from a plain hash.
    package var hash: String { Hex.encode(SHA256.hash(data: Array(text.utf8))) }

    /// Proves that a form came from a page of this session: derived from what only its browser holds.
    package var formToken: String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("form".utf8), using: SymmetricKey(data: Array(text.utf8)))
        return Base64URL.encode(Array(code))
    }

    /// Compares without telling by the time it takes how much is right.
    package func isFormToken(_ sent: String) -> Bool {
        SHA256.hash(data: Array(formToken.utf8)) == SHA256.hash(data: Array(sent.utf8))
    }
}
