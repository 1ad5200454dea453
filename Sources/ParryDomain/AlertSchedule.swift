package import ParryWire

/// When an open alert needs the platform's attention: at its reminders, and at its deadline.
package struct AlertSchedule: Sendable, Hashable {
    /// Hours before the deadline.
    package let reminderHours: [Int]

    package init(reminderHours: [Int]) {
        self.reminderHours = reminderHours
    }

    /// The first reminder after this instant, or the deadline; nil for an alert that waits for nothing.
    ///
    /// - Parameter now: In the time of the alert's organisation, as the deadline is.
    package func next(of alert: Alert, after now: Timestamp) -> Timestamp? {
        guard alert.state.status == .actionRequired, let deadline = alert.actionRequiredDeadline
        else { return nil }
        return reminders(of: deadline).filter { $0 > now }.min() ?? deadline
    }

    /// Whether a reminder lies in this time; of several that were missed one is given.
    ///
    /// - Parameter last: Until when reminders were given; nil for never.
    package func hasReminder(of alert: Alert, after last: Timestamp?, until now: Timestamp) -> Bool
    {
        guard alert.state.status == .actionRequired, let deadline = alert.actionRequiredDeadline
        else { return false }
        let begin = last ?? alert.receivedAt
        return reminders(of: deadline).contains { $0 > begin && $0 <= now }
    }

    private func reminders(of deadline: Timestamp) -> [Timestamp] {
        reminderHours.map { deadline.adding(seconds: Int64($0) * -3_600) }
    }
}

extension Alert {
    /// Ends an open alert whose deadline has passed: the money stays with the merchant, and the dispute takes its
    /// course. Says whether it was so.
    package mutating func expire(now: Timestamp) -> Bool {
        guard state.status == .actionRequired, let deadline = actionRequiredDeadline,
            now >= deadline
        else { return false }
        state.status = .resolved
        state.refundOutcome = .notRefunded
        updatedAt = now
        return true
    }

    /// Carries out what a ruleset decided about an open Ethoca alert; says whether anything changed.
    ///
    /// Without a connection to a processor nobody has moved money, so that only ACCEPT_DISPUTE is carried out; the other
    /// outcomes are recommendations (CONTRACT.md 10).
    package mutating func take(_ decision: RulesetDecision) -> Bool {
        guard decision.outcome == .acceptDispute, state.status == .actionRequired,
            enrolmentType == .ethocaAlert
        else { return false }
        state.status = .resolved
        state.refundOutcome = .notRefunded
        return true
    }
}
