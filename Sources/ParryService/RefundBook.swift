import ParryDatabase
package import ParryDomain
import ParryMatching
import ParryStore
import ParryWire

/// Gathers what is known of a transaction's refunds: what its order tells, the intents, and the alerts about it.
struct RefundBook {
    let sale: RefundedSale
    /// As the transaction's organisation shows it: reservations expire by it.
    let now: Timestamp

    /// The transaction's ledger. Its order is locked, so that of two who ask at the same time one is first.
    ///
    /// - Throws: ``NotFound`` for the transaction, ``RefundIntentError/amountUnknown``.
    func ledger(
        of organisation: OrganisationID, _ tx: any WriteTransaction
    ) throws -> RefundLedger {
        guard let order = try sale.lockOrder(of: organisation, tx) else {
            throw NotFound("transaction")
        }
        return try ledger(by: order, tx)
    }

    /// The same for who only looks: nothing is locked, and what is shown may be otherwise a moment later.
    ///
    /// - Parameter order: The order that the transaction belongs to.
    /// - Throws: As ``ledger(of:_:)``.
    func ledger(
        by order: OrderStore.Stored, _ tx: any ReadTransaction
    ) throws -> RefundLedger {
        guard let transaction = try TransactionStore.find(sale, tx)?.transaction else {
            throw NotFound("transaction")
        }
        guard let amount = transaction.amount, let currency = transaction.currency else {
            throw RefundIntentError.amountUnknown
        }
        let intents = try RefundIntentStore.all(of: sale, tx)
        let told = OrderHistory(order.document.root).possibleRefunds(of: sale.reference)
        let pending =
            told.filter { $0.status == "PENDING" }.map { $0.amount(in: currency) }
            + intents.filter { $0.status(at: now) == .reserved }
            .map { $0.amount(in: currency) }
        return RefundLedger(
            amount: amount, currency: currency,
            entries: Self.entries(told, in: currency)
                + Self.entries(intents, told, in: currency)
                + (try AlertStore.refunding(sale, tx).map { $0.refund(in: currency) }),
            pending: pending)
    }

    /// The same; nil where the transaction, or its amount, is not known.
    func knownLedger(
        of organisation: OrganisationID, _ tx: any WriteTransaction
    ) throws -> RefundLedger? {
        do {
            return try ledger(of: organisation, tx)
        } catch is NotFound {
            return nil
        } catch RefundIntentError.amountUnknown {
            return nil
        }
    }

    /// Whether the order tells of a refund of this reference that was made.
    func isTold(
        _ reference: String, of organisation: OrganisationID, _ tx: any WriteTransaction
    ) throws -> Bool {
        guard let order = try sale.lockOrder(of: organisation, tx) else { return false }
        return OrderHistory(order.document.root).refunds(of: sale.reference).contains {
            $0.status == "SUCCEEDED" && $0.reference?.utf8.elementsEqual(reference.utf8) == true
        }
    }

    private static func entries(
        _ told: [KnownReversal], in currency: String
    ) -> [RefundLedger.Entry] {
        told.filter { $0.status == "SUCCEEDED" }.map {
            RefundLedger.Entry(
                .order, reference: $0.reference, amount: $0.amount(in: currency), at: $0.at)
        }
    }

    /// Committed intents that the order does not tell of: of one that it does, the order knows best what became of it.
    private static func entries(
        _ intents: [RefundIntent], _ told: [KnownReversal], in currency: String
    ) -> [RefundLedger.Entry] {
        intents.compactMap { intent in
            guard let reference = intent.reference,
                !told.contains(where: { $0.reference?.utf8.elementsEqual(reference.utf8) == true })
            else { return nil }
            return RefundLedger.Entry(
                .intent, reference: reference, amount: intent.amount(in: currency),
                at: intent.updatedAt)
        }
    }
}

extension KnownReversal {
    /// nil in another currency, because nobody knows by which rate the processor converted.
    fileprivate func amount(in other: String) -> Int64? { currency == other ? amount : nil }
}

extension RefundIntent {
    /// nil where the transaction's currency was corrected since.
    fileprivate func amount(in other: String) -> Int64? { currency == other ? amount : nil }
}

extension Alert {
    /// When an action was taken, the alert does not tell.
    fileprivate func refund(in currency: String) -> RefundLedger.Entry {
        let isCase = enrolmentType == .verifiRDR
        return RefundLedger.Entry(
            isCase ? .network : .action, alertID: id,
            amount: transaction.currency == currency ? transaction.amount : nil,
            at: isCase ? receivedAt : nil)
    }

    /// The transaction that the alert was matched to.
    package var sale: RefundedSale? {
        guard let integration = state.integrationID,
            let reference = state.integrationTransactionID
        else { return nil }
        return RefundedSale(integrationID: integration, reference: reference)
    }
}

extension RefundedSale {
    /// Locks the order of the transaction, before any alert about it, as everywhere; nil where nobody uploaded it.
    @discardableResult
    func lockOrder(
        of organisation: OrganisationID, _ tx: any WriteTransaction
    ) throws -> OrderStore.Stored? {
        let known = try OrderStore.orders(ofTransactions: [reference], in: integrationID, tx)
        return try OrderStore.named(known.map(\.order), of: organisation, lock: .update, tx).first
    }
}
