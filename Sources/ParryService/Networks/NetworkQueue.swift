package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire

/// The queue of what the networks are told, as the sender sees it: claim and record.
package struct NetworkQueue: Sendable {
    private let database: any Database
    private let wake: Wake

    /// - Parameter wake: Tells that events were written.
    package init(database: any Database, wake: Wake) {
        self.database = database
        self.wake = wake
    }

    /// Claims what is due.
    package func claim(
        _ kind: NetworkRequestKind, to network: CardNetwork, mode: AccountMode, limit: Int,
        now: Timestamp
    ) async throws -> [ClaimedNetworkRequest] {
        let isDue = try await database.lookUp { tx in
            try NetworkRequestStore.isDue(kind, to: network, mode: mode, now: now, tx)
        }
        guard isDue else { return [] }
        return try await database.write { tx in
            try NetworkRequestStore.claim(
                kind, to: network, mode: mode, limit: limit, now: now, tx)
        }
    }

    /// Writes answers, and what they mean for enrolments.
    package func record(
        _ answers: [(request: ClaimedNetworkRequest, answer: NetworkAnswer)], mode: AccountMode,
        now: Timestamp
    ) async throws {
        try await database.write { tx in
            for (request, answer) in answers {
                guard try NetworkRequestStore.record(answer, of: request, now: now, tx) else {
                    continue
                }
                switch (request.kind, answer) {
                case (.enrol, _):
                    try EnrolmentProgress(mode: mode, now: now).submitted(request, answer, tx)
                case (.publish, _):
                    try RulesetPublishing(mode: mode, now: now).answered(request, answer, tx)
                case (.outcome, .final):
                    try Self.flag(AlertID(stored: request.subjectID), now: now, tx)
                default: break
                }
            }
        }
        wake()
    }

    /// The network does not know how an alert of ours ended; what it was told of others' is not an alert.
    private static func flag(
        _ id: AlertID, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        guard let alert = try AlertStore.named(id, tx),
            let tenant = try OrganisationStore.tenant(alert.organisationID, tx)
        else { return }
        let recorder = EventRecorder(partnerID: tenant.partner, now: tenant.moment(now))
        try AlertFlagging(recorder: recorder).flag(id, .outcomeRefused, tx)
    }
}
