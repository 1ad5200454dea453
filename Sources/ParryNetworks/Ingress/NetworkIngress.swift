import HTTPTypes
package import Hummingbird
package import Logging
import NIOCore
import ParryDomain
package import ParryService
package import ParryWire

/// What the networks call, under `/networks`. The bearer token says which mode's network it is; without a token
/// for either mode nothing is here.
package struct NetworkIngress: Sendable {
    private let intake: NetworkIntake
    private let decisions: CaseDecisionService
    private let tokens: NetworkTokens
    private let logger: Logger
    private let clock: @Sendable () -> Timestamp

    /// - Parameter clock: Real time.
    package init(
        intake: NetworkIntake, decisions: CaseDecisionService, tokens: NetworkTokens,
        logger: Logger, clock: @escaping @Sendable () -> Timestamp
    ) {
        self.intake = intake
        self.decisions = decisions
        self.tokens = tokens
        self.logger = logger
        self.clock = clock
    }

    /// Whether a path is the ingress's.
    package static func owns(_ path: String) -> Bool {
        path == "/networks" || path.hasPrefix("/networks/")
    }

    /// Answers one request; never throws, because a network understands its own answers only.
    package func respond(to request: Request) async -> Response {
        guard !tokens.isEmpty, let route = Route(request.uri.path) else {
            return Self.refusal(.notFound, "NOT_FOUND", "There is nothing here.")
        }
        guard let mode = tokens.mode(of: request.headers[.authorization]) else {
            return Self.refusal(
                .unauthorized, "UNAUTHORISED",
                "Send Authorization: Bearer with the network's token.")
        }
        guard request.method == .post else {
            var refusal = Self.refusal(.methodNotAllowed, "METHOD_NOT_ALLOWED", "Use POST.")
            refusal.headers[.allow] = "POST"
            return refusal
        }
        do {
            let buffer = try await request.body.collect(upTo: Limits.networkBodyBytesMax)
            return try await answer(Array(buffer.readableBytesView), route, mode)
        } catch is NIOTooManyBytesError {
            return Self.refusal(
                .contentTooLarge, "PAYLOAD_TOO_LARGE",
                "The body may have \(Limits.networkBodyBytesMax) bytes.")
        } catch let error as NetworkFault {
            return Self.refusal(.badRequest, "BAD_REQUEST", error.sentence)
        } catch {
            logger.error(
                "a network's message was not taken in", metadata: ["error": "\(error)"])
            return Self.refusal(
                .serviceUnavailable, "UNAVAILABLE", "The message was not stored. Send it again.")
        }
    }

    private enum Route: String {
        case ethocaAlerts = "/networks/ethoca/alerts"
        case ethocaEnrolments = "/networks/ethoca/enrolments"
        case verifiDecisions = "/networks/verifi/rdr/decisions"
        case verifiNotifications = "/networks/verifi/rdr/notifications"
        case verifiEnrolments = "/networks/verifi/enrolments"

        init?(_ path: String) {
            self.init(rawValue: path.hasSuffix("/") ? String(path.dropLast()) : path)
        }
    }

    private func answer(
        _ body: [UInt8], _ route: Route, _ mode: AccountMode
    ) async throws -> Response {
        switch route {
        case .ethocaAlerts:
            let push = EthocaPush(intake: intake, mode: mode, logger: logger, clock: clock)
            return Self.json(.ok, try await push.take(body))
        case .ethocaEnrolments:
            return try await take(try EnrolmentResult(ethoca: body), body, mode)
        case .verifiDecisions:
            let question = try VerifiDecisions.read(body, now: clock())
            let answer = await decisions.decide(
                question, body: RawMessage.kept(body), mode: mode, now: clock())
            var response = Self.json(.ok, VerifiDecisions.body(answer, to: question))
            if answer.origin == .fallback {
                logger.warning(
                    "an RDR case was answered with the fallback",
                    metadata: [
                        "decision": "\(answer.decision.rawValue)",
                        "decision_id": "\(EthocaPush.loggable(question.id))",
                        "mode": "\(mode.rawValue)",
                        "identifiers": "\(question.identifiers.joined(separator: " "))",
                        "reason": decisions.knows(question, mode: mode)
                            ? "the answer was not kept in time" : "no such enrolment",
                    ])
                if let name = HTTPField.Name("Parry-Fallback") { response.headers[name] = "true" }
            }
            return response
        case .verifiNotifications:
            let fate = try await intake.receive(
                try VerifiNoticeReader.read(body), body: RawMessage.kept(body), mode: mode,
                now: clock())
            if fate == .unrouted {
                logger.warning("an RDR case belongs to no enrolment; it is kept")
            }
            return Self.success
        case .verifiEnrolments:
            return try await take(try EnrolmentResult(verifi: body), body, mode)
        }
    }

    /// The bytes themselves tell one result of an enrolment from the next.
    private func take(
        _ result: EnrolmentResult, _ body: [UInt8], _ mode: AccountMode
    ) async throws -> Response {
        let key = result.requestID + " " + NetworkDigest.hex(of: body)
        let isOurs = try await intake.receive(
            result, key: key, body: body, mode: mode, now: clock())
        if !isOurs {
            logger.warning(
                "a network answers an enrolment that it was not asked for",
                metadata: ["request_id": "\(result.requestID.prefix(60))"])
        }
        return Self.success
    }

    private static var success: Response { json(.ok, Array(#"{"status":"success"}"#.utf8)) }

    /// What somebody hears who has shown too many wrong tokens.
    package static func tooManyFailures(retryAfterSeconds wait: Int64) -> Response {
        var refusal = refusal(
            .tooManyRequests, "RATE_LIMITED", "Too many requests with a wrong token.")
        refusal.headers[.retryAfter] = String(wait)
        return refusal
    }

    private static func refusal(
        _ status: HTTPResponse.Status, _ code: String, _ message: String
    ) -> Response {
        var json = JSONWriter()
        json.beginObject()
        json.field("code", code)
        json.field("message", message)
        json.endObject()
        return self.json(status, json.bytes)
    }

    private static func json(_ status: HTTPResponse.Status, _ bytes: [UInt8]) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

/// A message that is wrong as a whole.
struct NetworkFault: Error, Equatable {
    let sentence: String
}
