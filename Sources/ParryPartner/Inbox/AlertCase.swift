package import ParryWire

/// An alert on its way to its outcome. A value that says what comes next; ``AlertWorker`` does it.
///
/// Every step is kept before the next begins, and every deed can be done again: the guard and the platform take the
/// same request twice as one, the hook is told the refund intent as its idempotency key. So a crash at any moment leaves
/// a case that goes on where it was.
package struct AlertCase: Sendable, Hashable {
    /// What comes next.
    package enum Step: String, Sendable, CaseIterable {
        /// The hook is asked.
        case decide = "DECIDE"
        /// The refund guard is asked, and reserves the amount.
        case guardRefund = "GUARD"
        /// The hook is about to be asked to refund.
        case refund = "REFUND"
        /// It was asked, and may have refunded.
        case refunding = "REFUNDING"
        /// A person refunds, and says so at the desk.
        case refundByHand = "REFUND_BY_HAND"
        /// The guard is told that the money went back.
        case commit = "COMMIT"
        /// The guard is told that no money goes back.
        case release = "RELEASE"
        /// The platform is told.
        case act = "ACT"
        /// Waits for people.
        case left = "LEFT"
        /// Nothing is left to do.
        case ended = "ENDED"
    }

    /// What was decided.
    package enum Decision: String, Sendable, CaseIterable {
        case refund = "REFUND"
        case accept = "ACCEPT_DISPUTE"

        /// What the platform is told.
        var action: AlertAction { self == .refund ? .refund : .acceptDispute }
    }

    package let id: String
    package internal(set) var organisationID: String
    package internal(set) var status: String
    package internal(set) var deadline: Timestamp?
    /// The alert as the platform showed it.
    package internal(set) var document: [UInt8]
    package internal(set) var step: Step
    package internal(set) var decision: Decision?
    package internal(set) var note: String?
    /// The transaction that is to be refunded: the alert's, or the one that the hook named.
    package internal(set) var integrationID: String?
    package internal(set) var transactionReference: String?
    /// What is to be refunded of it, in the currency's minor unit.
    package internal(set) var amount: Int64?
    package internal(set) var currency: String?
    package internal(set) var refundIntentID: String?
    package internal(set) var refundReference: String?
    /// Why it waits, or what failed.
    package internal(set) var reason: String?
    /// How often the refund guard was asked anew: a question that has an answer gets the same one again.
    package internal(set) var round: Int64 = 0
    package internal(set) var attempts: Int64 = 0
    /// When the next step is tried; nil where it waits for people, or for nothing.
    package internal(set) var dueAt: Timestamp?
    /// The last warning that was given, in minutes before the deadline.
    package internal(set) var warnedMinutes: Int64?
    package internal(set) var seenAt: Timestamp
}

extension AlertCase {
    /// An alert that is seen for the first time.
    ///
    /// - Parameter isOurs: Whether to decide about it; those of acceptance runs are left alone.
    init(_ alert: SeenAlert, isOurs: Bool, at now: Timestamp) {
        id = alert.id
        organisationID = alert.organisationID
        status = alert.status
        deadline = alert.deadline
        document = alert.document
        integrationID = alert.integrationID
        transactionReference = alert.transactionReference
        amount = alert.amount
        currency = alert.currency
        seenAt = now
        step = !alert.isActionable ? .ended : isOurs ? .decide : .left
        dueAt = step == .decide ? now : nil
        if step == .left { reason = "belongs to an acceptance run" }
    }

    /// Takes over what the platform shows now. An alert that ended elsewhere is not acted on any more.
    mutating func see(_ alert: SeenAlert, at now: Timestamp) {
        status = alert.status
        deadline = alert.deadline
        document = alert.document
        seenAt = now
        // What the hook named stands only where the platform knows of none; what is reserved does not move.
        if refundIntentID == nil, alert.transactionReference != nil || decision == nil {
            integrationID = alert.integrationID
            transactionReference = alert.transactionReference
        }
        guard !alert.isActionable else { return }
        end(at: now)
    }

    private mutating func end(at now: Timestamp) {
        switch step {
        // What was reserved and may have been paid stays in front of people until they say which.
        case .left where refundIntentID != nil: return
        case .decide, .guardRefund, .act, .left: go(.ended, at: nil)
        case .refund:
            go(.release, at: now)
            reason = "the alert ended before it was refunded"
        case .refundByHand: leaveRefund("the alert ended before the refund was confirmed")
        // What the hook says of the money is heard, whatever became of the alert.
        case .refunding, .commit, .release, .ended: return
        }
    }

    /// Whether the alert can still be acted on.
    var isOpen: Bool { status == AlertStatus.actionRequired.rawValue }

    /// The hook is asked now; from here on it may have refunded.
    mutating func beginRefund(at now: Timestamp) {
        let before = attempts
        go(.refunding, at: now)
        attempts = before
    }

    /// The reservation is gone before the hook was asked: the guard is asked anew.
    mutating func reserveAgain(at now: Timestamp) {
        refundIntentID = nil
        round += 1
        go(.guardRefund, at: now)
    }

    /// The hook was asked, and what it did is not known, and asking again could pay twice.
    mutating func leaveRefund(_ why: String) {
        leave(
            "\(why); see whether the money went back under \(refundIntentID ?? "the refund intent"), then confirm "
                + "or release it")
    }

    /// The hook decided.
    mutating func decide(_ answer: HookDecision, at now: Timestamp) {
        note = answer.note
        switch answer.verdict {
        case .leave: leave(answer.note ?? "the hook leaves it to people")
        case .accept:
            decision = .accept
            go(.act, at: now)
        case .refund:
            decision = .refund
            integrationID = answer.integrationID ?? integrationID
            transactionReference = answer.transactionReference ?? transactionReference
            amount = answer.amount ?? amount
            currency = answer.currency ?? currency
            go(.guardRefund, at: now)
        }
    }

    /// A person decided at the desk.
    mutating func decide(_ decision: Decision, note: String?, at now: Timestamp) {
        self.decision = decision
        self.note = note
        round += 1
        go(decision == .refund ? .guardRefund : .act, at: now)
    }

    /// The refund guard answered.
    ///
    /// - Parameter hasHook: Without a hook a person refunds.
    mutating func hear(_ verdict: GuardVerdict, hasHook: Bool, at now: Timestamp) {
        switch verdict {
        case .safe(let intent):
            refundIntentID = intent
            if hasHook {
                go(.refund, at: now)
            } else {
                go(.refundByHand, at: nil)
                reason = "refund it, then confirm here"
            }
        case .alreadyRefunded:
            reason = "it was refunded before: nothing is refunded again"
            go(.act, at: now)
        case .inFlight:
            round += 1
            retry("another refund of the transaction is on its way", at: now)
        case .impossible(let why):
            round += 1
            leave(why)
        }
    }

    /// Whether so little time is left that a refund could come after the deadline.
    ///
    /// - Parameter now: The platform's time.
    func isTooLate(toTake seconds: Int64, at now: Timestamp) -> Bool {
        guard let deadline else { return false }
        return now.adding(seconds: seconds) >= deadline
    }

    /// The money went back.
    mutating func refunded(reference: String?, at now: Timestamp) {
        refundReference = reference
        go(.commit, at: now)
    }

    /// The money did not go back, and will not.
    mutating func notRefunded(_ why: String, at now: Timestamp) {
        decision = nil
        go(.release, at: now)
        reason = why
    }

    /// The guard knows it.
    mutating func committed(at now: Timestamp) {
        go(isOpen ? .act : .ended, at: isOpen ? now : nil)
    }

    /// The guard gave the amount free.
    mutating func released() {
        refundIntentID = nil
        round += 1
        if isOpen {
            leave(reason ?? "not refunded")
        } else {
            go(.ended, at: nil)
        }
    }

    /// The platform was told.
    mutating func ended() {
        go(.ended, at: nil)
    }

    /// Waits for people.
    mutating func leave(_ why: String) {
        go(.left, at: nil)
        reason = why
    }

    /// Tries the same step again, later and later, at most every five minutes, and soon again when the deadline is
    /// near.
    mutating func retry(_ why: String, at now: Timestamp) {
        attempts += 1
        reason = why
        var delay = min(300, Int64(1) << min(attempts, 9))
        if let deadline {
            let left = (deadline.milliseconds - now.milliseconds) / 1_000
            delay = max(1, min(delay, left / 10))
        }
        dueAt = now.adding(seconds: delay)
    }

    private mutating func go(_ next: Step, at due: Timestamp?) {
        step = next
        dueAt = due
        attempts = 0
        if next != .act { reason = nil }
    }
}

/// What the platform shows of an alert.
struct SeenAlert: Sendable {
    let id: String
    let organisationID: String
    let status: String
    let enrolmentType: String
    let deadline: Timestamp?
    let integrationID: String?
    let transactionReference: String?
    let refundOutcome: String?
    let amount: Int64?
    let currency: String?
    let document: [UInt8]

    /// - Throws: ``PartnerError`` where the answer is no alert.
    init(_ document: [UInt8]) throws {
        guard let root = try? JSONDocument.parse(document).root, let id = root["id"]?.string,
            let status = root["status"]?.string
        else { throw PartnerError("the platform's answer is no alert") }
        self.id = id
        self.status = status
        self.document = document
        organisationID = root["organisation_id"]?.string ?? ""
        enrolmentType = root["enrolment_type"]?.string ?? ""
        deadline = root["action_required_deadline"]?.string.flatMap { Timestamp(iso8601: $0) }
        integrationID = root["integration_id"]?.string
        transactionReference = root["integration_transaction_id"]?.string
        refundOutcome = root["transaction_refund_outcome"]?.string
        amount = root["transaction_amount_in_cents"]?.integer
        currency = root["transaction_currency_code"]?.string
    }

    /// RDR alerts are decided at the network.
    var isActionable: Bool {
        status == AlertStatus.actionRequired.rawValue
            && enrolmentType != EnrolmentType.verifiRDR.rawValue
    }
}

/// What the hook says when it is asked to decide.
struct HookDecision: Sendable, Hashable {
    enum Verdict: String, Sendable {
        case refund
        case accept
        case leave
    }

    let verdict: Verdict
    let note: String?
    /// For an alert that the platform did not match.
    let integrationID: String?
    let transactionReference: String?
    let amount: Int64?
    let currency: String?
}

/// What the refund guard says.
enum GuardVerdict: Sendable, Hashable {
    /// The amount is reserved under this intent.
    case safe(intent: String)
    case alreadyRefunded
    case inFlight
    case impossible(String)
}
