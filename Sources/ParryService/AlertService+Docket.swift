import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire

extension AlertService {
    /// An alert that somebody is about to act on, with what speaks against it.
    package struct Docketed: Sendable {
        package let alert: Alert
        /// This moment in its organisation.
        package let now: Moment
        /// Whether `CANCEL` and `REFUND_AND_CANCEL` may be declared.
        package let allowsCancel: Bool
        /// Whether the network refunded the sale already: a refund is refused then.
        package let isRefundedAtNetwork: Bool
        /// What is known of its sale's refunds; nil where nothing can be counted.
        package let ledger: RefundLedger?
        /// Who last changed it by hand, and when; nil where nobody did.
        package let doing: AuditService.Named?
    }

    /// What is known of some alerts, in the order of their ids and each once; those that the principal does not see are
    /// left out. Nothing is locked: what is shown may be otherwise a moment later.
    package func docket(
        _ ids: [AlertID], by principal: Principal, now: Timestamp
    ) async throws -> [Docketed] {
        try await database.read { tx in
            let found = try AlertStore.find(ids, for: principal.owner, tx)
            let alerts = Dictionary(found.map { ($0.id, $0) }) { $1 }
            var reader = DocketReader(principal: principal, now: now)
            var seen: Set<AlertID> = []
            return try ids.compactMap { alerts[$0] }.filter { seen.insert($0.id).inserted }
                .map { try reader.read($0, tx) }
        }
    }
}

/// Gathers what speaks against acting on alerts, of many organisations perhaps.
private struct DocketReader {
    let principal: Principal
    let now: Timestamp
    private var organisations: [OrganisationID: (moment: Moment, allowsCancel: Bool)] = [:]

    init(principal: Principal, now: Timestamp) {
        self.principal = principal
        self.now = now
    }

    mutating func read(
        _ alert: Alert, _ tx: any ReadTransaction
    ) throws -> AlertService.Docketed {
        let (moment, allowsCancel) = try organisation(alert.organisationID, tx)
        let isOpen = alert.state.status == .actionRequired
        return AlertService.Docketed(
            alert: alert, now: moment, allowsCancel: allowsCancel,
            isRefundedAtNetwork: try isOpen && AlertService.isRefundedAtNetwork(alert, tx),
            ledger: isOpen ? try ledger(of: alert, at: moment, tx) : nil,
            doing: isOpen
                ? nil : try AuditService.decision(about: alert.id, for: principal.owner, tx))
    }

    private mutating func organisation(
        _ id: OrganisationID, _ tx: any ReadTransaction
    ) throws -> (moment: Moment, allowsCancel: Bool) {
        if let known = organisations[id] { return known }
        let lead = try OrganisationStore.clockLead(of: id, tx) ?? 0
        let settings = try OrganisationStore.settings(of: id, tx)
        let found = (Moment(now, lead: lead), settings?.allowsCancelActions == true)
        organisations[id] = found
        return found
    }

    private func ledger(
        of alert: Alert, at moment: Moment, _ tx: any ReadTransaction
    ) throws -> RefundLedger? {
        guard let sale = alert.sale, let found = try TransactionStore.find(sale, tx),
            let order = try OrderStore.find(found.orderID, for: principal.owner, tx)
        else { return nil }
        do {
            return try RefundBook(sale: sale, now: moment.shown).ledger(by: order, tx)
        } catch RefundIntentError.amountUnknown {
            return nil
        }
    }
}
