package import ParryDatabase
package import ParryDomain
import ParryMatching
import ParryStore
package import ParryWire

/// How alerts were matched and judged, for who wants to know why.
package struct AlertCaseService: Sendable {
    let database: any Database
    let wake: Wake

    package init(database: any Database, wake: Wake) {
        self.database = database
        self.wake = wake
    }

    /// The match of an alert with everything that speaks for and against each candidate.
    ///
    /// - Throws: ``NotFound``.
    package func match(
        of id: AlertID, by principal: Principal
    ) async throws -> AlertMatch {
        try await database.lookUp { tx in
            guard let alert = try AlertStore.find(id, for: principal.owner, tx) else {
                throw NotFound("alert")
            }
            return AlertMatch(alert: alert, record: try AlertCaseStore.find(id, tx))
        }
    }

    /// A transaction that a person names.
    package struct Choice: Sendable, Hashable {
        /// nil where one integration alone has such a reference.
        package let integrationID: String?
        package let reference: String

        package init(integrationID: String?, reference: String) {
            self.integrationID = integrationID
            self.reference = reference
        }
    }

    /// Sets the match by hand; matching leaves it alone from then on. What the alert's network was told does not change.
    /// In strict mode an open alert of which a person says that its sale is not known is INVALID, and the network hears so.
    ///
    /// - Parameters:
    ///   - choice: A transaction of the alert's organisation; nil when it is none of the known ones.
    ///   - seen: The ``Proposal/stand`` that the person saw; nil for callers that do not say.
    /// - Throws: ``NotFound`` for the alert or the transaction; ``ChangedMeanwhile`` when match or status are others by
    ///   now.
    package func set(
        _ choice: Choice?, of id: AlertID, seen stand: String? = nil, by principal: Principal,
        now: Timestamp
    ) async throws -> AlertMatch {
        let match = try await database.write { tx -> AlertMatch in
            guard let known = try AlertStore.find(id, for: principal.owner, tx) else {
                throw NotFound("alert")
            }
            // Organisation, order, alert: locked in this order, as everywhere.
            let moment = try OrganisationStore.moment(
                now, in: known.organisationID, principal.mode, tx)
            let chosen = try choice.map {
                try Self.integration(of: $0, in: known.organisationID, tx)
            }
            if let chosen, let reference = choice?.reference {
                try RefundedSale(integrationID: chosen, reference: reference)
                    .lockOrder(of: known.organisationID, tx)
            }
            guard let old = try AlertStore.find(id, for: principal.owner, lock: .update, tx) else {
                throw NotFound("alert")
            }
            if let stand, try stand != Self.stand(of: old, AlertCaseStore.find(id, tx)) {
                throw ChangedMeanwhile()
            }
            var new = old
            new.state.integrationID = chosen
            new.state.integrationTransactionID = choice?.reference
            var record = try Self.mark(new, now: moment.shown, tx)
            if choice == nil, try Self.isGivenUp(old, record, tx) {
                new.state.status = .invalid
                record.invalidReason = InvalidReason.notFound.rawValue
                try AlertCaseStore.save(record, tx)
            }
            if new.state != old.state {
                new.updatedAt = moment.shown
                try AlertStore.save(new, tx)
                let recorder = EventRecorder(partnerID: principal.owner.partnerID, now: moment)
                try recorder.updated(from: old, to: new, tx)
                try AlertFlagging(recorder: recorder).flagSecondRefund(new, tx)
                if old.state.status == .actionRequired {
                    try OutcomeQueue(mode: principal.mode, now: now).tell(new, record, tx)
                }
            }
            return AlertMatch(alert: new, record: record)
        }
        wake()
        return match
    }

    static func integration(
        of choice: Choice, in organisation: OrganisationID, _ tx: any ReadTransaction
    ) throws -> IntegrationID {
        let found = try TransactionStore.integrations(
            having: choice.reference, in: organisation, tx)
        let named = choice.integrationID.map { name in found.filter { $0.text == name } } ?? found
        guard named.count == 1 else { throw NotFound("transaction") }
        return named[0]
    }

    /// Whether that no sale was found ends the alert: in strict mode, once a person has looked (CONTRACT.md 12 and 13).
    static func isGivenUp(
        _ alert: Alert, _ record: AlertCaseStore.Case, _ tx: any ReadTransaction
    ) throws -> Bool {
        guard alert.state.status == .actionRequired, alert.enrolmentType == .ethocaAlert,
            record.wasSearched
        else { return false }
        guard let settings = try OrganisationStore.settings(of: alert.organisationID, tx) else {
            return false
        }
        let facts = ValidityFacts(
            alertedAt: record.alertedAt, mode: settings.matchingMode, outcome: MatchOutcome.none)
        return AlertValidity.judge(facts, rates: .none) == .notFound
    }

    /// Notes that a person decided; a simulated alert gets its case by that.
    private static func mark(
        _ alert: Alert, now: Timestamp, _ tx: any WriteTransaction
    ) throws -> AlertCaseStore.Case {
        if var record = try AlertCaseStore.find(alert.id, tx) {
            record.isSetByHand = true
            record.judgedAt = now
            try AlertCaseStore.save(record, tx)
            return record
        }
        var record = AlertCaseStore.Case(
            NetworkAlert(AlertSimulation(), of: alert), of: alert.id,
            verdict: AlertCaseStore.Case.notSearched,
            judgedAt: now)
        record.isSetByHand = true
        try AlertCaseStore.insert(record, tx)
        return record
    }

    /// An alert with what its network was told and when.
    ///
    /// - Throws: ``NotFound``.
    package func operatorView(of id: AlertID) async throws -> OperatorAlert {
        try await database.read { tx in
            guard let alert = try AlertStore.named(id, tx) else { throw NotFound("alert") }
            return OperatorAlert(
                alert: alert, record: try AlertCaseStore.find(id, tx),
                requests: try NetworkRequestStore.list(about: id.text, tx))
        }
    }
}

/// An alert as the operator sees it.
package struct OperatorAlert: Sendable {
    let alert: Alert
    let record: AlertCaseStore.Case?
    let requests: [NetworkRequestStore.Stored]

    /// Whether the network deleted the case, which no check finds.
    private var isTakenBack: Bool {
        alert.state.status == .invalid && alert.enrolmentType == .verifiRDR
            && record?.isSimulated == false
    }

    /// Writes the members.
    package func write(to json: inout JSONWriter) {
        json.key("alert")
        alert.write(to: &json, links: false)
        json.field(
            "invalid_reason", record?.invalidReason ?? (isTakenBack ? Credit.takenBack : nil))
        json.field("original_alert_id", record?.originalID?.text)
        json.key("match")
        if let record {
            AlertMatch(alert: alert, record: record).write(to: &json, links: false)
        } else {
            json.null()
        }
        json.key("network_requests")
        json.beginArray()
        for request in requests { NetworkRequest(stored: request).write(to: &json) }
        json.endArray()
    }
}
