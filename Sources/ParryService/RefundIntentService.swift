package import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

// What a crash leaves: a reservation that nobody commits or releases expires by its time alone.

/// The refund guard: who wants to refund asks here first, so that nothing is refunded twice (amendment 8).
package struct RefundIntentService: Sendable {
    private let database: any Database
    private let wake: Wake

    /// - Parameter wake: Tells that events were written.
    package init(database: any Database, wake: Wake) {
        self.database = database
        self.wake = wake
    }

    /// What a caller is answered: whether it may refund, and by what that was judged.
    package struct Answer: Sendable {
        package let outcome: RefundIntentOutcome
        /// The reservation; nil when the refund is not safe.
        package let intent: IntentView?
        package let ledger: RefundLedger
    }

    /// An intent as it is at a moment.
    package struct IntentView: Sendable {
        package let intent: RefundIntent
        package let status: RefundIntentStatus

        init(_ intent: RefundIntent, at now: Timestamp) {
            self.intent = intent
            status = intent.status(at: now)
        }
    }

    /// Asks whether a refund is safe, and reserves its amount if it is.
    ///
    /// - Throws: ``NotFound`` for the organisation, integration or transaction, ``RefundIntentError``.
    package func create(
        _ request: RequestObject, by principal: Principal, now: Timestamp
    ) async throws -> Answer {
        try await database.write { tx in
            let organisation = try Self.organisation(request, by: principal, tx)
            let sale = try Self.sale(request, in: organisation, by: principal, tx)
            let moment = try OrganisationStore.moment(now, in: organisation, principal.mode, tx)
            let ledger = try RefundBook(sale: sale, now: moment.shown).ledger(of: organisation, tx)
            guard ledger.currency == request[RefundIntentRequest.currency] else {
                throw RefundIntentError.currencyDiffers(ledger.currency)
            }
            let amount = request[RefundIntentRequest.amount]
            let outcome = ledger.judge(amount)
            guard outcome == .safe else {
                return Answer(outcome: outcome, intent: nil, ledger: ledger)
            }
            let seconds = request[RefundIntentRequest.expiresIn] ?? Limits.refundIntentSeconds
            let intent = RefundIntent.reserve(
                amount, ledger.currency, of: sale, in: organisation, for: seconds, now: moment)
            try RefundIntentStore.insert(intent, tx)
            return Answer(
                outcome: .safe, intent: IntentView(intent, at: moment.shown), ledger: ledger)
        }
    }

    /// Takes that the refund was made.
    ///
    /// - Throws: ``NotFound``, ``RefundIntentError``.
    package func commit(
        _ id: RefundIntentID, reference: String, by principal: Principal, now: Timestamp
    ) async throws -> IntentView {
        do {
            return try await change(id, by: principal, now: now) { intent, moment, tx in
                guard try intent.commit(reference: reference, now: moment.shown) else {
                    return false
                }
                let book = RefundBook(sale: intent.sale, now: moment.shown)
                if try book.isTold(reference, of: intent.organisationID, tx) { return true }
                let recorder = EventRecorder(partnerID: principal.owner.partnerID, now: moment)
                try AlertFlagging(recorder: recorder).flagDeclined(
                    [intent.sale.reference], in: intent.sale.integrationID, tx)
                return true
            }
        } catch let error as DatabaseError where error.code == .uniqueViolation {
            throw RefundIntentError.referenceTaken
        }
    }

    /// Takes that the refund was not made.
    ///
    /// - Throws: ``NotFound``, ``RefundIntentError``.
    package func release(
        _ id: RefundIntentID, by principal: Principal, now: Timestamp
    ) async throws -> IntentView {
        try await change(id, by: principal, now: now) { intent, moment, _ in
            try intent.release(now: moment.shown)
        }
    }

    /// - Throws: ``NotFound``.
    package func find(
        _ id: RefundIntentID, by principal: Principal, now: Timestamp
    ) async throws -> IntentView {
        try await database.lookUp { tx in
            let intent = try Self.load(id, by: principal, tx)
            let lead = try OrganisationStore.clockLead(of: intent.organisationID, tx) ?? 0
            return IntentView(intent, at: Moment(now, lead: lead).shown)
        }
    }

    /// The page of intents, newest first.
    ///
    /// - Throws: ``NotFound`` for an organisation or integration filter that the key does not see.
    package func list(
        _ filter: RefundIntentStore.Filter, page: Page, by principal: Principal, now: Timestamp
    ) async throws -> Listing<IntentView> {
        try await database.read { tx in
            if let id = filter.organisationID {
                _ = try OrganisationService.load(id, by: principal, tx)
            }
            if let id = filter.integrationID {
                _ = try IntegrationService.load(id, by: principal, tx)
            }
            let found = try RefundIntentStore.list(filter, for: principal.owner, page: page, tx)
            var leads: [OrganisationID: Int64] = [:]
            let items = try found.items.map { intent in
                let id = intent.organisationID
                let lead = try leads[id] ?? OrganisationStore.clockLead(of: id, tx) ?? 0
                leads[id] = lead
                return IntentView(intent, at: Moment(now, lead: lead).shown)
            }
            return Listing(items: items, count: found.count)
        }
    }

    private func change(
        _ id: RefundIntentID, by principal: Principal, now: Timestamp,
        _ verb:
            @escaping @Sendable (inout RefundIntent, Moment, any WriteTransaction) throws -> Bool
    ) async throws -> IntentView {
        defer { wake() }
        return try await database.write { tx in
            let seen = try Self.load(id, by: principal, tx)
            let moment = try OrganisationStore.moment(
                now, in: seen.organisationID, principal.mode, tx)
            try seen.sale.lockOrder(of: seen.organisationID, tx)
            var intent = try Self.load(id, by: principal, lock: .update, tx)
            if try verb(&intent, moment, tx) {
                try RefundIntentStore.save(intent, tx)
                let recorder = EventRecorder(partnerID: principal.owner.partnerID, now: moment)
                try AlertFlagging(recorder: recorder).flagSecondRefunds(of: intent.sale, tx)
            }
            return IntentView(intent, at: moment.shown)
        }
    }

    private static func load(
        _ id: RefundIntentID, by principal: Principal, lock: RowLock = .none,
        _ tx: any ReadTransaction
    ) throws -> RefundIntent {
        let found = try RefundIntentStore.find(id, for: principal.owner, lock: lock, tx)
        guard let found else { throw NotFound("refund intent") }
        return found
    }

    private static func organisation(
        _ request: RequestObject, by principal: Principal, _ tx: any ReadTransaction
    ) throws -> OrganisationID {
        guard let id = OrganisationID(request[RefundIntentRequest.organisationID]) else {
            throw NotFound("organisation")
        }
        return try OrganisationService.load(id, by: principal, tx).id
    }

    private static func sale(
        _ request: RequestObject, in organisation: OrganisationID, by principal: Principal,
        _ tx: any ReadTransaction
    ) throws -> RefundedSale {
        guard let id = IntegrationID(request[RefundIntentRequest.integrationID]),
            try IntegrationService.load(id, by: principal, tx).organisationID == organisation
        else { throw NotFound("integration") }
        return RefundedSale(
            integrationID: id, reference: request[RefundIntentRequest.transactionReferenceID])
    }
}
