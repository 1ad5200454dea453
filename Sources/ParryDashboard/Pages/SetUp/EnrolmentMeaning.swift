import ParryDomain
import ParryWire

/// What a status of an enrolment means, for who sets it up and for the customer who asks (CONTRACT.md 7.3).
struct EnrolmentMeaning: Sendable {
    /// The status as people say it.
    let title: String
    /// For the partner: what to do in its own system.
    let partner: String
    /// What to tell the customer.
    let customer: String
    /// Of the chip: `good`, `warn`, `bad` or empty.
    let tone: String

    init(_ status: EnrolmentStatus, of type: EnrolmentType) {
        (title, tone) = Self.chip(status)
        partner = Self.advice(status)
        customer = Self.news(status, of: type)
    }

    /// The status as people say it, whatever the product.
    static func title(_ status: EnrolmentStatus) -> String { chip(status).title }

    private static func chip(_ status: EnrolmentStatus) -> (title: String, tone: String) {
        switch status {
        case .pending: ("Pending", "")
        case .inProgress: ("In progress", "")
        case .actionRequired: ("Action required", "warn")
        case .enabled: ("Enabled", "good")
        case .failed: ("Failed", "bad")
        case .cancelled: ("Cancelled", "")
        case .paused: ("Paused", "warn")
        case .unenrolled: ("Unenrolled", "")
        }
    }

    private static func advice(_ status: EnrolmentStatus) -> String {
        switch status {
        case .pending: "Submitted, not live. Show it as submitted; no alerts arrive yet."
        case .inProgress:
            "Being configured by the platform or the alert provider. No alerts arrive yet."
        case .actionRequired:
            "Blocked: do not go live with it. The note is for the customer; show it to who looks "
                + "after them."
        case .enabled: "Live. Alerts may arrive for this product and what is enrolled in it."
        case .failed: "It has failed for good. Escalate with the note and the enrolment's id."
        case .cancelled: "Inactive: it was cancelled before it went live. Expect no alerts."
        case .paused: "Inactive for now. Do not treat what it names as live for new alerts."
        case .unenrolled:
            "Inactive: it has ended. Do not treat what it names as live for new alerts."
        }
    }

    private static func news(_ status: EnrolmentStatus, of type: EnrolmentType) -> String {
        let product = SetUpWords.product(type)
        let days =
            switch type {
            case .ethocaAlert: "two or three working days"
            case .verifiRDR: "up to ten working days"
            }
        return switch status {
        case .pending:
            "Your enrolment in \(product) has been submitted. It usually takes \(days) to go live."
        case .inProgress:
            "Your enrolment in \(product) is being set up at the card network. It usually takes "
                + "\(days)."
        case .actionRequired:
            "Your enrolment in \(product) needs something from you. The note says what."
        case .enabled: "Your enrolment in \(product) is live."
        case .failed: "Your enrolment in \(product) did not succeed. We are looking into it."
        case .cancelled: "Your enrolment in \(product) has been cancelled."
        case .paused: "Your enrolment in \(product) is paused. No new alerts arrive meanwhile."
        case .unenrolled: "Your enrolment in \(product) has ended."
        }
    }
}
