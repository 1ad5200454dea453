import ParryDomain
import ParryWire

// What pages about webhooks call things.

extension EventType {
    /// What the guide's integration subscribes to, chosen in a new form.
    static let ofGuide: Set<EventType> = [
        .alertCreated, .alertUpdated, .enrolmentCreated, .enrolmentUpdated,
    ]

    /// When it happens, for who chooses.
    var sentence: String {
        switch self {
        case .alertCreated: "An alert arrived. What a ruleset decided at once is in it."
        case .alertUpdated: "An alert was decided, annotated, matched anew or ended."
        case .alertDeadlineApproaching: "An open alert has 24, then 4 hours left."
        case .alertNeedsAttention: "Somebody has to look at an alert."
        case .enrolmentCreated: "An enrolment was made."
        case .enrolmentUpdated: "An enrolment's status, note or descriptors changed."
        case .schemeNoticeCreated: "A fraud or dispute notice arrived from a card scheme."
        case .schemeNoticeUpdated: "A notice changed. Nothing changes one today."
        case .lookupCreated: "A lookup arrived."
        case .lookupUpdated: "A lookup changed. Nothing changes one today."
        }
    }

    /// The page of what an event is about, inside the account; nil where there is none.
    func path(of objectID: String) -> String? {
        switch self {
        case .alertCreated, .alertUpdated, .alertDeadlineApproaching, .alertNeedsAttention:
            "/alerts/\(objectID)"
        case .enrolmentCreated, .enrolmentUpdated: "/enrolments/\(objectID)"
        case .schemeNoticeCreated, .schemeNoticeUpdated, .lookupCreated, .lookupUpdated: nil
        }
    }
}

/// A word that stands for a state, with the colour that goes with it.
struct StateChip: Sendable, Hashable {
    let label: String
    /// `good`, `bad`, `warn` or nothing.
    let tone: String
    /// What it means and what to do, where that is not plain.
    var sentence: String?

    init(_ label: String, _ tone: String, _ sentence: String? = nil) {
        self.label = label
        self.tone = tone
        self.sentence = sentence
    }

    init(_ state: DeliveryState) {
        switch state {
        case .pending: self.init("Waiting", "")
        case .delivered: self.init("Delivered", "good")
        case .failed: self.init("Failed", "bad")
        }
    }

    /// How a delivery is: one that waits although it was sent has not been taken.
    init(_ delivery: Delivery) {
        if delivery.state == .pending, delivery.attemptCount > 0 {
            self.init("Not taken yet", "warn")
        } else {
            self.init(delivery.state)
        }
    }

    init(_ status: RedeliveryStatus) {
        switch status {
        case .running: self.init("Running", "warn")
        case .completed: self.init("Done", "good")
        }
    }

    /// How an endpoint is.
    ///
    /// - Parameters:
    ///   - refused: How many of those that wait were sent and not taken, in words; nil for none.
    ///   - dueSince: Since when the oldest of what waits is due.
    init(isPaused: Bool, refused: String? = nil, dueSince: Timestamp?, now: Timestamp) {
        if isPaused {
            self.init(
                "Paused", "warn",
                "Nothing is sent. What happens waits, and goes out as soon as you resume. An endpoint "
                    + "that answers 410 Gone is paused by itself.")
        } else if let dueSince, dueSince < now.adding(seconds: -Self.lateSeconds) {
            self.init(
                "Held back", "bad",
                "What is due has waited for more than a minute: the receiver takes events more slowly "
                    + "than they come, or it failed \(Limits.breakerFailures) times in a row and is "
                    + "only tried every \(Limits.breakerProbeSeconds) seconds until it takes one. "
                    + "Nothing is lost. The deliveries say what it answered.")
        } else if let refused {
            self.init(
                "Failing", "bad",
                "What was sent and not taken: \(refused). It is tried again by its schedule. Open a "
                    + "delivery to see what the receiver said.")
        } else {
            self.init("Active", "good")
        }
    }

    /// The breaker's pause twice over: what is due longer than that is held back.
    private static let lateSeconds = 2 * Limits.breakerProbeSeconds
}

extension DeliveryAttempt {
    /// What came of it, in words.
    var sentence: String {
        switch outcome {
        case .failed(let reason): Self.sentence(of: reason)
        case .answered(200...299): "The receiver took it."
        case .answered(300...399): "A redirect; redirects are not followed. Name the final URL."
        case .answered(401), .answered(403):
            "The receiver refused it. Its check of the signature may use another secret."
        case .answered(404): "Nothing is at this path of the receiver."
        case .answered(410): "The receiver says that it is gone for good: the endpoint was paused."
        case .answered(429): "The receiver asks for less at a time."
        case .answered(400...499): "The receiver refused it."
        case .answered(500...599): "The receiver had an error of its own."
        case .answered: "Not an answer that says the event was taken."
        }
    }

    private static func sentence(of reason: String) -> String {
        guard let first = reason.first else { return "No answer came." }
        return first.uppercased() + reason.dropFirst() + "."
    }

    /// The status of the answer; nil without one.
    var status: Int? {
        if case .answered(let status) = outcome { status } else { nil }
    }
}

extension Limits {
    /// `at once, then after 1 min, 5 min, 30 min, 2 h, 12 h`
    static var webhookScheduleText: String {
        let waits = webhookRetrySeconds.map { seconds in
            seconds < 3_600 ? "\(seconds / 60) min" : "\(seconds / 3_600) h"
        }
        return "at once, then after " + waits.joined(separator: ", ")
    }
}
