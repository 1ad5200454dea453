import ParryDatabase
import ParryDomain
import ParryMatching
import ParryStore
import ParryWire

/// Reads the sales that an alert may be about: at most three ranges of an index.
struct CandidateLookUp {
    let organisationID: OrganisationID
    /// ENABLED ones that are linked to the enrolment's merchants.
    let integrations: [IntegrationID]

    /// What was found.
    struct Found {
        var candidates: [MatchCandidate]
        /// False when a range has more rows than are read.
        var isComplete: Bool
    }

    func run(_ subject: MatchSubject, _ tx: any ReadTransaction) throws -> Found {
        let (rows, isComplete) = try rows(CandidateSearch(subject), subject.cardTraits, tx)
        let filter = CandidateFilter(subject)
        var candidates: [MatchCandidate] = []
        var orders: Set<OrderID> = []
        for row in rows {
            let candidate = MatchCandidate(
                row.transaction, integrationID: row.integrationID, orderID: row.orderID)
            guard filter.couldBe(candidate) else { continue }
            candidates.append(candidate)
            if !row.hasStatus { orders.insert(row.orderID) }
        }
        try complete(&candidates, from: orders, tx)
        return Found(candidates: candidates, isComplete: isComplete)
    }

    private func rows(
        _ search: CandidateSearch, _ traits: TransactionStore.CardTraits?,
        _ tx: any ReadTransaction
    ) throws -> (rows: [TransactionStore.Found], isComplete: Bool) {
        let limit = MatchingRules.rowsPerRangeMax
        let scope = TransactionStore.Scope(
            organisationID: organisationID, integrations: integrations, limit: limit + 1)
        var ranges: [[TransactionStore.Found]] = []
        if let arn = search.acquirerReferenceNumber {
            ranges.append(try TransactionStore.find(acquirerReferenceNumber: arn, in: scope, tx))
        }
        if let code = search.authorisationCode {
            ranges.append(
                try TransactionStore.find(
                    authorisationCode: code.key, from: code.from, to: code.to, in: scope, tx))
        }
        if let last4 = search.cardLast4 {
            ranges.append(
                try TransactionStore.find(
                    cardLast4: last4.key, from: last4.from, to: last4.to, like: traits, in: scope,
                    tx))
        }
        return (ranges.flatMap { $0 }, ranges.allSatisfy { $0.count <= limit })
    }

    /// Of rows without them the orders say status and method.
    private func complete(
        _ candidates: inout [MatchCandidate], from orders: Set<OrderID>,
        _ tx: any ReadTransaction
    ) throws {
        let orders = try OrderStore.named(
            orders.sorted { $0.text < $1.text }, of: organisationID, tx)
        let histories = Dictionary(
            orders.map { ($0.id, OrderHistory($0.document.root)) },
            uniquingKeysWith: { first, _ in first })
        for index in candidates.indices {
            guard let history = histories[candidates[index].orderID] else { continue }
            candidates[index].complete(from: history)
        }
    }
}

extension MatchSubject {
    /// What narrows the search by the last digits down; nil where the alert does not say all of it.
    fileprivate var cardTraits: TransactionStore.CardTraits? {
        guard let amount, let currency, let bin = MatchKey.cardBIN(cardBIN) else { return nil }
        return TransactionStore.CardTraits(amount: amount, currency: currency, bin: bin)
    }
}
