import ParryDomain

/// Why nothing came back from an endpoint, in the words that the attempt log keeps.
enum WebhookFailure: String, Error, CustomStringConvertible {
    case badURL = "the URL cannot be used"
    case unknownHost = "the host name has no address"
    case privateAddress = "the host's addresses are private; the server does not allow them"
    case timeout = "no answer within 20 seconds"
    case cancelled = "the server is stopping"

    var description: String { rawValue }
}

/// The host and port of an endpoint's URL.
struct WebhookTarget: Sendable, Hashable {
    let host: String
    let port: Int

    /// - Throws: ``WebhookFailure/badURL`` for a URL that creating an endpoint would have refused.
    init(url: String) throws(WebhookFailure) {
        do throws(WebhookURL.Refusal) { try WebhookURL.check(url) } catch { throw .badURL }
        let authority = url.dropFirst("https://".count).prefix { $0 != "/" && $0 != "?" }
        if authority.first == "[", let end = authority.firstIndex(of: "]") {
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            port = Int(authority[end...].dropFirst(2)) ?? 443
        } else {
            let parts = authority.split(separator: ":", maxSplits: 1)
            guard let first = parts.first else { throw .badURL }
            host = String(first)
            port = parts.count == 2 ? Int(parts[1]) ?? 443 : 443
        }
    }
}
