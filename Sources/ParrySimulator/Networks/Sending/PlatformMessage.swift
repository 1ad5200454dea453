/// What a network tells the platform unasked: it is pushed until it is acknowledged.
package enum PlatformTopic: String, Sendable, CaseIterable {
    case alerts
    case ethocaResults
    case verifiResults
    case notifications

    /// Where it goes at the platform (NETWORKS.md).
    package var path: String {
        switch self {
        case .alerts: "/networks/ethoca/alerts"
        case .ethocaResults: "/networks/ethoca/enrolments"
        case .verifiResults: "/networks/verifi/enrolments"
        case .notifications: "/networks/verifi/rdr/notifications"
        }
    }

    /// Whose message it is.
    package var network: LedgerEntry.Network {
        switch self {
        case .alerts, .ethocaResults: .ethoca
        case .verifiResults, .notifications: .verifi
        }
    }

    var sent: LedgerEntry.Kind {
        switch self {
        case .alerts: .alertSent
        case .ethocaResults, .verifiResults: .resultSent
        case .notifications: .notificationSent
        }
    }

    var acknowledged: LedgerEntry.Kind {
        switch self {
        case .alerts: .alertAcknowledged
        case .ethocaResults, .verifiResults: .resultAcknowledged
        case .notifications: .notificationAcknowledged
        }
    }

    var notAcknowledged: LedgerEntry.Kind {
        switch self {
        case .alerts: .alertNotAcknowledged
        case .ethocaResults, .verifiResults: .resultNotAcknowledged
        case .notifications: .notificationNotAcknowledged
        }
    }

    var givenUp: LedgerEntry.Kind {
        switch self {
        case .alerts: .alertGivenUp
        case .ethocaResults, .verifiResults: .resultGivenUp
        case .notifications: .notificationGivenUp
        }
    }
}

/// One alert, result or notification on its way.
package struct PlatformMessage: Sendable, Equatable {
    /// The id that the ledger knows it by.
    package var subject: String
    package var body: [UInt8]
    /// Which push of it this is, from 1.
    package var attempt = 1
    /// What the ledger notes beside it, such as a result's finality.
    package var word: String?
    /// Whether it is pushed again when nobody acknowledges it.
    package var isRepeated = true

    /// What the ledger notes of one that nobody repeats.
    static let once = "ONCE"

    /// A message for its first push.
    package init(
        subject: String, body: [UInt8], attempt: Int = 1, word: String? = nil,
        isRepeated: Bool = true
    ) {
        self.subject = subject
        self.body = body
        self.attempt = attempt
        self.word = word
        self.isRepeated = isRepeated
    }
}

/// One request to the platform. Alerts share one; everything else travels alone.
package struct PlatformExchange: Sendable, Equatable {
    package var number: Int64
    package var topic: PlatformTopic
    package var messages: [PlatformMessage]
    /// Whether the acknowledgement comes too late to count, however soon it comes: a scenario's
    /// wish.
    package var isTooSlow = false
    /// What is to be told half of an enrolment's delay after this was answered, or was not.
    package var next: NetworkTimer?

    /// A request that is to be sent.
    package init(number: Int64, topic: PlatformTopic, messages: [PlatformMessage]) {
        self.number = number
        self.topic = topic
        self.messages = messages
    }

    /// The body of the request: the list of alerts, or the one message.
    package var body: [UInt8] {
        guard topic == .alerts else { return messages.first?.body ?? [] }
        let bodies = messages.map(\.body).joined(separator: [UInt8(ascii: ",")])
        return Array(#"{"alerts":["#.utf8) + bodies + Array("]}".utf8)
    }
}

/// What came back from the platform.
package struct PlatformReply: Sendable, Equatable {
    /// nil when no answer came.
    package var status: Int?
    package var body: [UInt8] = []
    package var milliseconds: Int64 = 0
    /// Why no answer came.
    package var failure: String?

    /// An answer.
    package init(status: Int, body: [UInt8], milliseconds: Int64) {
        self.status = status
        self.body = body
        self.milliseconds = milliseconds
    }

    /// No answer.
    package init(failure: String, milliseconds: Int64) {
        self.failure = failure
        self.milliseconds = milliseconds
    }
}
