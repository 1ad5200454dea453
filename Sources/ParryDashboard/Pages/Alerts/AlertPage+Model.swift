import ParryDomain
import ParryService
import ParryWire

extension AlertPage {
    /// The page.
    struct Model: Sendable {
        let id: String
        let path: String
        let queuePath: String
        /// Why something was not done.
        var trouble: String?
        let amount: String
        let status: AlertStateChip
        let network: String
        let networkID: String
        let isSimulated: Bool
        let deadline: Deadline?
        /// How it ended; nil while it is open.
        let ended: Ended?
        let attention: Attention?
        let organisation: Link
        let merchant: Link
        let enrolment: Link
        let receivedAt: TimeText
        let due: TimeText?
        let category: String?
        let refundGuard: Guard
        let actions: Actions?
        let sale: SaleModel?
        /// What the network said, where there is no sale to compare it with.
        let told: [EvidenceRow]
        let match: Match
        let note: Note
        let history: [HistoryRow]
        /// How many events and actions are told of, where there may be more.
        let historyCut: String?
        let json: String
        /// nil for a matched alert.
        let escalation: String?
    }

    /// A link with its words.
    struct Link: Sendable {
        let path: String
        let label: String
    }

    /// How an alert ended.
    struct Ended: Sendable {
        let title: String
        let actor: String?
        let at: TimeText
    }

    /// The note and the form that changes it.
    struct Note: Sendable {
        let path: String
        let mayWrite: Bool
        /// As it is kept.
        let current: String?
        /// In the form.
        let draft: String
        let error: String?
        /// Whether somebody else wrote another one meanwhile.
        let isStale: Bool
        /// Who did.
        let writer: String?

        /// What a person typed that could not be kept.
        struct Refused: Sendable {
            let draft: String
            let error: String?
            let isStale: Bool
        }
    }
}

extension AlertPage.Model {
    init(_ dossier: AlertDossier, _ place: AlertPage.Place, _ refused: AlertPage.Note.Refused?) {
        let (alert, judgement) = (dossier.alert, dossier.judgement)
        let facts = AlertHistory.Facts(dossier, seesReasons: place.seesReasons)
        let history = AlertHistory(facts)
        id = alert.id.text
        path = place.path("/alerts/\(alert.id.text)")
        queuePath = place.path("/alerts")
        amount = Money.text(alert.transaction.amount, alert.transaction.currency)
        status = AlertStateChip(alert)
        network = alert.enrolmentType.productName
        networkID = alert.networkID
        isSimulated = facts.isSimulated
        deadline = AlertPage.Deadline(alert, now: dossier.now)
        ended = AlertPage.Ended(alert, history)
        attention = alert.attention.map { AlertPage.Attention($0, alert.id, place) }
        organisation = AlertPage.Link(
            path: place.path("/organisations/\(alert.organisationID.text)"),
            label: dossier.organisationName)
        merchant = AlertPage.Link(
            path: place.path("/merchants/\(alert.merchantID.text)"),
            label: dossier.merchantName ?? alert.merchantID.text)
        enrolment = AlertPage.Link(
            path: place.path("/enrolments/\(alert.enrolmentID.text)"), label: alert.enrolmentID.text
        )
        receivedAt = TimeText(alert.receivedAt)
        due = TimeText(alert.actionRequiredDeadline)
        category = judgement.flatMap { $0.isSimulated ? nil : $0.words }
        refundGuard = AlertPage.Guard(dossier, place)
        actions = AlertPage.Actions(dossier, place)
        sale = dossier.sale.map { AlertPage.SaleModel(alert, $0, place) }
        told = dossier.sale == nil ? AlertPage.EvidenceRow.told(alert) : []
        match = AlertPage.Match(dossier, place)
        note = AlertPage.Note(alert, history, place, refused)
        self.history = AlertPage.HistoryRow.all(history, dossier.life, place)
        let most = max(dossier.life.events.count, dossier.life.doings.count)
        historyCut =
            most < Limits.alertEventsShownMax ? nil : String(Limits.alertEventsShownMax)
        json = JSONText.indented(String(decoding: alert.json(), as: UTF8.self))
        escalation = dossier.sale == nil ? AlertPage.escalation(alert) : nil
    }
}

extension AlertDossier.Judgement {
    /// What the issuer says the matter is.
    fileprivate var words: String {
        let matter = category == .fraud ? "Fraud" : "Customer dispute"
        return reasonCode.map { "\(matter), reason \($0)" } ?? matter
    }
}

extension AlertPage.Ended {
    /// nil while the alert is open. What happened is told by events, which are not kept for ever.
    fileprivate init?(_ alert: Alert, _ history: AlertHistory) {
        guard alert.state.status != .actionRequired else { return nil }
        let ending = history.ending
        title = ending?.title ?? AlertStateChip(alert).text
        actor = ending?.actor
        at = TimeText(ending?.at ?? alert.updatedAt)
    }
}

extension AlertPage.Attention {
    fileprivate init(_ attention: AlertAttention, _ id: AlertID, _ place: AlertPage.Place) {
        sentence = attention.reason.sentence
        since = TimeText(attention.since)
        seenPath = place.mayAct ? place.path("/alerts/\(id.text)/seen") : nil
    }
}

extension AlertPage.Note {
    fileprivate init(
        _ alert: Alert, _ history: AlertHistory, _ place: AlertPage.Place, _ refused: Refused?
    ) {
        path = place.path("/alerts/\(alert.id.text)/note")
        mayWrite = place.mayAct
        current = alert.state.note.map(AlertPage.lines)
        draft = refused?.draft ?? current ?? ""
        error = refused?.error
        isStale = refused?.isStale ?? false
        writer = history.noteWriter
    }
}

extension AlertPage {
    /// What an escalation needs of an alert that found no sale (CONTRACT.md 20).
    static func escalation(_ alert: Alert) -> String {
        let told = alert.transaction
        let lines: [(String, String?)] = [
            ("Alert", alert.id.text), ("Alert at the network", alert.networkID),
            ("Network", alert.enrolmentType.productName), ("Order", "not found"),
            ("Transaction", alert.state.integrationTransactionID ?? "not found"),
            ("ARN", told.acquirerReferenceNumber), ("Authorisation code", told.authorisationCode),
            ("Card brand", told.cardScheme), ("BIN", told.cardBIN), ("Last 4", told.cardLast4),
            ("Amount", Money.text(told.amount, told.currency)), ("Currency", told.currency),
            ("Descriptor", told.statementDescriptor),
            ("Authorised at", told.authorisedAt.truncatedToSecond.iso8601),
            ("Received at", alert.receivedAt.truncatedToSecond.iso8601),
            ("Deadline", alert.actionRequiredDeadline?.truncatedToSecond.iso8601),
        ]
        return lines.map { "\($0.0): \($0.1 ?? "not known")" }.joined(separator: "\n")
    }

    /// A text with the ends of lines that forms do not change.
    static func lines(_ text: String) -> String {
        text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    }
}
