import AsyncHTTPClient
import Foundation

/// The HTTP proxy that all webhooks go through, which looks names up and judges addresses instead of us.
package struct OutboundProxy: Sendable {
    private let host: String
    private let port: Int
    private let credentials: (user: String, password: String)?

    /// Reads `http://host:port` or `http://user:password@host:port`; in the latter two percent escapes stand for
    /// special characters.
    ///
    /// - Returns: nil for anything else.
    package init?(_ url: String) {
        guard url.lowercased().hasPrefix("http://") else { return nil }
        let parts = url.dropFirst(7).prefix { $0 != "/" }.split(separator: "@")
        guard let place = parts.last?.split(separator: ":"), parts.count <= 2, place.count == 2,
            let port = Int(place[1]), (1...65_535).contains(port)
        else { return nil }
        host = String(place[0])
        self.port = port
        guard parts.count == 2 else {
            credentials = nil
            return
        }
        let pair = parts[0].split(separator: ":", maxSplits: 1)
            .compactMap { String($0).removingPercentEncoding }
        guard pair.count == 2 else { return nil }
        credentials = (pair[0], pair[1])
    }

    var configuration: HTTPClient.Configuration.Proxy {
        .server(
            host: host, port: port,
            authorization: credentials.map {
                .basic(username: $0.user, password: $0.password)
            })
    }
}
