import ParryWire
import Testing

@testable import ParryClient

/// The work was done and its answer was lost: the second try must not look like a failure, nor hide one.
@Suite("Answers that were lost")
struct LostAnswerTests {
    private static let notThere = HostileServer.Reply.answer(404, Sample.refusal("NOT_FOUND"))

    @Test("A deletion whose first answer was lost is done when there is nothing any more")
    func deletion() async throws {
        for first in [HostileServer.Reply.lost, .answer(503, Sample.refusal("OUTCOME_UNKNOWN"))] {
            try await Trial.run([first, Self.notThere]) { trial in
                try await trial.parry.organisations.delete(Sample.organisationID)
                #expect(trial.server.requests.map(\.method) == ["DELETE", "DELETE"])
            }
        }
    }

    @Test("A deletion of what is not there is a refusal")
    func deletionOfNothing() async throws {
        try await Trial.run([Self.notThere]) { trial in
            let error = try await #require(throws: ClientError.self) {
                try await trial.parry.merchants.delete(Sample.merchantID)
            }
            #expect(error.code == .notFound)
        }
        // The rate limit did no work.
        let limited = HostileServer.Reply.answer(429, Sample.refusal("RATE_LIMITED"))
        try await Trial.run([limited, Self.notThere]) { trial in
            let error = try await #require(throws: ClientError.self) {
                try await trial.parry.merchants.delete(Sample.merchantID)
            }
            #expect(error.code == .notFound && error.refusal?.isRepeated == false)
        }
    }

    @Test("A read of what is not there is a refusal, whatever was lost before")
    func reading() async throws {
        try await Trial.run([.lost, Self.notThere]) { trial in
            let error = try await #require(throws: ClientError.self) {
                _ = try await trial.parry.merchants.get(Sample.merchantID)
            }
            #expect(error.code == .notFound && error.refusal?.isRepeated == true)
        }
    }

    private static let notActionable = HostileServer.Reply.answer(
        422, Sample.refusal("ALERT_NOT_ACTIONABLE"))

    @Test("An action whose first answer was lost is found in the alert")
    func action() async throws {
        try await Trial.run([
            .lost, Self.notActionable,
            .answer(200, Sample.alert(status: "RESOLVED", outcome: "REFUNDED")),
        ]) { trial in
            let alert = try await trial.parry.alerts.act(.refund, on: Sample.alertID, note: "done")
            #expect(alert.status == .resolved)
            #expect(trial.server.requests.map(\.method) == ["PATCH", "PATCH", "GET"])
            #expect(trial.server.requests[0].text == #"{"action":"REFUND","note":"done"}"#)
            #expect(trial.server.requests[0].text == trial.server.requests[1].text)
        }
    }

    @Test(
        "An alert that ended otherwise is a refusal",
        arguments: [
            (AlertAction.refund, "RESOLVED", "NOT_REFUNDED"),
            (.acceptDispute, "RESOLVED", "REFUNDED"),
            (.refund, "INVALID", nil), (.refund, "ACTION_REQUIRED", nil),
            (.refundAndCancel, "RESOLVED", "NOT_REFUNDED"),
        ] as [(AlertAction, String, String?)])
    func otherEnd(_ action: AlertAction, _ status: String, _ outcome: String?) async throws {
        try await Trial.run([
            .lost, Self.notActionable, .answer(200, Sample.alert(status: status, outcome: outcome)),
        ]) { trial in
            let error = try await #require(throws: ClientError.self) {
                try await trial.parry.alerts.act(action, on: Sample.alertID)
            }
            #expect(error.code == .alertNotActionable)
        }
    }

    @Test("An alert that somebody else ended before is a refusal, and is not looked at")
    func endedBefore() async throws {
        try await Trial.run([Self.notActionable]) { trial in
            let error = try await #require(throws: ClientError.self) {
                try await trial.parry.alerts.act(.refund, on: Sample.alertID)
            }
            #expect(error.code == .alertNotActionable)
            #expect(trial.server.requests.count == 1)
        }
    }

    @Test("A cancellation whose first answer was lost is found in the enrolment")
    func cancellation() async throws {
        let ended = HostileServer.Reply.answer(422, Sample.refusal("ENROLMENT_NOT_PENDING"))
        try await Trial.run([
            .lost, ended, .answer(200, Sample.enrolment(status: "CANCELLED")),
        ]) { trial in
            let enrolment = try await trial.parry.enrolments.cancel(Sample.enrolmentID)
            #expect(enrolment.status == .cancelled)
        }
        try await Trial.run([
            .lost, ended, .answer(200, Sample.enrolment(status: "ENABLED")),
        ]) { trial in
            let error = try await #require(throws: ClientError.self) {
                try await trial.parry.enrolments.cancel(Sample.enrolmentID)
            }
            #expect(error.code == .enrolmentNotPending)
        }
    }
}
