package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire

// Who acts: a chore in each process that is connected to a network. It asks for the enrolments that nobody has asked
// for: those made before the network was connected, and those that the operator set back to PENDING. It also has the
// network learn rules that nobody tells it, as after an upgrade.
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
            let unasked = try await database.lookUp {
                try EnrolmentStore.unasked(mode, at: networks, limit: limit, $0)
            }
            let untold =
                networks.contains(.verifi)
                ? try await database.lookUp {
                    try RulesetPublicationStore.untold(mode, limit: limit, $0)
                } : []
            let work = unasked.map { ($0, Self.ask) } + untold.map { ($0, Self.tell) }
            for (id, step) in work {
                do {
                    try await database.write { try step(id, mode, now, $0) }
                } catch {
                    // One that cannot be asked for does not hold up the others.
                    failure = error
                }
            }
            if !work.isEmpty { wake() }
            isMore = isMore || unasked.count == limit
        }
        if let failure { throw failure }
        return isMore
    }

    @Sendable
    private static func tell(
        _ id: EnrolmentID, _ mode: AccountMode, _ now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        // Another process may have told it meanwhile.
        guard let enrolment = try EnrolmentStore.named([id], lock: .update, tx).first,
            try RulesetPublicationStore.isUntold(id, tx)
        else { return }
        try RulesetPublishing(mode: mode, now: now).queueAgain(enrolment, tx)
    }

    @Sendable
    private static func ask(
        _ id: EnrolmentID, _ mode: AccountMode, _ now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        // Another process may have asked meanwhile, or the partner cancelled.
        guard let enrolment = try EnrolmentStore.named([id], lock: .update, tx).first,
            try EnrolmentStore.isUnasked(enrolment, tx),
            let merchant = enrolment.merchantIDs.first,
            let name = try MerchantStore.name(of: merchant, tx)
        else { return }
        // Asked for no earlier than it was changed, or it would seem not to be asked for.
        try EnrolmentProgress(mode: mode, now: max(now, enrolment.changedAt)).ask(
            for: enrolment, merchantName: name, tx)
    }
}
