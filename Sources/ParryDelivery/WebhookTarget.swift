import ParryDomain

/// The host and port of an endpoint's URL.
struct WebhookTarget: Sendable, Hashable {
    let host: String
    let port: Int

    /// The host as a URL writes it: an IPv6 address in brackets.
    var urlHost: String { host.contains(":") ? "[\(host)]" : host }

    /// - Throws: ``WebhookFailure/badURL`` for a URL that creating an endpoint would refuse now.
    init(url: String, _ targets: WebhookTargets) throws(WebhookFailure) {
        do throws(WebhookURL.Refusal) { (host, port) = try targets.check(url) } catch {
            throw error == .privateAddress ? .privateAddress : .badURL
        }
    }
}
