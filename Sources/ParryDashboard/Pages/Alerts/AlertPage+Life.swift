import ParryDomain
import ParryService
import ParryWire

extension AlertPage {
    /// A line of the history.
    struct HistoryRow: Sendable {
        let at: TimeText
        let title: String
        let actor: String?
        let detail: String?
        let rulesetPath: String?
        let isAhead: Bool
        let deliveries: [DeliveryRow]
        let hasDeliveries: Bool
    }

    /// What became of telling a partner's endpoint of it.
    struct DeliveryRow: Sendable {
        let type: String
        let host: String
        let words: String
        /// A class of chips.
        let tone: String
        /// The endpoint's page; nil for who may not see it.
        let path: String?
    }
}

extension AlertHistory.Facts {
    /// - Parameter seesReasons: Whether the reader is told why an alert is invalid.
    init(_ dossier: AlertDossier, seesReasons: Bool) {
        alert = dossier.alert
        lead = dossier.now.lead
        isSimulated =
            dossier.judgement?.isSimulated ?? dossier.alert.networkID.hasPrefix("SIM")
        alertedAt = dossier.judgement?.alertedAt
        invalidity = seesReasons ? AlertPage.invalidity(dossier) : nil
        self.seesReasons = seesReasons
        decision = dossier.judgement?.decision
        changes = dossier.life.events.compactMap { AlertChange($0) }
        doings = dossier.life.doings.map(AlertHistory.Doing.init)
        told = dossier.life.told
    }
}

extension AlertHistory.Doing {
    init(_ named: AuditService.Named) {
        let entry = named.entry
        let name = named.actorName.flatMap { $0.isEmpty ? nil : $0 }
        let isKey = entry.actor.hasPrefix(APIKeyResource.idPrefix)
        let actor =
            entry.actor == "command"
            ? "a command of the operator" : isKey ? "API key \(name ?? entry.actor)" : name
        self.init(
            at: entry.createdAt, actor: actor ?? "somebody who has left (\(entry.actor))",
            action: entry.action, detail: entry.detail)
    }
}

extension AlertPage.HistoryRow {
    /// The rows, with the deliveries of each event where it is first told of.
    static func all(
        _ history: AlertHistory, _ life: AlertDossier.Life, _ place: AlertPage.Place
    ) -> [Self] {
        let types = Dictionary(
            life.events.map { ($0.id, $0.type) }, uniquingKeysWith: { first, _ in first })
        // The oldest endpoint first: deliveries of one event were made at one time.
        let deliveries = Dictionary(
            grouping: life.deliveries.sorted { $0.endpointID.text < $1.endpointID.text },
            by: \.eventID)
        return history.entries.map { entry in
            let type = entry.event.flatMap { types[$0] }
            let rows = entry.event.flatMap { deliveries[$0] }?.map {
                AlertPage.DeliveryRow($0, type, life.addresses, place)
            }
            return Self(entry, rows ?? [], place)
        }
    }

    private init(
        _ entry: AlertHistory.Entry, _ deliveries: [AlertPage.DeliveryRow],
        _ place: AlertPage.Place
    ) {
        at = TimeText(entry.at)
        title = entry.title
        actor = entry.actor
        detail = entry.detail
        rulesetPath = entry.ruleset.map { place.path("/rulesets/\($0.text)") }
        isAhead = entry.isAhead
        self.deliveries = deliveries
        hasDeliveries = !deliveries.isEmpty
    }
}

extension AlertPage.DeliveryRow {
    fileprivate init(
        _ delivery: Delivery, _ type: EventType?, _ addresses: [WebhookEndpointID: String],
        _ place: AlertPage.Place
    ) {
        self.type = type?.rawValue ?? "event"
        let address = addresses[delivery.endpointID] ?? ""
        host = Self.host(address)
        let tries = delivery.attemptCount == 1 ? "1 try" : "\(delivery.attemptCount) tries"
        (words, tone) =
            switch delivery.state {
            case .delivered: ("Delivered after \(tries)", "good")
            case .failed: ("Failed after \(tries)", "bad")
            case .pending where delivery.attemptCount == 0: ("Waiting to be sent", "")
            case .pending: ("Not taken yet, \(tries)", "warn")
            }
        path = place.seesWebhooks ? place.path("/webhooks/\(delivery.endpointID.text)") : nil
    }

    /// Addresses can have secrets in their paths.
    private static func host(_ address: String) -> String {
        let rest = address.split(separator: "/", omittingEmptySubsequences: true)
        return rest.count > 1 ? String(rest[1]) : address
    }
}
