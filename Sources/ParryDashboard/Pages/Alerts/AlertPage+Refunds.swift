import ParryDomain
import ParryService
import ParryWire

/// What the refund guard says before somebody acts.
struct AlertRefundAdvice: Sendable {
    /// How urgent the sentence is, for its colour; the sentence itself says it, too.
    enum Tone: String, Sendable {
        case good, warn, bad
    }

    let tone: Tone
    /// The one sentence on top.
    let sentence: String

    private init(_ tone: Tone, _ sentence: String) {
        self.tone = tone
        self.sentence = sentence
    }

    /// Whether giving the money back would be a mistake.
    var forbidsRefund: Bool { tone == .bad }

    /// - Parameters:
    ///   - hasSale: Whether the alert was matched.
    ///   - ledger: nil where nothing can be counted.
    ///   - networkRefund: The case by which the network refunded the sale.
    init(_ alert: Alert, hasSale: Bool, _ ledger: RefundLedger?, networkRefund: Alert? = nil) {
        guard hasSale else {
            self.init(
                .warn,
                "Not known: no sale was found, so nobody here can say whether it was refunded. Look it up in "
                    + "your own system before you refund.")
            return
        }
        let isOpen = alert.state.status == .actionRequired
        if isOpen, let networkRefund {
            self.init(
                .bad,
                "Do not refund: the network refunded this sale\(Self.on(networkRefund.receivedAt)) (Verifi RDR)."
            )
            return
        }
        guard let ledger else {
            self.init(
                .warn,
                "Not known: the order does not say how much the sale was, or is not kept any more. Look it up "
                    + "in your own system before you refund.")
            return
        }
        self = isOpen ? Self.before(alert, ledger) : Self.after(alert, ledger)
    }

    /// While somebody is about to act.
    private static func before(_ alert: Alert, _ ledger: RefundLedger) -> Self {
        let (whole, gone) = (ledger.text(ledger.amount), ledger.text(ledger.refunded))
        let isSame = alert.transaction.currency == ledger.currency
        let wanted = isSame ? alert.transaction.amount : ledger.amount
        switch ledger.judge(min(wanted, ledger.amount)) {
        case .alreadyRefunded:
            return Self(
                .bad,
                "Do not refund: the sale has been refunded already\(on(lastRefund(ledger))), \(gone) of "
                    + "\(whole).")
        case .exceedsRemaining, .inFlight:
            let free = max(0, ledger.remaining - ledger.inFlight)
            guard free > 0 else {
                return Self(
                    .warn,
                    "Wait: \(ledger.text(ledger.inFlight)) is being refunded at this moment, and nothing is "
                        + "left beside it.")
            }
            let parts = [
                ledger.refunded > 0 ? "\(gone) of \(whole) has gone back already" : nil,
                ledger.inFlight > 0 ? "\(ledger.text(ledger.inFlight)) is on its way back" : nil,
            ].compactMap(\.self)
            return Self(
                .warn,
                "Refund \(ledger.text(free)) at most: \(parts.joined(separator: ", and ")).")
        case .safe where ledger.refunded == 0:
            return Self(.good, "Safe to refund: nothing has been refunded yet.")
        case .safe:
            return Self(
                .good,
                "Safe to refund \(ledger.text(min(wanted, ledger.remaining))): \(gone) of \(whole) has gone "
                    + "back before.")
        }
    }

    /// When it has been decided: what is known now.
    private static func after(_ alert: Alert, _ ledger: RefundLedger) -> Self {
        let (whole, gone) = (ledger.text(ledger.amount), ledger.text(ledger.refunded))
        if ledger.refunded > ledger.amount {
            return Self(
                .bad, "More was refunded than the sale: \(gone) of \(whole). Get one refund back.")
        }
        if ledger.refunded == 0 {
            return Self(.good, "Nothing of this sale has been refunded, as far as is known here.")
        }
        return Self(
            .good,
            "\(gone) of \(whole) has been refunded\(on(lastRefund(ledger))). Do not refund it again."
        )
    }

    private static func lastRefund(_ ledger: RefundLedger) -> Timestamp? {
        ledger.entries.compactMap(\.at).max()
    }

    private static func on(_ time: Timestamp?) -> String {
        time.map { " on \($0.iso8601.prefix(10))" } ?? ""
    }
}

extension AlertRefundAdvice {
    init(_ dossier: AlertDossier) {
        self.init(
            dossier.alert, hasSale: dossier.sale != nil, dossier.refunds.ledger,
            networkRefund: dossier.networkRefund)
    }
}

extension AlertDossier {
    /// The case by which the network refunded the sale of an alert.
    var networkRefund: Alert? { refunds.networkRefund }
}

extension AlertDossier.Refunds {
    /// The case by which the network refunded the sale.
    var networkRefund: Alert? {
        others.first {
            $0.enrolmentType == .verifiRDR && $0.state.status == .resolved
                && $0.state.refundOutcome == .refunded
        }
    }
}

extension RefundLedger {
    /// An amount in its currency.
    func text(_ amount: Int64) -> String { Money.text(amount, currency) }
}

extension AlertPage {
    /// What speaks for and against giving the money back.
    struct Guard: Sendable {
        let tone: String
        let sentence: String
        /// `49.00 USD of 49.00 USD`
        let remaining: String?
        let inFlight: String?
        let refunds: [RefundRow]
        let intents: [IntentRow]
        let others: [OtherAlert]
        let hasOthers: Bool
        /// Whether there may be more of them.
        let isOthersCut: Bool
    }

    /// A refund that is known.
    struct RefundRow: Sendable {
        let amount: String
        let source: String
        let reference: String?
        let alertPath: String?
        let at: TimeText?
    }

    /// A refund that somebody asked about, and that was not made, as far as is known.
    struct IntentRow: Sendable {
        let id: String
        let amount: String
        let status: String
        let until: TimeText
        let isReserved: Bool
    }

    /// Another alert about the sale.
    struct OtherAlert: Sendable {
        let path: String
        let amount: String
        let network: String
        let status: String
        let receivedAt: TimeText
    }
}

extension AlertPage.Guard {
    init(_ dossier: AlertDossier, _ place: AlertPage.Place) {
        let ledger = dossier.refunds.ledger
        let advice = AlertRefundAdvice(dossier)
        tone = advice.tone.rawValue
        sentence = advice.sentence
        remaining = ledger.map { "\($0.text($0.remaining)) of \($0.text($0.amount))" }
        inFlight = ledger.flatMap { $0.inFlight > 0 ? $0.text($0.inFlight) : nil }
        refunds =
            ledger.map { ledger in
                ledger.entries.map { AlertPage.RefundRow($0, dossier.alert.id, ledger, place) }
            } ?? []
        intents = dossier.refunds.intents.filter { $0.status != .committed }
            .map(AlertPage.IntentRow.init)
        others = dossier.refunds.others.map { AlertPage.OtherAlert($0, place) }
        hasOthers = !others.isEmpty
        // The alert itself may be one of those that were looked at.
        isOthersCut = others.count >= Limits.alertsOfSaleShownMax - 1
    }
}

extension AlertPage.RefundRow {
    fileprivate init(
        _ entry: RefundLedger.Entry, _ own: AlertID, _ ledger: RefundLedger,
        _ place: AlertPage.Place
    ) {
        amount = entry.amount.map(ledger.text) ?? "Not known, counts as all of it"
        let isOwn = entry.alertID == own
        source =
            switch entry.source {
            case .order: "Told by the order"
            case .intent: "Committed after asking the refund guard"
            case .network: isOwn ? "By the network, this very case" : "By the network (Verifi RDR)"
            case .action: isOwn ? "Declared on this alert" : "Declared on another alert"
            }
        reference = entry.reference
        alertPath = entry.alertID.flatMap { isOwn ? nil : place.path("/alerts/\($0.text)") }
        at = TimeText(entry.at)
    }
}

extension AlertPage.IntentRow {
    fileprivate init(_ view: RefundIntentService.IntentView) {
        id = view.intent.id.text
        amount = Money.text(view.intent.amount, view.intent.currency)
        isReserved = view.status == .reserved
        status =
            switch view.status {
            case .reserved: "Reserved: somebody is refunding at this moment"
            case .committed: "Committed: it was refunded"
            case .released: "Released: it was not refunded"
            case .expired: "Expired: nobody said what became of it"
            }
        until = TimeText(view.intent.expiresAt)
    }
}

extension AlertPage.OtherAlert {
    fileprivate init(_ alert: Alert, _ place: AlertPage.Place) {
        path = place.path("/alerts/\(alert.id.text)")
        amount = Money.text(alert.transaction.amount, alert.transaction.currency)
        network = alert.enrolmentType.productName
        status = AlertStateChip(alert).text
        receivedAt = TimeText(alert.receivedAt)
    }
}
