import ParryDatabase
package import ParryDomain
import ParryMatching
import ParryStore
package import ParryWire

extension AlertCaseService {
    /// What would follow if a person set an alert's sale, for who is asked first.
    package struct Proposal: Sendable {
        /// As the alert is now.
        package let dossier: AlertDossier
        /// Names what the alert's match and status are now; see ``AlertCaseService/set(_:of:seen:by:now:)``.
        package let stand: String
        /// The sale, compared with what the network said; nil for none of the known ones.
        package let sale: AlertDossier.Sale?
        /// What is known of its refunds.
        package let refunds: AlertDossier.Refunds
        /// Whether the alert becomes `INVALID`, which the network hears.
        package let endsInvalid: Bool
    }

    /// Looks at a choice; nothing is changed or locked.
    ///
    /// - Throws: ``NotFound`` for the alert or the transaction.
    package func proposal(
        _ choice: Choice?, of id: AlertID, by principal: Principal, now: Timestamp
    ) async throws -> Proposal {
        try await database.read { tx in
            let (reader, record) = try Self.reader(of: id, by: principal, now: now, tx)
            let chosen = try choice.map {
                try reader.sale(
                    Self.integration(of: $0, in: reader.alert.organisationID, tx), $0.reference,
                    tx)
            }
            return Proposal(
                dossier: try reader.read(tx),
                stand: Self.stand(of: reader.alert, record), sale: chosen?.sale,
                refunds: chosen?.refunds ?? .none,
                endsInvalid: try choice == nil
                    && record.map {
                        try Self.isGivenUp(reader.alert, $0, tx)
                    } ?? false)
        }
    }

    /// The transactions of the alert's organisation that somebody means: by the order's id or reference, the
    /// transaction's reference, or the ARN, whole. Each is compared with what the network said.
    ///
    /// - Throws: ``NotFound`` for the alert.
    package func sales(
        called text: String, of id: AlertID, by principal: Principal, now: Timestamp
    ) async throws -> [AlertDossier.Sale] {
        try await database.read { tx in
            try Self.reader(of: id, by: principal, now: now, tx).reader.sales(called: text, tx)
        }
    }

    /// Names the match and the status of an alert, to tell whether they are still what somebody saw.
    static func stand(of alert: Alert, _ record: AlertCaseStore.Case?) -> String {
        [
            alert.state.status.rawValue, record?.isSetByHand == true ? "BY_HAND" : "-",
            alert.state.integrationID?.text ?? "-", alert.state.integrationTransactionID ?? "",
        ].joined(separator: " ")
    }

    private static func reader(
        of id: AlertID, by principal: Principal, now: Timestamp, _ tx: any ReadTransaction
    ) throws -> (reader: DossierReader, record: AlertCaseStore.Case?) {
        guard let alert = try AlertStore.find(id, for: principal.owner, tx) else {
            throw NotFound("alert")
        }
        let lead = try OrganisationStore.clockLead(of: alert.organisationID, tx) ?? 0
        let record = try AlertCaseStore.find(id, tx)
        return (
            DossierReader(
                alert: alert, record: record, principal: principal, now: Moment(now, lead: lead)),
            record
        )
    }
}

extension DossierReader {
    /// A transaction that could be the alert's sale.
    fileprivate func sale(
        _ integration: IntegrationID, _ reference: String, _ tx: any ReadTransaction
    ) throws -> (sale: AlertDossier.Sale, refunds: AlertDossier.Refunds) {
        let name = RefundedSale(integrationID: integration, reference: reference)
        let order = try order(of: name, tx)
        return (try sale(name, order, tx), try refunds(name, order, tx))
    }

    fileprivate func sales(
        called text: String, _ tx: any ReadTransaction
    ) throws -> [AlertDossier.Sale] {
        let all = try orders(called: text, tx).flatMap(Self.transactions(of:))
        // Who names a transaction does not mean the others of its order.
        let meant = all.filter { $0.reference == text || $0.acquirerReferenceNumber == text }
        return try (meant.isEmpty ? all : meant).prefix(Limits.salesOfferedMax).compactMap { one in
            let name = RefundedSale(
                integrationID: one.order.integrationID, reference: one.reference)
            let sale = try sale(name, one.order, tx)
            return sale.transaction == nil ? nil : sale
        }
    }

    private struct Sold {
        let order: OrderStore.Stored
        let reference: String
        let acquirerReferenceNumber: String?
    }

    private static func transactions(of order: OrderStore.Stored) -> [Sold] {
        order.document.root["transactions"]?.elements.compactMap { transaction in
            transaction["reference_id"]?.string.map { reference in
                Sold(
                    order: order, reference: reference,
                    acquirerReferenceNumber: transaction["acquirer_reference_number"]?.string)
            }
        } ?? []
    }

    private func orders(
        called text: String, _ tx: any ReadTransaction
    ) throws -> [OrderStore.Stored] {
        if let id = OrderID(text) {
            let order = try OrderStore.find(id, for: principal.owner, tx)
            return [order].compactMap(\.self).filter { $0.organisationID == alert.organisationID }
        }
        var filter = OrderStore.Filter()
        filter.organisationID = alert.organisationID
        filter.search = text
        let page = Page(limit: Limits.salesOfferedMax, offset: 0)
        return try OrderStore.list(filter, for: principal.owner, page: page, tx).items
    }
}

extension AlertDossier.Refunds {
    /// Where there is no sale.
    static let none = AlertDossier.Refunds(ledger: nil, intents: [], others: [])
}
