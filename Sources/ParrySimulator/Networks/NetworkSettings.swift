/// How the two networks are played, and where the platform is.
package struct NetworkSettings: Sendable {
    /// The address to listen on.
    package var host = "127.0.0.1"
    /// The port to listen on; 0 takes a free one.
    package var port = 8_090
    /// The platform's ingress, without the slash at its end: `/networks/...` is appended.
    package var platformURL = "http://127.0.0.1:8081"
    /// What Ethoca shows the platform as `Authorization: Bearer`; nil for none.
    package var ethocaToken: String?
    /// What Verifi shows the platform.
    package var verifiToken: String?
    /// What the platform has to show on `/ethoca` and `/verifi`; nil when anything goes.
    package var platformToken: String?
    /// Fixes every id and every choice of a run.
    package var seed: UInt64 = 1
    /// From an enrolment until its final result: half of it until the intermediate one, half from the answer to that.
    package var enrolmentDelay = Duration.seconds(2)
    /// The time in which a decision has to arrive. NETWORKS.md gives the platform 1 s for its own
    /// answer, fallback included, so the network waits a little longer.
    package var decisionTimeout = Duration.seconds(2)
    /// What a case gets whose decision did not arrive in time, as RDR's own default is
    /// (NETWORKS.md).
    package var decisionFallback = RDRDecision.accept
    /// The time in which a push has to be acknowledged (NETWORKS.md: 30 s).
    package var acknowledgementTimeout = Duration.seconds(30)
    /// How long an alert takes outcomes, from its timestamp or its first push, whichever was
    /// earlier.
    package var alertWindowSeconds: Int64 = 48 * 3_600
    /// When what was not acknowledged is pushed again.
    package var repush = RepushSchedule()
    /// JSON lines with every entry of the ledger, read at the start; nil keeps it in memory alone.
    package var ledgerFile: String?
    /// PEM files of the client certificate and its key, for mutual TLS; both or neither.
    package var clientCertificateFile: String?
    package var clientKeyFile: String?
    /// A PEM file with authorities to trust besides the system's.
    package var authorityFile: String?

    /// The standard settings, to be changed member by member.
    package init() {}
}

/// What RDR decides (NETWORKS.md): ACCEPT refunds the cardholder, DECLINE lets the dispute come.
package enum RDRDecision: String, Sendable, CaseIterable {
    case accept = "ACCEPT"
    case decline = "DECLINE"
}

/// When a network pushes again what was not acknowledged: the wait doubles up to a limit, and ends.
package struct RepushSchedule: Sendable, Equatable {
    package var first = Duration.seconds(1)
    package var longest = Duration.seconds(60)
    /// Pushes of one message in all; the standard ones last about 45 minutes.
    package var attemptsMax = 50

    /// The standard waits.
    package init() {}

    /// The wait after this many pushes; nil when the network gives up.
    package func wait(afterAttempt attempt: Int) -> Duration? {
        guard attempt < attemptsMax else { return nil }
        let doublings = min(max(attempt - 1, 0), 20)
        return min(first * (1 << doublings), longest)
    }
}
