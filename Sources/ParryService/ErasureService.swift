import Crypto
package import ParryDatabase
import ParryDomain
import ParryStore
package import ParryWire

/// Erases what orders say about persons, at the operator's command.
package struct ErasureService: Sendable {
    private let database: any Database
    private static let pageSize = 500

    package init(database: any Database) {
        self.database = database
    }

    /// Which orders.
    package enum Subject: Sendable {
        case reference(String)
        /// Compared without regard to case.
        case email(String)
    }

    /// Erases in all orders of the organisation that are meant, page by page, and writes an audit row for
    /// each page that had some. Run again after a failure, it goes on where it was.
    ///
    /// - Returns: How many orders were changed.
    /// - Throws: ``NotFound`` for the organisation.
    package func erase(
        _ subject: Subject, in organisation: OrganisationID, now: Timestamp
    ) async throws -> Int {
        guard
            try await database.lookUp({ try OrganisationStore.settings(of: organisation, $0) })
                != nil
        else { throw NotFound("organisation") }
        var last = ""
        var changed = 0
        while true {
            let start = last
            // Each page has a line of the audit log of its own, which says how many.
            let (next, count) = try await AuditNote.$current.withValue(nil) {
                try await database.write { tx in
                    try Self.page(after: start, subject, organisation, now: now, tx)
                }
            }
            changed += count
            guard let next else { return changed }
            last = next
        }
    }

    private static func page(
        after id: String, _ subject: Subject, _ organisation: OrganisationID, now: Timestamp,
        _ tx: any WriteTransaction
    ) throws -> (next: String?, changed: Int) {
        let orders = try OrderStore.page(of: organisation, after: id, limit: pageSize, tx)
        var changed = 0
        for order in orders where isMeant(order, subject) {
            let erased = OrderErasure.erase(order.document)
            guard !erased.elementsEqual(order.document.root.raw) else { continue }
            try OrderStore.replaceDocument(
                of: order, with: erased, now: max(now, order.updatedAt), tx)
            changed += 1
        }
        if changed > 0 {
            try AuditStore.append(
                AuditEntry(
                    id: .make(at: now, slot: organisation.slot), actor: Actor.command.id,
                    partnerID: try AccountStore.partner(ofOrganisation: organisation, tx),
                    organisationID: organisation, action: "order.erase", subjectID: nil,
                    detail: "\(changed) orders by \(describe(subject))", createdAt: now), tx)
        }
        return (orders.count == pageSize ? orders.last?.id.text : nil, changed)
    }

    private static func isMeant(_ order: OrderStore.Stored, _ subject: Subject) -> Bool {
        switch subject {
        case .reference(let reference): order.referenceID.utf8.elementsEqual(reference.utf8)
        case .email(let email):
            order.document.root["customer_email"]?.string?.lowercased() == email.lowercased()
        }
    }

    /// The address itself is what is to be forgotten.
    private static func describe(_ subject: Subject) -> String {
        switch subject {
        case .reference(let reference): "reference_id \(reference)"
        case .email(let email):
            "customer_email with SHA-256 "
                + Hex.encode(SHA256.hash(data: Array(email.lowercased().utf8)).prefix(8))
        }
    }
}
