package import ParryWire

/// One thing that was sent or received, or one fault that was found.
///
/// The states of the simulated networks change by entries alone, so a ledger that is read back
/// gives the same networks again.
package struct LedgerEntry: Sendable, Equatable {
    /// Which network it happened at.
    package enum Network: String, Sendable, CaseIterable {
        case ethoca = "ETHOCA"
        case verifi = "VERIFI"
    }

    /// What happened.
    package enum Kind: String, Sendable, CaseIterable {
        case enrolmentRequested = "ENROLMENT_REQUESTED"
        case enrolmentRemoved = "ENROLMENT_REMOVED"
        case resultSent = "RESULT_SENT"
        case resultAcknowledged = "RESULT_ACKNOWLEDGED"
        case resultNotAcknowledged = "RESULT_NOT_ACKNOWLEDGED"
        case resultGivenUp = "RESULT_GIVEN_UP"
        case alertSent = "ALERT_SENT"
        case alertAcknowledged = "ALERT_ACKNOWLEDGED"
        case alertNotAcknowledged = "ALERT_NOT_ACKNOWLEDGED"
        case alertGivenUp = "ALERT_GIVEN_UP"
        case notificationSent = "NOTIFICATION_SENT"
        case notificationAcknowledged = "NOTIFICATION_ACKNOWLEDGED"
        case notificationNotAcknowledged = "NOTIFICATION_NOT_ACKNOWLEDGED"
        case notificationGivenUp = "NOTIFICATION_GIVEN_UP"
        /// `word` says what became of it: COUNTED, REPEATED, REFUSED or SPOILT.
        case outcomeReceived = "OUTCOME_RECEIVED"
        /// `word` says whether it is the last one: PUBLISHED, REPEATED or IGNORED.
        case rulesetReceived = "RULESET_RECEIVED"
        case decisionAsked = "DECISION_ASKED"
        /// `word` is the platform's decision, taken in time.
        case decisionAnswered = "DECISION_ANSWERED"
        /// `word` is the network's fallback; `note` says why.
        case decisionFellBack = "DECISION_FELL_BACK"
        /// The platform broke NETWORKS.md; `note` says how.
        case protocolFault = "PROTOCOL_FAULT"
    }

    /// From 1 without gaps; 0 until the ledger has taken it.
    package var sequence: Int64 = 0
    package var at: Timestamp
    package var network: Network
    package var kind: Kind
    /// The id that it is about: an alert's, enrolment's, decision's or case's; empty for a fault of
    /// no one's.
    package var subject: String
    /// The request to the platform that it belongs to; several alerts share one.
    package var exchange: Int64?
    /// Which push of this message it was, from 1.
    package var attempt: Int?
    /// How long the platform took.
    package var milliseconds: Int64?
    /// The platform's HTTP status.
    package var status: Int?
    package var word: String?
    package var note: String?
    /// The message as it travelled; of a repeated push not again.
    package var body: [UInt8]?

    /// Takes what every entry has; the rest is set by who knows it.
    package init(
        _ kind: Kind, _ network: Network, subject: String, at: Timestamp, body: [UInt8]? = nil
    ) {
        self.at = at
        self.network = network
        self.kind = kind
        self.subject = subject
        self.body = body
    }
}
