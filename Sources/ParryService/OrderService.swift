package import ParryDatabase
package import ParryDomain
import ParryMatching
package import ParryStore
package import ParryWire

/// Use cases of orders (CONTRACT.md 8). Orders raise no events (amendment 13).
package struct OrderService: Sendable {
    private let database: any Database
    private let intake: OrderIntake
    private let wake: Wake

    /// - Parameter wake: Tells that events were written: a refund can contradict what became of an alert.
    package init(database: any Database, wake: Wake) {
        self.database = database
        self.wake = wake
        intake = OrderIntake(database: database)
    }

    /// Stores the good orders of a batch and says of each other one why not.
    ///
    /// What can be judged without the database is judged before the transaction opens, because the
    /// writer is shared by every request.
    package func create(
        _ requests: [RequestObject], by principal: Principal, now: Timestamp
    ) async throws -> OrderBatchResult {
        let prepared = requests.map { PreparedOrder($0, now: now) }
        return try await intake.submit(
            OrderSubmission(orders: prepared, owner: principal.owner, now: now))
    }

    /// - Throws: ``NotFound``.
    package func find(_ id: OrderID, by principal: Principal) async throws -> OrderStore.Stored {
        try await database.lookUp { try Self.load(id, by: principal, $0) }
    }

    /// - Throws: ``NotFound`` for an organisation or integration filter that the key does not see.
    package func list(
        _ filter: OrderStore.Filter, page: Page, by principal: Principal
    ) async throws -> Listing<OrderStore.Stored> {
        try await database.read { tx in
            if let id = filter.organisationID {
                _ = try OrganisationService.load(id, by: principal, tx)
            }
            if let id = filter.integrationID {
                _ = try IntegrationService.load(id, by: principal, tx)
            }
            return try OrderStore.list(filter, for: principal.owner, page: page, tx)
        }
    }

    /// Merges a change into an order: nested objects by `reference_id`, members one by one
    /// (CONTRACT.md 8.8). A change that changes nothing writes nothing.
    ///
    /// - Throws: ``NotFound``, ``OrderRejection``, `RequestFailure` when the whole grows over a bound.
    package func update(
        _ id: OrderID, _ patch: RequestObject, by principal: Principal, now: Timestamp
    ) async throws -> OrderStore.Stored {
        defer { if patch.has(OrderRequest.refunds.name) { wake() } }
        for _ in 1..<Limits.repeatAttemptsMax {
            do {
                return try await merge(patch, into: id, by: principal, now: now)
            } catch let error as DatabaseError where error.code == .uniqueViolation {
                // Another process stored one of the references meanwhile: the next attempt says which.
            }
        }
        return try await merge(patch, into: id, by: principal, now: now)
    }

    private func merge(
        _ patch: RequestObject, into id: OrderID, by principal: Principal, now: Timestamp
    ) async throws -> OrderStore.Stored {
        try await database.write { tx in
            let stored = try Self.load(id, by: principal, lock: .update, tx)
            try Self.refuseChangedIdentity(patch, of: stored)
            let merged = try OrderRequest.create.decode(
                OrderRequest.create.merge(patch, into: stored.document.root))
            let content = OrderContent(merged)
            guard !content.document.elementsEqual(stored.document.root.raw) else { return stored }
            try Self.refuseCleared(patch, of: stored, by: principal, tx)
            try Self.check(merged, content, of: stored, tx)
            let moment = try OrganisationStore.moment(
                now, in: stored.organisationID, principal.mode, tx)
            let order = Order(
                id: stored.id, organisationID: stored.organisationID,
                integrationID: stored.integrationID, referenceID: stored.referenceID,
                type: stored.type, createdAt: stored.createdAt, content: content,
                updatedAt: moment.shown, version: stored.version)
            let status = stored.document.root["order_status"]?.string
            try OrderStore.save(order, from: status, tx)
            try LateOrders.note([order], isChange: true, now: now, tx)
            let change = OrderFeedDayStore.Entry(
                order.integrationID, part: "\(order.version)-\(order.id.text)",
                OrderFeedTally(updated: 1))
            try OrderFeedDayStore.add([change], at: now, tx)
            guard patch.has(OrderRequest.refunds.name) else {
                return try Self.load(id, by: principal, tx)
            }
            try AlertFlagging(
                recorder: EventRecorder(partnerID: principal.owner.partnerID, now: moment)
            ).flagDeclined(
                content.refundedSince(stored, tx), in: stored.integrationID, tx)
            return try Self.load(id, by: principal, tx)
        }
    }

    private static func load(
        _ id: OrderID, by principal: Principal, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> OrderStore.Stored {
        let found = try OrderStore.find(id, for: principal.owner, lock: lock, tx)
        guard let found else { throw NotFound("order") }
        return found
    }

    private static func refuseChangedIdentity(
        _ patch: RequestObject, of stored: OrderStore.Stored
    ) throws(OrderRejection) {
        let identity = [
            ("type", stored.type.rawValue), ("organisation_id", stored.organisationID.text),
            ("integration_id", stored.integrationID.text), ("reference_id", stored.referenceID),
        ]
        for (name, value) in identity where patch.has(name) {
            let sent = patch.value[name]?.string
            if sent.map({ $0.utf8.elementsEqual(value.utf8) }) != true {
                throw .immutableField(name)
            }
        }
    }

    /// What the organisation requires cannot be taken away again. An order that never had it, because it is
    /// older than the setting, can still be changed.
    private static func refuseCleared(
        _ patch: RequestObject, of stored: OrderStore.Stored, by principal: Principal,
        _ tx: any ReadTransaction
    ) throws {
        let cleared = OrganisationSettings.orderFields.filter(patch.isNull)
        guard stored.type == .complete, !cleared.isEmpty else { return }
        let feed = try IntegrationStore.feed(
            stored.integrationID, of: stored.organisationID, for: principal.owner, tx)
        let required = feed?.requiredOrderFields ?? []
        if let field = cleared.first(where: required.contains) {
            throw OrderRejection.missingField(field)
        }
    }

    private static func check(
        _ merged: RequestObject, _ content: OrderContent, of stored: OrderStore.Stored,
        _ tx: any ReadTransaction
    ) throws {
        if let rejection = OrderRules.missingField(in: merged)
            ?? OrderRules.repeatedTransaction(in: merged)
            ?? (content.isTooLarge ? .tooLarge : nil)
        {
            throw rejection
        }
        let references = content.transactions.map(\.referenceID)
        let known = try OrderStore.orders(
            ofTransactions: references, in: stored.integrationID, tx)
        if let taken = known.first(where: { $0.order != stored.id }) {
            let index = references.firstIndex { $0.utf8.elementsEqual(taken.reference.utf8) } ?? 0
            throw OrderRejection.duplicateTransaction("transactions[\(index)].reference_id")
        }
        if let rejection = OrderRules.danglingReference(in: merged) { throw rejection }
    }
}

extension OrderContent {
    /// The references of transactions with a refund that nobody told of before.
    fileprivate func refundedSince(
        _ stored: OrderStore.Stored, _ tx: any ReadTransaction
    ) throws -> [String] {
        let before = OrderHistory(stored.document.root)
        let after = OrderHistory(try JSONDocument.parse(document).root)
        return try transactions.map(\.referenceID).filter { reference in
            let known = Set(before.succeededRefunds(of: reference))
            let news = after.succeededRefunds(of: reference).subtracting(known)
            guard !news.isEmpty else { return false }
            let sale = RefundedSale(integrationID: stored.integrationID, reference: reference)
            let committed = try RefundIntentStore.all(of: sale, tx).compactMap(\.reference)
            return !news.isSubset(of: committed)
        }
    }
}

extension OrderHistory {
    /// The references of the refunds that were made of a transaction.
    fileprivate func succeededRefunds(of reference: String) -> Set<String> {
        Set(
            refunds(of: reference).filter { $0.status == "SUCCEEDED" }.map { $0.reference ?? "" })
    }
}
