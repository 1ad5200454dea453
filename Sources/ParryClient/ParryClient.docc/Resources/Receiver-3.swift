import Foundation
import ParryClient
import ParryWire

/// What any web framework gives to a handler, and takes from it.
struct Receiver {
    let verifier: WebhookVerifier
    /// Keeps an event by its id, once, before the answer: what is not kept is lost.
    let keep: (WebhookEvent) throws -> Void

    init(secret: String, keep: @escaping (WebhookEvent) throws -> Void) {
        verifier = WebhookVerifier(secret: secret)
        self.keep = keep
    }

    /// - Parameters:
    ///   - body: The bytes as they came, not decoded and encoded again.
    ///   - signature: The header `X-Signature`.
    /// - Returns: The status to answer.
    func receive(body: [UInt8], signature: String?) -> Int {
        do throws(WebhookRefusal) {
            try verifier.verify(body: body, signature: signature)
        } catch {
            // The text says what to look at, and has no secret.
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            return 401
        }
        do {
            try keep(try JSONDecoder().decode(WebhookEvent.self, from: Data(body)))
            return 204
        } catch {
            // The platform sends it again later.
            return 500
        }
    }
}
