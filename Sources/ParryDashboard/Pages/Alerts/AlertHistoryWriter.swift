import ParryDomain
import ParryService
import ParryWire

/// Puts what is known of an alert's life into sentences.
struct AlertHistoryWriter {
    static let noteTitle = "Note changed"
    /// A change commits at most so long before the line of the audit log is dated.
    private static let pairedMillisecondsMax: Int64 = 30_000

    let facts: AlertHistory.Facts
    /// What somebody did to make which change, by its event.
    private let doings: [EventID: AlertHistory.Doing]
    private let unpaired: [AlertHistory.Doing]

    init(_ facts: AlertHistory.Facts) {
        self.facts = facts
        (doings, unpaired) = Self.pair(facts)
    }

    /// In no order.
    var entries: [AlertHistory.Entry] {
        [received] + facts.changes.flatMap(entries(of:)) + unpaired.compactMap(entry(of:))
            + facts.told.compactMap(entry(of:)) + deadline
    }

    /// The last change before a line of the log belongs to it, unless another line has it already.
    private static func pair(
        _ facts: AlertHistory.Facts
    ) -> ([EventID: AlertHistory.Doing], [AlertHistory.Doing]) {
        var doings: [EventID: AlertHistory.Doing] = [:]
        var unpaired: [AlertHistory.Doing] = []
        for doing in facts.doings {
            let type: EventType =
                doing.action.hasSuffix(".simulate") ? .alertCreated : .alertUpdated
            let change = facts.changes.last { change in
                let age = doing.at.milliseconds - change.real.milliseconds
                return change.type == type && doings[change.id] == nil
                    && (0...pairedMillisecondsMax).contains(age)
            }
            if let change { doings[change.id] = doing } else { unpaired.append(doing) }
        }
        return (doings, unpaired)
    }

    /// Who made a change.
    private func actor(of change: AlertChange) -> String? { doings[change.id]?.actor }

    /// As the organisation's clock showed a real time.
    private func shown(_ real: Timestamp) -> Timestamp {
        let near = facts.changes.last { $0.real <= real } ?? facts.changes.first
        let lead = near.map { $0.at.milliseconds - $0.real.milliseconds } ?? facts.lead
        return real.adding(milliseconds: lead)
    }

    private var received: AlertHistory.Entry {
        let alert = facts.alert
        let created = facts.changes.first { $0.type == .alertCreated }
        let network = alert.enrolmentType.productName
        var entry = AlertHistory.Entry(
            at: alert.receivedAt, real: alert.id.createdAt,
            title: facts.isSimulated ? "Simulated as \(network)" : "Received from \(network)",
            actor: created.flatMap(actor))
        if let raised = facts.alertedAt, !facts.isSimulated,
            raised.adding(seconds: 60) < alert.receivedAt
        {
            entry.detail = "The network raised it at \(TimeText(raised).utc)."
        }
        entry.event = created?.id
        return entry
    }

    private func entries(of change: AlertChange) -> [AlertHistory.Entry] {
        switch change.type {
        case .alertCreated: beginning(change)
        case .alertUpdated: update(change)
        case .alertDeadlineApproaching: [entry(change, "Reminded that the deadline comes near")]
        case .alertNeedsAttention:
            [entry(change, "Needs attention", detail: change.attention?.sentence)]
        default: []
        }
    }

    private func entry(
        _ change: AlertChange, _ title: String, detail: String? = nil
    ) -> AlertHistory.Entry {
        var entry = AlertHistory.Entry(
            at: change.at, real: change.real, title: title, actor: actor(of: change),
            detail: detail)
        entry.event = change.id
        return entry
    }

    /// What was so from the first moment on.
    private func beginning(_ change: AlertChange) -> [AlertHistory.Entry] {
        var entries: [AlertHistory.Entry] = []
        func add(_ title: String, _ detail: String? = nil, isEnding: Bool = false) {
            entries.append(
                AlertHistory.Entry(
                    at: change.at, real: change.real, title: title, detail: detail,
                    isEnding: isEnding))
        }
        if let reference = change.after["integration_transaction_id"] {
            add("Matched to transaction \(reference)")
        }
        if let decision = facts.decision, let title = decision.title(of: facts.alert) {
            add(title)
            entries[entries.count - 1].ruleset = decision.rulesetID
        }
        if let ending = ending(change, by: nil) {
            add(ending, isEnding: true)
            entries[entries.count - 1].ruleset = entries.last { $0.ruleset != nil }?.ruleset
        }
        return entries
    }

    private func update(_ change: AlertChange) -> [AlertHistory.Entry] {
        var entries: [AlertHistory.Entry] = []
        if change.changes("integration_transaction_id") || doings[change.id]?.isChoice == true {
            entries.append(match(change))
        }
        if change.changes("status") || change.changes("transaction_refund_outcome"),
            let title = ending(change, by: actor(of: change))
        {
            var entry = entry(change, title)
            entry.isEnding = true
            entries.append(entry)
        }
        if change.changes("note") {
            entries.append(
                entry(change, Self.noteTitle, detail: change.after["note"] ?? "It was cleared."))
        }
        if entries.isEmpty { entries.append(entry(change, "Changed")) }
        for index in entries.indices.dropFirst() { entries[index].event = nil }
        return entries
    }

    private func match(_ change: AlertChange) -> AlertHistory.Entry {
        let isByHand = actor(of: change) != nil
        var entry =
            if let reference = change.after["integration_transaction_id"] {
                self.entry(
                    change,
                    isByHand
                        ? "Set by hand to transaction \(reference)"
                        : "Matched to transaction \(reference)",
                    detail: isByHand ? nil : "An order that came or changed later shows it.")
            } else {
                self.entry(
                    change, isByHand ? "Set by hand to none of the known sales" : "Match taken back"
                )
            }
        entry.isMatch = true
        return entry
    }

    /// How the change ended the alert; nil while it is open.
    private func ending(_ change: AlertChange, by actor: String?) -> String? {
        let isRDR = facts.alert.enrolmentType == .verifiRDR
        let isRefunded =
            change.after["transaction_refund_outcome"] == RefundOutcome.refunded.rawValue
        let isCancelled = change.after["subscription_cancel_outcome"] != nil
        switch change.after["status"].flatMap(AlertStatus.init) {
        case .invalid:
            return "Found invalid" + (facts.invalidity.map { ": \($0)" } ?? "")
        case .resolved where isRDR:
            return isRefunded
                ? "Refunded by the network (Verifi RDR)"
                : "Not refunded by the network (Verifi RDR)"
        case .resolved:
            if actor == nil, change.type == .alertUpdated, !isRefunded,
                let deadline = facts.alert.actionRequiredDeadline, change.at >= deadline
            {
                return "Dispute accepted by itself: nobody acted before the deadline"
            }
            if change.type == .alertCreated, facts.decision?.isCarriedOut == true {
                return "Dispute accepted by a ruleset, not refunded"
            }
            let money = isRefunded ? "Declared refunded" : "Dispute accepted, not refunded"
            guard isCancelled else { return money }
            return isRefunded
                ? "Declared refunded, subscription cancelled"
                : "Subscription cancelled, not refunded"
        default: return nil
        }
    }

    /// What changed nothing that events tell of.
    private func entry(of doing: AlertHistory.Doing) -> AlertHistory.Entry? {
        let title =
            doing.isChoice
            ? doing.confirmation
            : doing.action.hasSuffix(".simulate") ? nil : "Seen, or changed in what is not told"
        return title.map {
            AlertHistory.Entry(
                at: shown(doing.at), real: doing.at, title: $0, actor: doing.actor,
                isMatch: doing.isChoice)
        }
    }

    private func entry(of told: AlertDossier.Told) -> AlertHistory.Entry? {
        let network = facts.alert.enrolmentType.networkName
        let isSecret = facts.alert.state.status == .invalid && !facts.seesReasons
        let reason = isSecret ? "it is invalid" : told.reason?.words ?? "the outcome"
        let real = told.endedAt ?? told.createdAt
        var entry = AlertHistory.Entry(at: shown(real), real: real, title: "")
        switch told.state {
        case .done: entry = entry.named("\(network) was told and took it: \(reason)")
        case .waiting:
            entry = entry.named("\(network) is to be told: \(reason)")
            if told.attemptCount > 0 {
                entry.detail =
                    "Not taken after \(told.attemptCount) tries; the next is at "
                    + "\(TimeText(told.dueAt).utc)."
            }
        case .parked:
            entry = entry.named("\(network) did not take it: \(reason)")
            entry.detail = "It is not tried again by itself. Ask the operator, who has the request."
        case .cancelled: return nil
        }
        return entry
    }

    private var deadline: [AlertHistory.Entry] {
        guard facts.alert.state.status == .actionRequired,
            let deadline = facts.alert.actionRequiredDeadline
        else { return [] }
        var entry = AlertHistory.Entry(
            at: deadline, real: deadline.adding(milliseconds: -facts.lead),
            title: "Deadline: without an action the dispute is accepted by itself")
        entry.isAhead = true
        return [entry]
    }
}

extension AlertHistory.Doing {
    /// Of a choice that left the match as it was.
    fileprivate var confirmation: String {
        let detail = try? JSONDocument.parse(Array(detail.utf8)).root
        if let reference = detail?["integration_transaction_id"]?.string {
            return "Confirmed by hand: transaction \(reference)"
        }
        return detail?["none"] == nil
            ? "Match confirmed by hand" : "Confirmed by hand: none of the known sales"
    }
}

extension AlertHistory.Entry {
    fileprivate func named(_ title: String) -> Self {
        AlertHistory.Entry(at: at, real: real, title: title)
    }
}

extension RulesetDecision {
    /// What the ruleset had to say; nil where its decision is told by how the alert ended.
    fileprivate func title(of alert: Alert) -> String? {
        guard let outcome else { return "The ruleset did not apply" }
        if alert.enrolmentType == .verifiRDR { return "The ruleset said: \(outcome.words)" }
        return isCarriedOut
            ? nil
            : "The ruleset recommends: \(outcome.words). Nobody has moved money, so a person decides"
    }
}
