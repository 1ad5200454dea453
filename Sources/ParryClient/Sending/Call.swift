/// One request as it is meant, however often it is sent.
struct Call: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    let method: Method
    let path: RequestPath
    var query = Query()
    var body: [UInt8]?
    /// Of a POST: the same on every try, so that the work is done once.
    var idempotencyKey: IdempotencyKey?

    /// What the platform counts by.
    var endpoint: String { method.rawValue + " " + path.endpoint }
}

/// Names a piece of work, so that the platform does it once however often it is asked (`Idempotency-Key`).
///
/// Every POST gets a fresh one that its retries keep. Bring your own to be safe over a restart of your program too:
/// store it with the body before the first try, and send both again. The platform remembers for 24 hours.
public struct IdempotencyKey: Sendable, Hashable, CustomStringConvertible {
    /// 1 to 255 visible ASCII characters.
    public let text: String

    /// A key that was made before.
    public init(_ text: String) {
        self.text = text
    }

    /// A key that no other work has.
    public static func fresh() -> IdempotencyKey {
        var generator = SystemRandomNumberGenerator()
        let words = (0..<2).map { _ in String(generator.next(), radix: 36) }
        return IdempotencyKey(words.joined(separator: "-"))
    }

    var isValid: Bool {
        1...255 ~= text.utf8.count && text.utf8.allSatisfy { 0x21...0x7E ~= $0 }
    }

    public var description: String { text }
}
