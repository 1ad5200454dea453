import ParryDatabase
package import ParryDomain
package import ParryStore
import ParryWire

/// An order of a batch with everything that can be known of it without the database.
struct PreparedOrder: Sendable {
    let request: RequestObject
    let content: OrderContent
    /// The order as it would be stored, with its rows; nil when its ids cannot be ids.
    private let order: (value: Order, rows: OrderStore.Rows)?
    /// What is wrong with the order by itself, before and after the check for duplicates.
    let fault: OrderRejection?
    let repeatedTransaction: OrderRejection?
    let badReference: OrderRejection?

    init(_ request: RequestObject, now: Timestamp) {
        self.request = request
        content = OrderContent(request)
        order = Self.order(request, content, now: now).map { ($0, OrderStore.Rows($0)) }
        fault =
            OrderRules.missingField(in: request) ?? OrderRules.cardNumber(in: request)
            ?? (content.isTooLarge ? .tooLarge : nil)
        repeatedTransaction = OrderRules.repeatedTransaction(in: request)
        badReference =
            OrderRules.repeatedReference(in: request)
            ?? OrderRules.danglingReference(in: request)
    }

    private static func order(
        _ request: RequestObject, _ content: OrderContent, now: Timestamp
    ) -> Order? {
        guard let reference = request[OrderRequest.referenceID],
            let organisation = request[OrderRequest.organisationID].flatMap(OrganisationID.init),
            let integration = request[OrderRequest.integrationID].flatMap(IntegrationID.init),
            let type = OrderType(rawValue: request[OrderRequest.type])
        else { return nil }
        return Order(
            id: .make(at: now, slot: organisation.slot), organisationID: organisation,
            integrationID: integration, referenceID: reference, type: type, createdAt: now,
            content: content, updatedAt: now, version: 1)
    }

    var referenceID: String { request[OrderRequest.referenceID] ?? "" }
    /// What the order would be called; nil when its ids cannot be ids.
    var id: OrderID? { order?.value.id }

    /// The order as its organisation's clock shows it.
    ///
    /// - Parameter clockLead: By how many milliseconds the clock is ahead.
    func order(clockLead: Int64) -> (value: Order, rows: OrderStore.Rows)? {
        guard clockLead != 0, let order else { return order }
        let moved = order.value.moved(by: clockLead)
        return (moved, OrderStore.Rows(moved))
    }
}

extension Order {
    fileprivate func moved(by milliseconds: Int64) -> Order {
        Order(
            id: id, organisationID: organisationID, integrationID: integrationID,
            referenceID: referenceID, type: type,
            createdAt: createdAt.adding(milliseconds: milliseconds), content: content,
            updatedAt: updatedAt.adding(milliseconds: milliseconds), version: version)
    }
}

/// What became of each order of a batch, in request order.
package struct OrderBatchResult: Sendable {
    /// One order's fate.
    package enum Outcome: Sendable {
        case created(Order, OrderStore.Rows)
        case rejected(OrderRejection, referenceID: String?)
    }

    package let outcomes: [Outcome]

    /// The orders that were stored.
    package var created: [Order] {
        outcomes.compactMap { if case .created(let order, _) = $0 { order } else { nil } }
    }

    /// Whether an order was refused for a reason that comes after the check for stored repeats, which
    /// may therefore have been the first reason.
    var mayHideRepeat: Bool {
        outcomes.contains { outcome in
            switch outcome {
            case .rejected(.duplicateTransaction, _), .rejected(.invalidReference, _),
                .rejected(.repeatedReference, _):
                true
            default: false
            }
        }
    }

    /// The rows of those.
    var rows: [OrderStore.Rows] {
        outcomes.compactMap { if case .created(_, let rows) = $0 { rows } else { nil } }
    }
}

/// Judges the orders of one transaction one after another, inside it. The checks run in the order that
/// CONTRACT.md 8.6 lists, and the first that applies is told.
struct OrderBatch {
    private var feeds: [[String]: IntegrationStore.Feed?] = [:]
    /// The key and result of the last look-up: most batches go to one feed.
    private var lastFeed: (key: [String], feed: IntegrationStore.Feed?)?
    private var organisations: [[String]: Bool] = [:]
    /// What this batch has accepted so far, by integration and reference.
    private var accepted: [ReferenceKey: Order] = [:]
    private var acceptedTransactions: Set<ReferenceKey> = []
    /// What the batch did so far.
    private(set) var counts = OrderBatchCounts()

    /// - Parameter mayRepeat: Whether references that are stored already are looked for.
    mutating func judge(
        _ submission: OrderSubmission, mayRepeat: Bool, _ tx: any ReadTransaction
    ) throws -> OrderBatchResult {
        let orders = submission.orders
        var feeds: [Result<IntegrationStore.Feed, OrderRejection>] = []
        for order in orders { feeds.append(try feed(of: order, for: submission.owner, tx)) }
        let known = mayRepeat ? try KnownReferences(of: zip(orders, feeds), tx) : KnownReferences()
        var outcomes: [OrderBatchResult.Outcome] = []
        outcomes.reserveCapacity(orders.count)
        for (order, feed) in zip(orders, feeds) {
            switch feed.flatMap({ judge(order, in: $0, known) }) {
            case .success(let new):
                outcomes.append(.created(new.value, new.rows))
                counts.count(order, at: new.value.integrationID)
            case .failure(let rejection):
                let reference = order.request[OrderRequest.referenceID]
                outcomes.append(.rejected(rejection, referenceID: reference))
                if let feed = try namedFeed(of: order, for: submission.owner, tx) {
                    counts.count(order, at: feed.id, rejection)
                }
            }
        }
        return OrderBatchResult(outcomes: outcomes)
    }

    /// The integration that an order names, whatever is wrong with either; it was looked up already.
    private mutating func namedFeed(
        of order: PreparedOrder, for owner: Owner, _ tx: any ReadTransaction
    ) throws -> IntegrationStore.Feed? {
        guard let organisation = order.request[OrderRequest.organisationID],
            let integration = order.request[OrderRequest.integrationID]
        else { return nil }
        return try feed(integration, of: organisation, for: owner, tx)
    }

    /// The integration that an order goes to, or the first reason against the order so far.
    private mutating func feed(
        of order: PreparedOrder, for owner: Owner, _ tx: any ReadTransaction
    ) throws -> Result<IntegrationStore.Feed, OrderRejection> {
        let organisation = order.request[OrderRequest.organisationID]
        let integration = order.request[OrderRequest.integrationID]
        if let organisation, let integration,
            let feed = try feed(integration, of: organisation, for: owner, tx),
            feed.status == .enabled
        {
            return judge(order, for: feed)
        }
        if let organisation, try !sees(organisation, owner, tx) {
            return .failure(.invalidOrganisation)
        }
        guard organisation != nil, integration != nil else {
            return .failure(order.fault ?? .missingField("integration_id"))
        }
        return .failure(.invalidIntegration)
    }

    private func judge(
        _ order: PreparedOrder, for feed: IntegrationStore.Feed
    ) -> Result<IntegrationStore.Feed, OrderRejection> {
        let isComplete = order.request[OrderRequest.type] == OrderType.complete.rawValue
        guard isComplete == (feed.type == .customOrders) else {
            return .failure(.invalidOrderType)
        }
        let missing =
            isComplete ? OrderRules.missing(feed.requiredOrderFields, in: order.request) : nil
        return (missing ?? order.fault).map(Result.failure) ?? .success(feed)
    }

    private mutating func judge(
        _ order: PreparedOrder, in integration: IntegrationStore.Feed, _ known: KnownReferences
    ) -> Result<(value: Order, rows: OrderStore.Rows), OrderRejection> {
        let feed = integration.id.text
        guard let new = order.order(clockLead: integration.clockLead) else {
            return .failure(.invalidIntegration)
        }
        if let duplicate = duplicate(of: order, in: feed, known) { return .failure(duplicate) }
        if let repeated = order.repeatedTransaction { return .failure(repeated) }
        let keys = order.content.transactions.map { ReferenceKey(feed, $0.referenceID) }
        for (index, key) in keys.enumerated() {
            if known.transactions.contains(key) || acceptedTransactions.contains(key) {
                return .failure(.duplicateTransaction("transactions[\(index)].reference_id"))
            }
        }
        if let bad = order.badReference { return .failure(bad) }
        accepted[ReferenceKey(feed, order.referenceID)] = new.value
        acceptedTransactions.formUnion(keys)
        return .success(new)
    }

    private func duplicate(
        of order: PreparedOrder, in feed: String, _ known: KnownReferences
    ) -> OrderRejection? {
        let key = ReferenceKey(feed, order.referenceID)
        if let stored = known.orders[key] {
            let identical = stored.document.root.raw.elementsEqual(order.content.document)
            return .duplicateOrder(stored.id, identical: identical)
        }
        return accepted[key].map {
            .duplicateOrder($0.id, identical: $0.content.document == order.content.document)
        }
    }

    private mutating func feed(
        _ integration: String, of organisation: String, for owner: Owner,
        _ tx: any ReadTransaction
    ) throws -> IntegrationStore.Feed? {
        let key = [owner.id, organisation, integration]
        if let lastFeed, lastFeed.key == key { return lastFeed.feed }
        if let known = feeds[key] { return known }
        var found: IntegrationStore.Feed?
        if let id = IntegrationID(integration), let parent = OrganisationID(organisation) {
            found = try IntegrationStore.feed(id, of: parent, for: owner, tx)
        }
        feeds[key] = .some(found)
        lastFeed = (key, found)
        return found
    }

    private mutating func sees(
        _ organisation: String, _ owner: Owner, _ tx: any ReadTransaction
    ) throws -> Bool {
        let key = [owner.id, organisation]
        if let known = organisations[key] { return known }
        let found = try OrganisationID(organisation).flatMap {
            try OrganisationStore.find($0, for: owner, tx)
        }
        organisations[key] = found != nil
        return found != nil
    }
}

/// A reference in its integration, compared byte by byte as the database does; Strings would be compared
/// by canonical equivalence.
struct ReferenceKey: Hashable {
    private let integration: String
    private let reference: String

    init(_ integration: String, _ reference: String) {
        self.integration = integration
        self.reference = reference
    }

    static func == (left: ReferenceKey, right: ReferenceKey) -> Bool {
        left.reference.utf8.elementsEqual(right.reference.utf8)
            && left.integration.utf8.elementsEqual(right.integration.utf8)
    }

    /// The reference alone tells nearly all keys apart.
    func hash(into hasher: inout Hasher) {
        var text = reference
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

/// The references of a batch that the database already has, by integration and reference: two look-ups
/// for each integration of the batch.
private struct KnownReferences {
    private(set) var orders: [ReferenceKey: OrderStore.Stored] = [:]
    private(set) var transactions: Set<ReferenceKey> = []

    init() {}

    init(
        of orders: some Sequence<(PreparedOrder, Result<IntegrationStore.Feed, OrderRejection>)>,
        _ tx: any ReadTransaction
    ) throws {
        let candidates = orders.compactMap { order, feed in
            (try? feed.get()).map { (order: order, integration: $0.id) }
        }
        for (integration, group) in Dictionary(grouping: candidates, by: \.integration) {
            let references = group.map(\.order.referenceID)
            for stored in try OrderStore.stored(references: references, in: integration, tx) {
                self.orders[ReferenceKey(integration.text, stored.referenceID)] = stored
            }
            let transactionReferences = group.flatMap { candidate in
                candidate.order.content.transactions.map(\.referenceID)
            }
            for known in try OrderStore.orders(
                ofTransactions: transactionReferences, in: integration, tx)
            {
                transactions.insert(ReferenceKey(integration.text, known.reference))
            }
        }
    }
}
