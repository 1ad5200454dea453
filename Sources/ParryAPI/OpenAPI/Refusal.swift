import HTTPTypes
import ParryWire

/// A refusal as documentation shows it. Deprecated endpoints have their own, for the headers.
struct Refusal {
    let status: HTTPResponse.Status
    let codes: [ErrorCode]
    let isDeprecated: Bool

    /// The name among `components.responses`; nil for 422, whose codes differ from operation to operation.
    var component: String { (isDeprecated ? "Deprecated" : "") + name }

    private var name: String {
        switch status {
        case .badRequest: "BadRequest"
        case .unauthorized: "Unauthorised"
        case .forbidden: "Forbidden"
        case .notFound: "NotFound"
        case .contentTooLarge: "PayloadTooLarge"
        case .unsupportedMediaType: "UnsupportedMediaType"
        case .unprocessableContent: "Unprocessable"
        case .tooManyRequests: "RateLimited"
        case .serviceUnavailable: "Unavailable"
        default: "InternalError"
        }
    }

    /// Those of an endpoint.
    static func of(_ endpoint: Endpoint) -> [Refusal] {
        let isDeprecated = !Deprecation.headers(of: endpoint.path).isEmpty
        return endpoint.refusals.map {
            Refusal(status: $0.status, codes: $0.codes, isDeprecated: isDeprecated)
        }
    }

    /// Those that operations share, which is all but 422.
    static func all(of endpoints: [Endpoint]) -> [Refusal] {
        var shared: [String: Refusal] = [:]
        for refusal in endpoints.flatMap(of) where refusal.status != .unprocessableContent {
            let known = shared[refusal.component]?.codes ?? []
            shared[refusal.component] = Refusal(
                status: refusal.status,
                codes: known + refusal.codes.filter { !known.contains($0) },
                isDeprecated: refusal.isDeprecated)
        }
        return shared.values.sorted { $0.component < $1.component }
    }

    /// The response object.
    func write(to json: inout JSONWriter) {
        json.field(
            "description",
            codes.map { "`\($0.rawValue)`: \(Glossary.meaning(of: $0))" }.joined(separator: "\n\n"))
        DocumentedHeader.write(headers, to: &json)
        json.object("content") { json in
            json.object("application/json") { json in
                json.object("schema") { $0.reference("schemas/Error") }
                json.object("examples", writeExamples)
            }
        }
    }

    private func writeExamples(to json: inout JSONWriter) {
        for code in codes {
            json.object(code.rawValue) { json in
                json.object("value") {
                    $0.field("code", code)
                    $0.field("message", Glossary.meaning(of: code))
                }
            }
        }
    }

    private var headers: [DocumentedHeader] {
        let own: [DocumentedHeader] =
            switch status {
            case .unauthorized: [.wwwAuthenticate]
            case .tooManyRequests: [.retryAfter, .rateLimit, .rateLimitPolicy]
            case .serviceUnavailable: [.retryAfter]
            default: []
            }
        return [.requestID] + own + (isDeprecated ? DocumentedHeader.ofDeprecated : [])
    }
}

/// The header fields of answers that documentation tells of.
enum DocumentedHeader: String, CaseIterable {
    case requestID = "X-Request-Id"
    case idempotencyReplayed = "Idempotency-Replayed"
    case wwwAuthenticate = "WWW-Authenticate"
    case retryAfter = "Retry-After"
    case rateLimit = "RateLimit"
    case rateLimitPolicy = "RateLimit-Policy"
    case deprecation = "Deprecation"
    case sunset = "Sunset"
    case link = "Link"

    /// Those of deprecated endpoints.
    static let ofDeprecated: [DocumentedHeader] = [.deprecation, .sunset, .link]

    /// The name among `components.headers`.
    var component: String { rawValue.replacing("-", with: "") }

    /// Whether every answer that documents it has it.
    var isAlwaysThere: Bool { self != .idempotencyReplayed }

    var meaning: String {
        switch self {
        case .requestID: "Names the request; log lines carry it too. Send it with a report."
        case .idempotencyReplayed: "`true` when the answer was given before to the same key."
        case .wwwAuthenticate: "How to authenticate: `Bearer`."
        case .retryAfter: "Seconds to wait."
        case .rateLimit: "What is left of the budget, as in `\"default\";r=0;t=12`."
        case .rateLimitPolicy: "The budget, as in `\"default\";q=100;w=60`."
        case .deprecation: "Since when the endpoint is deprecated (RFC 9745)."
        case .sunset: "Until when it answers (RFC 8594)."
        case .link: "What to use instead, as `successor-version`."
        }
    }

    static func write(_ headers: [DocumentedHeader], to json: inout JSONWriter) {
        json.object("headers") { json in
            for header in headers {
                json.object(header.rawValue) { $0.reference("headers/" + header.component) }
            }
        }
    }
}
