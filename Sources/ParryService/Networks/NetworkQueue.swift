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
                guard try NetworkRequestStore.record(answer, of: request, now: now, tx),
                    request.kind == .enrol
                else { continue }
                try EnrolmentProgress(mode: mode, now: now).submitted(request, answer, tx)
            }
        }
        wake()
    }
}
