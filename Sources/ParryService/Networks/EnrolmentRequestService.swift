package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire

// Who acts: a chore in each process that is connected to a network. It asks for the enrolments that nobody has asked
// for: those made before the network was connected, and those that the operator set back to PENDING.
//
// What a crash leaves: an enrolment is asked for in one transaction, or still on the list.

/// Asks the networks for enrolments that are PENDING although they are connected.
package struct EnrolmentRequestService: Sendable {
    private let database: any Database
    private let connections: NetworkConnections
    private let wake: Wake

    /// - Parameter wake: Tells that a network is to be asked something.
    package init(database: any Database, connections: NetworkConnections, wake: Wake) {
        self.database = database
        self.connections = connections
        self.wake = wake
    }

    /// Asks for some; says whether there may be more.
    package func step(now: Timestamp) async throws -> Bool {
        var isMore = false
        var failure: (any Error)?
        for mode in AccountMode.allCases {
            let networks = connections.networks(of: mode)
            guard !networks.isEmpty else { continue }
            let limit = Limits.enrolmentsAskedAtOnceMax
            let found = try await database.lookUp {
                try EnrolmentStore.unasked(mode, at: networks, limit: limit, $0)
            }
            for id in found {
                do {
                    try await database.write { try Self.ask(for: id, mode: mode, now: now, $0) }
                } catch {
                    // One that cannot be asked for does not hold up the others.
                    failure = error
                }
            }
            if !found.isEmpty { wake() }
            isMore = isMore || found.count == limit
        }
        if let failure { throw failure }
        return isMore
    }

    private static func ask(
        for id: EnrolmentID, mode: AccountMode, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        // Another process may have asked meanwhile, or the partner cancelled.
        guard let enrolment = try EnrolmentStore.named([id], lock: .update, tx).first,
            try EnrolmentStore.isUnasked(enrolment, tx),
            let merchant = enrolment.merchantIDs.first,
            let name = try MerchantStore.name(of: merchant, tx),
            let lead = try OrganisationStore.clockLead(of: enrolment.organisationID, tx)
        else { return }
        // Asked for no earlier than it was changed, or it would seem not to be asked for.
        let changed = enrolment.updatedAt.adding(milliseconds: -lead)
        try EnrolmentProgress(mode: mode, now: max(now, changed)).ask(
            for: enrolment, merchantName: name, tx)
    }
}
