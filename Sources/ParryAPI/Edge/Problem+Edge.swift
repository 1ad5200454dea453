import HTTPTypes
import ParryDatabase
import ParryWire

extension Problem {
    init(_ failure: RequestFailure) {
        switch failure {
        case .malformed(let error):
            self.init(
                .badRequest, .invalidRequest,
                "The body is not valid JSON at byte \(error.offset): \(error.reason)")
        case .invalid(let errors):
            self.init(fields: errors)
        case .cardNumber(let field):
            self.init(
                .unprocessableContent, .cardNumberRejected, Self.cardNumberMessage(field))
        }
    }

    /// Storage faults that pass are 503: the same request can be sent again. Nothing was stored, unless
    /// the outcome of the commit itself is unknown.
    init(_ error: DatabaseError) {
        switch error.code {
        case .unavailable, .full, .ioFailure, .busy, .overloaded, .closed: self = .unavailable
        case .unknownOutcome: self = .outcomeUnknown
        case .uniqueViolation, .constraintViolation, .corrupt, .unexpectedValue, .internalFailure:
            self = .internalError
        }
    }

    private static var unavailable: Problem {
        var problem = Problem(
            .serviceUnavailable, .unavailable,
            "The database cannot take this request now; nothing was stored. "
                + "Send the same request again after Retry-After seconds.")
        problem.headers = [(.retryAfter, "5")]
        return problem
    }

    private static var outcomeUnknown: Problem {
        var problem = Problem(
            .serviceUnavailable, .outcomeUnknown,
            "The database broke off while it committed this request, so it may have been stored or not. "
                + "Look for the result, or send the same request again after Retry-After seconds: "
                + "an order that was stored answers as a duplicate.")
        problem.headers = [(.retryAfter, "5")]
        return problem
    }

    /// What the server library refuses by itself.
    init(status: HTTPResponse.Status) {
        switch status {
        case .notFound: self = .unknownRoute
        case .contentTooLarge: self = .tooLarge
        case .serviceUnavailable: self = .unavailable
        default:
            self =
                status.kind == .clientError
                ? Problem(status, .invalidRequest, "The request cannot be read.") : .internalError
        }
    }

    static let unknownRoute = Problem(
        .notFound, .notFound, "There is no such endpoint. Check the path and its version prefix.")

    static let tooLarge = Problem(
        .contentTooLarge, .payloadTooLarge,
        "The body is larger than \(RequestLimits.bodyBytesMax) bytes. Send smaller batches.")

    static func methodNotAllowed(_ allowed: String) -> Problem {
        var problem = Problem(
            .methodNotAllowed, .methodNotAllowed, "This endpoint takes \(allowed) only.")
        problem.headers = [(.allow, allowed)]
        return problem
    }

    static let unsupportedMediaType = Problem(
        .unsupportedMediaType, .unsupportedMediaType,
        "Send JSON, with the header Content-Type: application/json.")

    static func unauthorised(_ message: String) -> Problem {
        var problem = Problem(.unauthorized, .unauthorised, message)
        problem.headers = [(.wwwAuthenticate, "Bearer")]
        return problem
    }

    static func forbidden(_ ability: Ability) -> Problem {
        Problem(
            .forbidden, .forbidden,
            "The key lacks the ability \(ability.rawValue). Use a key that has it.")
    }

    static let idempotencyKeyReused = Problem(
        .unprocessableContent, .idempotencyKeyReused,
        "This Idempotency-Key came with another body within the last 24 hours. Send the same body, "
            + "or another key for another request.")

    /// 429 with the header fields of amendment 3.
    static func rateLimited(limit: Int, retryAfterSeconds: Int64) -> Problem {
        var problem = Problem(
            .tooManyRequests, .rateLimited,
            "More than \(limit) requests in a minute. Wait Retry-After seconds, then back off "
                + "exponentially.")
        problem.headers = [
            (.retryAfter, String(retryAfterSeconds)),
            (.rateLimit, "\"default\";r=0;t=\(retryAfterSeconds)"),
            (.rateLimitPolicy, "\"default\";q=\(limit);w=60"),
        ]
        return problem
    }
}

extension HTTPField.Name {
    /// The state of the caller's budget (RateLimit header fields for HTTP).
    static let rateLimit = name("RateLimit")
    /// The policy behind it.
    static let rateLimitPolicy = name("RateLimit-Policy")
    /// Names a request in answers and log lines alike.
    static let requestID = name("X-Request-Id")

    static let xForwardedFor = name("X-Forwarded-For")
    static let idempotencyKey = name("Idempotency-Key")
    static let idempotencyReplayed = name("Idempotency-Replayed")
    static let deprecation = name("Deprecation")
    static let sunset = name("Sunset")
    static let link = name("Link")

    private static func name(_ text: String) -> HTTPField.Name {
        HTTPField.Name(text) ?? .retryAfter
    }
}
