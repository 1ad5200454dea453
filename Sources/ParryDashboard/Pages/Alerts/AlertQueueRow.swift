import ParryDomain
import ParryService
import ParryWire

/// An alert as a line of a table.
struct AlertQueueRow: Sendable {
    let id: String
    /// The end of the id, which tells alerts apart.
    let shortID: String
    let path: String
    let network: String
    let amount: String
    let card: Card?
    let descriptor: String?
    let issuer: String?
    /// nil where there is one organisation alone.
    let organisation: String?
    let received: TimeText
    /// For the script, which tells new alerts by it.
    let receivedMilliseconds: Int64
    let deadline: TimeText?
    /// nil for what is not open.
    let left: TimeLeft?
    /// The transaction that it was matched to.
    let reference: String?
    let attention: String?
    let state: AlertStateChip
    /// Whether somebody can act on it.
    let isOpen: Bool

    /// What is known of the card; a narrow column breaks between the two.
    struct Card: Sendable {
        let scheme: String?
        /// `411111…4242`
        let number: String?
    }

    init(_ alert: Alert, at moment: Moment, organisation: String?, _ visit: SeatVisit) {
        id = alert.id.text
        shortID = String(alert.id.text.suffix(8))
        path = visit.path("/alerts/\(alert.id.text)")
        network = alert.enrolmentType == .verifiRDR ? "Verifi RDR" : "Ethoca"
        amount = Money.text(alert.transaction.amount, alert.transaction.currency)
        card = Card(alert.transaction)
        descriptor = alert.transaction.statementDescriptor
        issuer = alert.transaction.cardIssuer
        self.organisation = organisation
        received = TimeText(alert.receivedAt)
        receivedMilliseconds = alert.receivedAt.milliseconds
        deadline = TimeText(alert.actionRequiredDeadline)
        isOpen = alert.state.status == .actionRequired
        left =
            isOpen
            ? alert.actionRequiredDeadline.map { TimeLeft(until: $0, at: moment.shown) } : nil
        reference = alert.state.integrationTransactionID
        attention = alert.attention?.reason.label
        state = AlertStateChip(alert)
    }
}

/// How much time is left until a deadline. The script counts on.
struct TimeLeft: Sendable {
    /// From when on the chip warns, and when it is nearly too late.
    private static let (warnHours, badHours): (Int64, Int64) = (12, 4)

    let milliseconds: Int64
    /// `5 h 12 min`
    let text: String
    /// The chip's class.
    let tone: String

    init(until deadline: Timestamp, at now: Timestamp) {
        milliseconds = max(0, deadline.milliseconds - now.milliseconds)
        let minutes = milliseconds / 60_000
        let (days, hours) = (minutes / 1_440, minutes / 60 % 24)
        text =
            switch minutes {
            case 0: milliseconds == 0 ? "none" : "under 1 min"
            case ..<60: "\(minutes) min"
            case ..<2_880: "\(minutes / 60) h \(minutes % 60) min"
            default: "\(days) d \(hours) h"
            }
        tone =
            minutes < Self.badHours * 60
            ? "bad" : minutes < Self.warnHours * 60 ? "warn" : ""
    }
}

/// What became of an alert, in a word.
struct AlertStateChip: Sendable {
    let text: String
    /// The chip's class.
    let tone: String

    init(_ alert: Alert) {
        let state = alert.state
        switch (state.status, state.refundOutcome) {
        case (.actionRequired, _): (text, tone) = ("Open", "warn")
        case (.invalid, _): (text, tone) = ("Invalid", "")
        case (.resolved, .refunded):
            (text, tone) = (state.isCancelled ? "Refunded, cancelled" : "Refunded", "good")
        case (.resolved, _):
            (text, tone) = (state.isCancelled ? "Cancelled, not refunded" : "Not refunded", "")
        }
    }
}

extension Alert.State {
    fileprivate var isCancelled: Bool { cancelOutcome == .cancelled }
}

extension AlertQueueRow.Card {
    /// nil where nothing is known.
    fileprivate init?(_ transaction: AlertTransaction) {
        let (bin, last4) = (transaction.cardBIN, transaction.cardLast4)
        scheme = transaction.cardScheme
        number = bin == nil && last4 == nil ? nil : (bin ?? "") + "…" + (last4 ?? "")
        if scheme == nil, number == nil { return nil }
    }
}

extension AttentionReason {
    /// In a few words, for a table.
    var label: String {
        switch self {
        case .caseDeleted: "Case taken back"
        case .outcomeRefused: "Outcome refused"
        case .refundedAfterDecline: "Refunded after decline"
        case .refundedTwice: "Refunded twice"
        case .rateMissing: "Exchange rate missing"
        }
    }
}
