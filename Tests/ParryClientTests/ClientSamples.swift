import ParryWire
import Synchronization

@testable import ParryClient

/// A clock that does not wait: it notes how long it should have.
final class InstantClock: Clock, Sendable {
    /// A place on the clock.
    struct Instant: InstantProtocol {
        var offset: Duration

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let waits = Mutex<[Duration]>([])

    /// Every wait so far.
    var slept: [Duration] { waits.withLock { $0 } }
    var now: Instant { Instant(offset: slept.reduce(.zero, +)) }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        let wait = now.duration(to: deadline)
        waits.withLock { $0.append(wait) }
    }
}

/// A limiter that lets everything pass and notes what it is told.
final class NotingLimiter: RequestLimiter {
    /// What a refusal told.
    struct Refused: Equatable {
        let endpoint: String
        let seconds: Int64
        let limit: Int?
    }

    private let state = Mutex<(reserved: [String], refused: [Refused])>(([], []))

    var reserved: [String] { state.withLock { $0.reserved } }
    var refusals: [Refused] { state.withLock { $0.refused } }

    func reserve(_ endpoint: String) -> Int64 {
        state.withLock { $0.reserved.append(endpoint) }
        return 0
    }

    func refused(_ endpoint: String, retryAfterSeconds: Int64, limit: Int?) {
        state.withLock {
            $0.refused.append(Refused(endpoint: endpoint, seconds: retryAfterSeconds, limit: limit))
        }
    }
}

/// A client of a hostile server, and what it does beside.
struct Trial: Sendable {
    static let key = "cbs_secret0123456789"

    let server: HostileServer
    let parry: ParryClient
    let clock: InstantClock
    let limiter: NotingLimiter

    /// Runs a test against a server that gives these replies, the last one for ever.
    static func run(
        _ replies: [HostileServer.Reply],
        _ change: (inout ClientConfiguration) -> Void = { _ in },
        _ test: (Trial) async throws -> Void
    ) async throws {
        try await run(HostileServer(replies), change, test)
    }

    /// Runs a test against a server, which is gone afterwards.
    static func run(
        _ server: HostileServer, _ change: (inout ClientConfiguration) -> Void = { _ in },
        _ test: (Trial) async throws -> Void
    ) async throws {
        defer { server.close() }
        let clock = InstantClock()
        let limiter = NotingLimiter()
        var configuration = ClientConfiguration(baseURL: server.url, key: key)
        configuration.limiter = limiter
        configuration.clock = clock
        configuration.retry.firstDelayMilliseconds = 1
        configuration.timeoutSeconds = 10
        change(&configuration)
        let parry = try ParryClient(configuration)
        try await test(Trial(server: server, parry: parry, clock: clock, limiter: limiter))
    }
}

/// Resources as a platform shows them, as short as they may be.
enum Sample {
    static let organisationID = OrganisationID(stored: "org_ID")
    static let merchantID = MerchantID(stored: "mrch_ID")
    static let integrationID = IntegrationID(stored: "int_ID")
    static let enrolmentID = EnrolmentID(stored: "enrl_ID")
    static let alertID = AlertID(stored: "netalrt_ID")

    static let organisation = #"{"id":"org_ID","name":"[TEST] Acme","mode":"TEST"}"#

    /// An alert; the outcome is that of one which is resolved.
    static func alert(
        _ id: String = "netalrt_ID", status: String = "ACTION_REQUIRED", outcome: String? = nil
    ) -> String {
        let outcome = outcome.map { "\"\($0)\"" } ?? "null"
        return #"{"id":"\#(id)","organisation_id":"org_ID","enrolment_type":"ETHOCA_ALERT","#
            + #""status":"\#(status)","transaction_refund_outcome":\#(outcome)}"#
    }

    static func enrolment(status: String) -> String {
        #"{"id":"enrl_ID","organisation_id":"org_ID","merchant_ids":["mrch_ID"],"#
            + #""type":"ETHOCA_ALERT","status":"\#(status)"}"#
    }

    static func refusal(_ code: String, _ message: String = "It says so.") -> String {
        #"{"code":"\#(code)","message":"\#(message)"}"#
    }
}
