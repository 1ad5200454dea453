import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOPosix
public import ParryWire

/// Why a call did not do what was asked.
public enum ClientError: Error, Sendable {
    /// The platform answered, and not with 2xx.
    case refused(Refusal)
    /// There was no answer, after all tries: whether the work was done is not known. Make the same call again, with the
    /// same idempotency key where it took one.
    case unreachable(Unreachable)
    /// An answer of 2xx that is not what the contract says. The work was done.
    case unreadable(UnreadableAnswer)
    /// The task was cancelled while the call waited; nothing was sent since.
    case cancelled
    /// The call cannot be made as it is; the text says what to change.
    case misused(String)
}

/// What the platform said.
public struct Refusal: Sendable {
    /// The HTTP status.
    public let status: Int
    /// For programs: the code of the contract; of an answer without one, `HTTP_` and the status.
    public let code: Word<ErrorCode>
    /// For people; it can change.
    public let message: String
    /// Of a `VALIDATION_ERROR`: every field that is not as documented.
    public let errors: [FieldRefusal]
    /// The platform's name for the request, which its log has too. Say it when you ask for help.
    public let requestID: String?
    /// How long to wait before the next request, in seconds, where the platform says so.
    public let retryAfterSeconds: Int64?
    /// Method and path, with `{}` for ids.
    public let endpoint: String
    /// How often the request was sent.
    public let attempts: Int
    /// Whether an earlier try may have done the work.
    public let isRepeated: Bool

    /// What to do now, in one sentence.
    public var advice: String { Advice.text(for: self) }
}

/// One field that the platform refused.
public struct FieldRefusal: Sendable, Codable, Hashable {
    /// The path of the value, such as `[0].transactions[1].currency`; empty for the whole body.
    public let field: String
    /// The kind of offence, such as `REQUIRED`.
    public let code: String
    /// What to send instead.
    public let message: String
}

/// What kept an answer away.
public struct Unreachable: Sendable {
    /// What the last try met, in a few words.
    public let reason: String
    /// Method and path, with `{}` for ids.
    public let endpoint: String
    /// How often the request was sent.
    public let attempts: Int
    /// Whether the platform may have got it; not where there was no connection.
    public let wasSent: Bool
}

/// What was not as the contract says.
public struct UnreadableAnswer: Sendable {
    /// The type that was to be read.
    public let what: String
    /// Where it is wrong, without its value.
    public let reason: String
    /// The platform's name for the request.
    public let requestID: String?
}

extension ClientError: CustomStringConvertible {
    /// One line for people: what happened, what to do, and the request's id.
    public var description: String {
        switch self {
        case .refused(let refusal):
            let fields = refusal.errors.prefix(3).map {
                ($0.field.isEmpty ? "the body" : $0.field) + " " + $0.message
            }
            let more = refusal.errors.count > 3 ? " and \(refusal.errors.count - 3) more" : ""
            let what = fields.isEmpty ? refusal.message : fields.joined(separator: "; ") + more
            let id = refusal.requestID.map { " (request \($0))" } ?? ""
            return "\(refusal.status) \(refusal.code): \(what) \(refusal.advice)\(id)"
        case .unreachable(let fault):
            return
                "No answer to \(fault.endpoint) after \(fault.attempts) "
                + "\(fault.attempts == 1 ? "try" : "tries"): \(fault.reason). Check the base URL, the "
                + "network and the certificate; then send the same again."
        case .unreadable(let answer):
            let id = answer.requestID.map { " (request \($0))" } ?? ""
            return "The answer is no \(answer.what) as the contract has it: \(answer.reason)\(id)."
        case .cancelled: return "The call was cancelled."
        case .misused(let text): return text
        }
    }

    /// The refusal's code; nil where the platform did not refuse.
    public var code: Word<ErrorCode>? {
        if case .refused(let refusal) = self { refusal.code } else { nil }
    }

    /// What the platform said; nil where it said nothing.
    public var refusal: Refusal? {
        if case .refused(let refusal) = self { refusal } else { nil }
    }

    /// Whether the task was cancelled.
    public var isCancellation: Bool {
        if case .cancelled = self { true } else { false }
    }

    var metadata: Logger.Metadata {
        switch self {
        case .refused(let refusal):
            [
                "endpoint": "\(refusal.endpoint)", "status": "\(refusal.status)",
                "attempt": "\(refusal.attempts)", "request_id": "\(refusal.requestID ?? "")",
            ]
        case .unreachable(let fault):
            [
                "endpoint": "\(fault.endpoint)", "reason": "\(fault.reason)",
                "attempt": "\(fault.attempts)",
            ]
        case .unreadable, .cancelled, .misused: [:]
        }
    }

    /// What the HTTP client threw.
    init(transport error: any Error) {
        if error is CancellationError || (error as? HTTPClientError) == .cancelled {
            self = .cancelled
        } else if let error = error as? ClientError {
            self = error
        } else if (error as? HTTPClientError) == .invalidURL {
            self = .misused("The base URL must be like https://api.example.com.")
        } else {
            self = .unreachable(
                Unreachable(
                    reason: Self.words(error), endpoint: "", attempts: 0,
                    wasSent: !Self.isOfConnecting(error)))
        }
    }

    private static func words(_ error: any Error) -> String {
        if let fault = error as? NIOConnectionError {
            let place = "\(fault.host) port \(fault.port)"
            let isRefused = fault.connectionErrors.contains {
                ($0.error as? IOError)?.errnoCode == ECONNREFUSED
            }
            if isRefused { return "nobody listens at \(place)" }
            let isUnknown = fault.connectionErrors.isEmpty
            return isUnknown ? "\(fault.host) is not known" : "no connection to \(place)"
        }
        return switch error as? HTTPClientError {
        case .connectTimeout?: "no connection in time"
        case .deadlineExceeded?, .readTimeout?: "no answer in time"
        case .remoteConnectionClosed?: "the connection was closed"
        default: "\(error)"
        }
    }

    private static func isOfConnecting(_ error: any Error) -> Bool {
        if error is NIOConnectionError { return true }
        let kind = error as? HTTPClientError
        return kind == .connectTimeout || kind == .getConnectionFromPoolTimeout
            || (error as? IOError)?.errnoCode == ECONNREFUSED
    }

    func with(endpoint: String, attempts: Int) -> ClientError {
        guard case .unreachable(let fault) = self else { return self }
        return .unreachable(
            Unreachable(
                reason: fault.reason, endpoint: endpoint, attempts: attempts,
                wasSent: fault.wasSent))
    }
}

extension Refusal {
    init(_ answer: Transport.Answer, endpoint: String, attempts: Int, isRepeated: Bool) {
        let body = RefusalBody(answer.body)
        status = answer.status
        code = Word(text: body.code ?? "HTTP_\(answer.status)")
        message = body.message ?? "The answer has no message."
        errors = body.errors
        requestID = answer.requestID
        retryAfterSeconds = answer.retryAfterSeconds
        self.endpoint = endpoint
        self.attempts = attempts
        self.isRepeated = isRepeated
    }
}

/// The one shape of error answers, as far as there is one: a proxy's page has none of it.
private struct RefusalBody {
    var code: String?
    var message: String?
    var errors: [FieldRefusal] = []

    init(_ body: [UInt8]) {
        guard let root = try? JSONDocument.parse(body).root, root.kind == .object else { return }
        code = root["code"]?.string
        message = root["message"]?.string
        errors = (root["errors"].map { Array($0.elements) } ?? []).map {
            FieldRefusal(
                field: $0["field"]?.string ?? "", code: $0["code"]?.string ?? "",
                message: $0["message"]?.string ?? "")
        }
    }
}
