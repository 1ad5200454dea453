import HTTPTypes

/// What every answer of a deprecated endpoint says: since when (RFC 9745), until when (RFC 8594), and what
/// to use instead.
struct Deprecation: Sendable {
    private let prefix: String
    private let headers: [(HTTPField.Name, String)]

    /// The headers for a route's template; none for one that stays.
    static func headers(of path: String?) -> [(HTTPField.Name, String)] {
        guard let path else { return [] }
        return all.first { path.hasPrefix($0.prefix) }?.headers ?? []
    }

    private static let all = [
        Deprecation(
            prefix: "/v1/enrolments",
            headers: [
                (.deprecation, "@1767225600"), (.sunset, "Fri, 31 Dec 2027 23:59:59 GMT"),
                (.link, "</v2/enrolments>; rel=\"successor-version\""),
            ])
    ]
}
