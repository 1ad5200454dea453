import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// The page on which somebody looks for an alert's sale.
struct AlertSearchModel: Sendable {
    let alertPath: String
    let amount: String
    let choice: AlertPage.ChoiceForm?
    /// What the network said, to compare with.
    let told: [AlertPage.EvidenceRow]
    let hasSearched: Bool
    let sales: [Row]
    let hasSales: Bool
    /// Whether there may be more than are shown.
    let isCut: Bool

    /// A transaction that was found.
    struct Row: Sendable {
        let reference: String
        let orderPath: String?
        let order: String?
        let amount: String?
        let at: TimeText?
        let fits: String
        let differs: String?
        let isChosen: Bool
        let choosePath: String
    }

    init(
        _ alert: Alert, _ text: String?, _ sales: [AlertDossier.Sale], _ trouble: String?,
        _ place: AlertPage.Place
    ) {
        alertPath = place.path("/alerts/\(alert.id.text)")
        amount = Money.text(alert.transaction.amount, alert.transaction.currency)
        choice = AlertPage.ChoiceForm(alert, search: text, trouble: trouble, place)
        told = AlertPage.EvidenceRow.told(alert)
        hasSearched = text != nil && trouble == nil
        self.sales = sales.map { Row($0, of: alert, place) }
        hasSales = !sales.isEmpty
        isCut = sales.count >= Limits.salesOfferedMax
    }
}

extension AlertSearchModel.Row {
    fileprivate init(_ sale: AlertDossier.Sale, of alert: Alert, _ place: AlertPage.Place) {
        reference = sale.name.reference
        orderPath = sale.order.map { place.path("/orders/\($0.id.text)") }
        order = sale.order?.referenceID
        amount = sale.transaction.flatMap { transaction in
            transaction.amount.map { Money.text($0, transaction.currency ?? "") }
        }
        at = TimeText(sale.transaction?.authorisedAt)
        fits = AlertMatchWords.fields(sale.evidence, .equal) ?? "nothing"
        differs = AlertMatchWords.fields(sale.evidence, .contradicts)
        isChosen = alert.sale == sale.name
        choosePath = place.choosePath(sale.name, of: alert.id)
    }
}

/// What is asked before an alert's sale is set by hand.
struct AlertChoiceModel: Sendable {
    let question: String
    let alertPath: String
    let searchPath: String
    let path: String
    let amount: String
    let status: AlertStateChip
    /// What the alert has now.
    let current: String
    /// What follows, sentence by sentence.
    let consequences: [String]
    let endsInvalid: Bool
    let button: String
    /// nil for none of the known sales.
    let sale: AlertPage.SaleModel?
    let told: [AlertPage.EvidenceRow]
    /// What the refund guard says of the sale.
    let advice: String?
    let adviceTone: String
    let integrationID: String?
    let reference: String?
    /// What the form was made of, to tell whether it still is so.
    let stand: String
    /// Whether somebody was quicker.
    let isStale: Bool
    /// What happened meanwhile.
    let turn: Turn?

    /// Something that changed the alert's sale or status.
    struct Turn: Sendable {
        let title: String
        let actor: String?
        let at: TimeText
    }

    init(_ proposal: AlertCaseService.Proposal, _ place: AlertPage.Place, isStale: Bool) {
        let (dossier, alert) = (proposal.dossier, proposal.dossier.alert)
        let name = proposal.sale?.name
        question =
            name.map { "Set the sale of this alert to transaction \($0.reference)?" }
            ?? "Is none of the known sales right?"
        alertPath = place.path("/alerts/\(alert.id.text)")
        searchPath = place.choicePath(of: alert.id)
        path = searchPath
        amount = Money.text(alert.transaction.amount, alert.transaction.currency)
        status = AlertStateChip(alert)
        current = Self.current(dossier)
        consequences = AlertChoiceWords(proposal).sentences
        endsInvalid = proposal.endsInvalid
        button = name == nil ? "Yes, no known sale is right" : "Yes, this is the sale"
        sale = proposal.sale.map { AlertPage.SaleModel(alert, $0, place) }
        told = proposal.sale == nil ? AlertPage.EvidenceRow.told(alert) : []
        let advice = name.map { _ in AlertRefundAdvice(proposal) }
        self.advice = advice?.sentence
        adviceTone = advice?.tone.rawValue ?? ""
        integrationID = name?.integrationID.text
        reference = name?.reference
        stand = proposal.stand
        self.isStale = isStale
        turn = isStale ? Self.turn(dossier, place) : nil
    }

    private static func current(_ dossier: AlertDossier) -> String {
        let isByHand = dossier.judgement?.isSetByHand == true
        guard let sale = dossier.sale else {
            return isByHand ? "No sale, set by hand" : "No sale"
        }
        return
            "Transaction \(sale.name.reference), \(isByHand ? "set by hand" : "found by matching")"
    }

    private static func turn(_ dossier: AlertDossier, _ place: AlertPage.Place) -> Turn? {
        let facts = AlertHistory.Facts(dossier, seesReasons: place.seesReasons)
        return AlertHistory(facts).lastTurn.map {
            Turn(title: $0.title, actor: $0.actor, at: TimeText($0.at))
        }
    }
}

extension AlertRefundAdvice {
    /// Of the sale that is proposed.
    fileprivate init(_ proposal: AlertCaseService.Proposal) {
        self.init(
            proposal.dossier.alert, hasSale: true, proposal.refunds.ledger,
            networkRefund: proposal.refunds.networkRefund)
    }
}

/// What follows when an alert's sale is set by hand.
struct AlertChoiceWords: Sendable {
    let network: String
    let isOpen: Bool
    let isNone: Bool
    let endsInvalid: Bool
    let isSimulated: Bool

    /// One after the other.
    var sentences: [String] {
        guard !endsInvalid else {
            return [
                "The alert becomes INVALID: no action is needed or taken any more.",
                isSimulated
                    ? "No network is told, because the alert is simulated."
                    : "\(network) is told that there is no such sale.",
                "This cannot be taken back.",
            ]
        }
        return [isOpen ? open : ended, isNone || !isOpen ? nil : Self.unjudged, Self.kept]
            .compactMap(\.self)
    }

    private var open: String {
        isNone
            ? "The alert has no sale then. It stays open and waits for your decision."
            : "The alert stays open and waits for your decision; the refund guard goes by this sale."
    }

    private var ended: String {
        "The alert stays as it ended"
            + (isSimulated ? "." : ", and what \(network) was told stays as it is.")
    }

    private static let unjudged =
        "It is not judged again: that the sale was refunded or disputed before does not make it invalid."
    private static let kept =
        "Orders that come later do not change it any more; you can, by naming another sale."
}

extension AlertChoiceWords {
    init(_ proposal: AlertCaseService.Proposal) {
        let dossier = proposal.dossier
        network = dossier.alert.enrolmentType.networkName
        isOpen = dossier.alert.state.status == .actionRequired
        isNone = proposal.sale == nil
        endsInvalid = proposal.endsInvalid
        isSimulated = dossier.judgement?.isSimulated ?? dossier.alert.networkID.hasPrefix("SIM")
    }
}
