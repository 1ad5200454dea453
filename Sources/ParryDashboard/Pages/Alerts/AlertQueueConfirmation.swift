import ParryDomain
import ParryService
import ParryWire

/// What is asked before alerts are acted on.
struct AlertConfirmationModel: Sendable {
    let question: String
    let consequence: String
    let count: Int
    /// The sums, one for each currency.
    let sums: [String]
    let button: String
    let action: String
    let hasAlerts: Bool
    let alerts: [Line]
    let hasLeftOut: Bool
    /// What nothing can be done to, with the reason.
    let leftOut: [Line]
    let caption: String
    let backPath: String
    let backWords: String
    let back: String
    let actPath: String

    /// An alert, with what to know of it.
    struct Line: Sendable {
        let alert: AlertQueueRow
        /// What the refund guard says.
        let guardText: String
        /// The chip's class.
        let guardTone: String
        /// Why it is left out.
        let reason: String?
    }

    init(
        _ choice: AlertQueueChoice, _ docket: [AlertService.Docketed], _ visit: SeatVisit
    ) {
        let lines = docket.map { entry in
            (entry, Line(entry, choice.action, visit))
        }
        let open = lines.filter { $0.1.reason == nil }
        alerts = open.map(\.1)
        leftOut = lines.map(\.1).filter { $0.reason != nil }
        count = open.count
        hasAlerts = !alerts.isEmpty
        hasLeftOut = !leftOut.isEmpty
        sums = Self.sums(open.map(\.0.alert.transaction))
        let these = count == 1 ? "this alert" : "these \(count) alerts"
        question = choice.action.question(these)
        consequence = choice.action.consequence
        button = choice.action.commitment + (count == 1 ? "" : " (\(count))")
        action = choice.action.rawValue
        caption = count == 1 ? "This alert" : "These alerts"
        backPath = visit.path(choice.back)
        backWords = choice.backWords
        back = choice.backQuery
        actPath = visit.path("/alerts/act")
    }

    private static func sums(_ transactions: [AlertTransaction]) -> [String] {
        let byCurrency = Dictionary(grouping: transactions, by: \.currency)
        return byCurrency.sorted { $0.key < $1.key }.map { currency, those in
            let sum = those.reduce(Int64(0)) { sum, transaction in
                let (total, overflow) = sum.addingReportingOverflow(transaction.amount)
                return overflow ? .max : total
            }
            return Money.text(sum, currency)
        }
    }
}

extension AlertConfirmationModel.Line {
    fileprivate init(
        _ entry: AlertService.Docketed, _ action: AlertAction, _ visit: SeatVisit
    ) {
        alert = AlertQueueRow(entry.alert, at: entry.now, organisation: nil, visit)
        reason = entry.obstacle(to: action)
        (guardText, guardTone) = entry.guardSays(before: action)
    }
}

extension AlertService.Docketed {
    static let networkRefunded =
        "The network has refunded this sale already (Verifi RDR). To refund it once more, open "
        + "the alert."

    /// Why this cannot be done to it; nil when it can.
    fileprivate func obstacle(to action: AlertAction) -> String? {
        if alert.state.status != .actionRequired {
            return "No longer open: \(AlertStateChip(alert).text.lowercased())\(decidedBy)."
        }
        if let deadline = alert.actionRequiredDeadline, now.shown >= deadline {
            return "Its deadline has passed."
        }
        if action.cancels, !allowsCancel {
            return "Its organisation declares no cancellations. The operator can allow them."
        }
        if action.refundOutcome == .refunded, isRefundedAtNetwork {
            return Self.networkRefunded
        }
        return nil
    }

    /// What is known of the sale's refunds, and how loudly to say it.
    fileprivate func guardSays(before action: AlertAction) -> (String, String) {
        guard alert.state.integrationTransactionID != nil else {
            return ("Not matched to an order, so no other refund is known.", "warn")
        }
        guard let ledger else { return ("The sale's amount is not known.", "warn") }
        let isRefund = action.refundOutcome == .refunded
        if ledger.refunded > 0 {
            let sum = Money.text(ledger.refunded, ledger.currency)
            return isRefund
                ? ("\(sum) refunded already. Do not refund that again; only declare it.", "good")
                : (
                    "\(sum) refunded already: the network would be told that the money stays.",
                    "bad"
                )
        }
        if ledger.inFlight > 0 {
            let sum = Money.text(ledger.inFlight, ledger.currency)
            return ("A refund of \(sum) is on its way.", "warn")
        }
        return isRefund
            ? ("No refund is known yet. Refund first, then declare it.", "warn")
            : ("No refund is known.", "")
    }

    /// ` by Ada Lovelace`
    var decidedBy: String { doing.map { " by \($0.actorLabel)" } ?? "" }
}

extension AuditService.Named {
    /// Whoever it was, in words.
    var actorLabel: String {
        if let actorName, !actorName.isEmpty { return actorName }
        if entry.actor == "command" { return "A command" }
        return entry.actor.hasPrefix("key_") ? "API key …\(entry.actor.suffix(6))" : entry.actor
    }
}

extension AlertAction {
    fileprivate func question(_ these: String) -> String {
        switch self {
        case .refund: "Declare \(these) refunded?"
        case .cancel: "Declare the subscription of \(these) cancelled?"
        case .refundAndCancel: "Declare \(these) refunded and cancelled?"
        case .acceptDispute: "Accept the dispute of \(these)?"
        }
    }

    /// As the button says that it is done.
    fileprivate var commitment: String {
        switch self {
        case .refund: "Yes, refunded"
        case .cancel: "Yes, cancelled"
        case .refundAndCancel: "Yes, refunded and cancelled"
        case .acceptDispute: "Yes, accept the dispute"
        }
    }

    /// What it means to network and money.
    fileprivate var consequence: String {
        switch self {
        case .refund:
            "Parry moves no money: REFUND declares that you have refunded. " + Self.isFinal
        case .cancel:
            "Parry cancels nothing: CANCEL declares that you have cancelled the subscription, and "
                + "that the money stays. " + Self.isFinal
        case .refundAndCancel:
            "Parry moves no money and cancels nothing: REFUND_AND_CANCEL declares that you have "
                + "done both. " + Self.isFinal
        case .acceptDispute:
            "ACCEPT_DISPUTE declares that you do not refund: a chargeback may follow. "
                + Self.isFinal
        }
    }

    private static let isFinal = "The network is told so, and it cannot be taken back."
}
