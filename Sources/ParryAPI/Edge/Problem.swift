import HTTPTypes
import Hummingbird
import ParryDatabase
import ParryDomain
import ParryService
import ParryWire

/// An error answer in the one shape that every endpoint uses (CONTRACT.md 1.2): `code`, `message`, and
/// `errors` for schema validation.
struct Problem: Error {
    let status: HTTPResponse.Status
    let code: ErrorCode
    let message: String
    var errors: [FieldError] = []
    var headers: [(name: HTTPField.Name, value: String)] = []

    init(_ status: HTTPResponse.Status, _ code: ErrorCode, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// A schema validation error with one entry per bad field.
    init(fields errors: [FieldError]) {
        self.init(
            .unprocessableContent, .validationError,
            "The request has fields that are not as documented; nothing was processed. "
                + "Correct the fields listed in errors and send it again.")
        self.errors = errors
    }

    /// A schema validation error about one field or parameter.
    init(field: String, code: String, _ message: String) {
        self.init(fields: [FieldError(field: field, code: code, message: message)])
    }

    /// The answer's body.
    var json: [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.field("code", code)
        json.field("message", message)
        if !errors.isEmpty { Self.write(errors, to: &json) }
        json.endObject()
        return json.bytes
    }

    private static func write(_ errors: [FieldError], to json: inout JSONWriter) {
        json.key("errors")
        json.beginArray()
        for error in errors {
            json.beginObject()
            json.field("field", error.field)
            json.field("code", error.code)
            json.field("message", error.message)
            json.endObject()
        }
        json.endArray()
    }
}

extension Problem {
    /// The answer for whatever went wrong; what has no answer of its own is an internal error whose
    /// reason goes to the log and never to the caller.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as NotFound: self = .notFound(error.resource)
        case is IdempotencyKeyReused: self = .idempotencyKeyReused
        case let error as RequestFailure: self.init(error)
        case let error as OrderRejection: self.init(error)
        case let error as AlertError: self.init(error)
        case let error as EnrolmentError: self.init(error)
        case let error as SimulationError: self.init(error)
        case let error as MerchantListError: self.init(error)
        case let error as MerchantError: self.init(error)
        case let error as IntegrationError: self.init(error)
        case let error as OrganisationError: self.init(error)
        case let error as MembershipError: self.init(error)
        case let error as RulesetError: self.init(error)
        case let error as WebhookError: self.init(error)
        case let error as RefundIntentError: self.init(error)
        case let error as TestClockError: self.init(error)
        case let error as WebhookURL.Refusal: self.init(error)
        case let error as DatabaseError: self.init(error)
        case let error as any HTTPResponseError: self.init(status: error.status)
        default: self = .internalError
        }
    }

    static let internalError = Problem(
        .internalServerError, .internalError,
        "Something went wrong on our side. Retry with the same reference ids; "
            + "if it stays, report the X-Request-Id of this answer.")

    static func notFound(_ resource: String) -> Problem {
        Problem(
            .notFound, .notFound,
            "There is no such \(resource), or this key may not see it. Check the id, the account "
                + "(TEST and LIVE ids differ) and the key's group.")
    }
}
