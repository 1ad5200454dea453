import Foundation
import ParryClient
import ParryWire

/// What any web framework gives to a handler, and takes from it.
struct Receiver {
    let verifier: WebhookVerifier

    init(secret: String) {
        verifier = WebhookVerifier(secret: secret)
    }

    /// - Parameters:
    ///   - body: The bytes as they came, not decoded and encoded again.
    ///   - signature: The header `X-Signature`.
    /// - Returns: The status to answer.
    func receive(body: [UInt8], signature: String?) -> Int {
        do throws(WebhookRefusal) {
            try verifier.verify(body: body, signature: signature)
            return 204
        } catch {
            // The text says what to look at, and has no secret.
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            return 401
        }
    }
}
