/// Where this server sends webhooks: to which ports, and whether to private addresses.
///
/// An endpoint's URL is judged when it is given, as far as its text goes, and each address again when it is
/// connected to, so that a name cannot lead into the operator's network later.
package struct WebhookTargets: Sendable, Hashable {
    /// 443, and what no system service listens on.
    package static let standardPorts = [443...443, 1_024...65_535]

    private let ports: [ClosedRange<Int>]
    private let allowsPrivate: Bool

    package init(
        ports: [ClosedRange<Int>] = WebhookTargets.standardPorts, allowsPrivate: Bool = false
    ) {
        self.ports = ports
        self.allowsPrivate = allowsPrivate
    }

    /// Anything that is well formed: for an operator's command, which does not know the server's settings.
    package static let any = WebhookTargets(ports: [1...65_535], allowsPrivate: true)

    /// Reads `443,1024-65535`.
    ///
    /// - Returns: nil for anything else.
    package static func ports(_ text: String) -> [ClosedRange<Int>]? {
        var ranges: [ClosedRange<Int>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
                1...65_535 ~= first, first...65_535 ~= last
            else { return nil }
            ranges.append(first...last)
        }
        return ranges
    }

    /// Whether an address may be connected to.
    package func allows(_ address: IPAddress) -> Bool {
        allowsPrivate || !address.isSpecial
    }

    /// Judges all that a URL shows by itself.
    ///
    /// - Returns: The host, without brackets, and the port.
    /// - Throws: The first rule that the URL breaks.
    @discardableResult
    package func check(
        _ url: String
    ) throws(WebhookURL.Refusal) -> (host: String, port: Int) {
        let (host, port) = try WebhookURL.check(url)
        guard ports.contains(where: { $0.contains(port) }) else { throw .portNotAllowed }
        if let address = IPAddress(literal: host), !allows(address) { throw .privateAddress }
        return (host, port)
    }
}
