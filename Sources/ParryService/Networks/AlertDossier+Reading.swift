import ParryDatabase
package import ParryDomain
import ParryMatching
import ParryStore
package import ParryWire

extension AlertCaseService {
    /// Everything about one alert.
    ///
    /// - Throws: ``NotFound``.
    package func dossier(
        of id: AlertID, by principal: Principal, now: Timestamp
    ) async throws -> AlertDossier {
        try await database.read { tx in
            guard let alert = try AlertStore.find(id, for: principal.owner, tx) else {
                throw NotFound("alert")
            }
            let lead = try OrganisationStore.clockLead(of: alert.organisationID, tx) ?? 0
            return try DossierReader(
                alert: alert, record: AlertCaseStore.find(id, tx), principal: principal,
                now: Moment(now, lead: lead)
            ).read(tx)
        }
    }
}

/// Gathers what belongs to one alert, each by its key.
struct DossierReader {
    let alert: Alert
    let record: AlertCaseStore.Case?
    let principal: Principal
    let now: Moment

    private var owner: Owner { principal.owner }

    func read(_ tx: any ReadTransaction) throws -> AlertDossier {
        let settings = try OrganisationStore.settings(of: alert.organisationID, tx)
        let order = try alert.sale.flatMap { try self.order(of: $0, tx) }
        return AlertDossier(
            alert: alert, now: now, allowsCancel: settings?.allowsCancelActions == true,
            organisationName: try OrganisationService.load(
                alert.organisationID, by: principal, tx
            ).name,
            merchantName: try MerchantStore.find(alert.merchantID, for: owner, tx)?.details.name,
            match: AlertMatch(alert: alert, record: record),
            judgement: record.flatMap(AlertDossier.Judgement.init),
            sale: try alert.sale.map { try sale($0, order, tx) },
            refunds: try alert.sale.map { try refunds($0, order, tx) } ?? .none,
            life: try life(tx))
    }

    func order(
        of sale: RefundedSale, _ tx: any ReadTransaction
    ) throws -> OrderStore.Stored? {
        guard let found = try TransactionStore.find(sale, tx) else { return nil }
        return try OrderStore.find(found.orderID, for: owner, tx)
    }

    func sale(
        _ name: RefundedSale, _ order: OrderStore.Stored?, _ tx: any ReadTransaction
    ) throws -> AlertDossier.Sale {
        let found = order == nil ? nil : try TransactionStore.find(name, tx)
        let history = order.map { OrderHistory($0.document.root) }
        let payment = history?.payment(of: name.reference)
        return AlertDossier.Sale(
            name: name, transaction: found?.transaction, order: order,
            authorisationStatus: payment?.authorisationStatus,
            paymentMethodType: payment?.paymentMethodType,
            evidence: try evidence(found, history, tx),
            refunds: history?.refunds(of: name.reference).map(AlertDossier.Reversal.init) ?? [],
            disputes: history?.disputes(of: name.reference).map(AlertDossier.Reversal.init) ?? [])
    }

    /// The sale may have changed since the alert was matched, and a person may have chosen it: they are compared anew.
    private func evidence(
        _ found: TransactionStore.Found?, _ history: OrderHistory?, _ tx: any ReadTransaction
    ) throws -> AlertDossier.Evidence {
        guard let found else { return [:] }
        var sale = MatchCandidate(
            found.transaction, integrationID: found.integrationID, orderID: found.orderID)
        if let history { sale.complete(from: history) }
        let subject = subject
        let evidence = Matching.compare(subject, with: sale, rates: try rates(subject, sale, tx))
        return AlertDossier.evidence(
            evidence.fields.map { ($0.field.rawValue, $0.evidence.rawValue) })
    }

    /// What the network said, without what a simulation filled in.
    private var subject: MatchSubject {
        var subject = MatchSubject(
            alert.transaction, alertedAt: record?.alertedAt ?? alert.receivedAt)
        guard let record else { return subject }
        subject.transactionAt = record.transactionAt
        if record.fillers.contains(.amount) { subject.amount = nil }
        if record.fillers.contains(.currency) { subject.currency = nil }
        return subject
    }

    private func rates(
        _ subject: MatchSubject, _ sale: MatchCandidate, _ tx: any ReadTransaction
    ) throws -> ExchangeRates {
        let currencies = Set([subject.currency, sale.currency].compactMap(\.self))
        guard currencies.count > 1 else { return .none }
        let time = sale.authorisedAt ?? subject.transactionAt ?? subject.networkAlertedAt
        return try ExchangeRateStore.rates(
            around: ExchangeRates.day(of: time), of: currencies.sorted(), tx)
    }

    func refunds(
        _ sale: RefundedSale, _ order: OrderStore.Stored?, _ tx: any ReadTransaction
    ) throws -> AlertDossier.Refunds {
        AlertDossier.Refunds(
            ledger: try order.flatMap { try ledger(sale, $0, tx) },
            intents: try RefundIntentStore.all(of: sale, tx).map {
                RefundIntentService.IntentView($0, at: now.shown)
            },
            others: try AlertStore.about(sale, limit: Limits.alertsOfSaleShownMax, tx)
                .filter { $0.id != alert.id })
    }

    private func ledger(
        _ sale: RefundedSale, _ order: OrderStore.Stored, _ tx: any ReadTransaction
    ) throws -> RefundLedger? {
        do {
            return try RefundBook(sale: sale, now: now.shown).ledger(by: order, tx)
        } catch RefundIntentError.amountUnknown {
            return nil
        }
    }

    private func life(_ tx: any ReadTransaction) throws -> AlertDossier.Life {
        let events = try EventStore.about(
            alert.id.text, of: alert.organisationID, for: owner,
            limit: Limits.alertEventsShownMax, tx)
        let deliveries = try DeliveryStore.of(events.map(\.id), for: owner, tx)
        var addresses: [WebhookEndpointID: String] = [:]
        for id in Set(deliveries.map(\.endpointID)) {
            addresses[id] = try WebhookEndpointStore.find(id, for: owner, tx)?.details.url
        }
        return AlertDossier.Life(
            events: events, deliveries: deliveries, addresses: addresses,
            doings: try AuditService.about(
                alert.id.text, for: owner, limit: Limits.alertEventsShownMax, tx),
            told: try NetworkRequestStore.list(about: alert.id.text, tx)
                .filter { $0.kind == .outcome }.map(AlertDossier.Told.init))
    }
}

extension AlertDossier {
    fileprivate static func evidence(_ fields: [(name: String, result: String)]) -> Evidence {
        Dictionary(
            fields.compactMap { field in
                FieldEvidence(rawValue: field.result).map { (field.name, $0) }
            }, uniquingKeysWith: { first, _ in first })
    }
}

extension AlertDossier.Judgement {
    fileprivate init(_ record: AlertCaseStore.Case) {
        let root = try? JSONDocument.parse(record.verdict).root
        outcome = root?["outcome"]?.string.flatMap(MatchOutcomeWord.init) ?? .notSearched
        confidence = root?["confidence"]?.string
        flags = root?["flags"]?.elements.compactMap(\.string) ?? []
        candidateCount = root?["candidate_count"]?.integer ?? 0
        candidates = root?["candidates"]?.elements.map(AlertDossier.Candidate.init) ?? []
        isSetByHand = record.isSetByHand
        isSimulated = record.isSimulated
        alertedAt = record.alertedAt
        category = record.category
        reasonCode = record.reasonCode
        judgedAt = record.judgedAt
        invalidReason = record.invalidReason
        originalID = record.originalID
        decision = record.decision.flatMap(RulesetDecision.init(stored:))
    }
}

extension AlertDossier.Candidate {
    fileprivate init(_ value: JSONValue) {
        sale = RefundedSale(
            integrationID: IntegrationID(stored: value["integration_id"]?.string ?? ""),
            reference: value["integration_transaction_id"]?.string ?? "")
        orderID = OrderID(stored: value["order_id"]?.string ?? "")
        amount = value["amount_in_cents"]?.integer
        currency = value["currency"]?.string
        authorisedAt = value["authorised_at"]?.string.flatMap { Timestamp(iso8601: $0) }
        rule = value["rule"]?.string
        evidence = AlertDossier.evidence(
            value["evidence"]?.elements.map {
                ($0["field"]?.string ?? "", $0["result"]?.string ?? "")
            } ?? [])
    }
}

extension AlertDossier.Reversal {
    fileprivate init(_ known: KnownReversal) {
        reference = known.reference
        amount = known.amount
        currency = known.currency
        status = known.status
        at = known.at
    }
}

extension AlertDossier.Told {
    fileprivate init(_ request: NetworkRequestStore.Stored) {
        self.init(
            state: request.state, reason: NetworkOutcome(stored: request.payload)?.reason,
            attemptCount: request.attemptCount, dueAt: request.dueAt,
            createdAt: request.createdAt, endedAt: request.endedAt)
    }
}
