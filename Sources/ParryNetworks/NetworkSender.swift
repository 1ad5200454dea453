package import Logging
import NIOHTTP1
import ParryDomain
package import ParryService
package import ParryWire

// Who acts: one chore in a process, woken by commits that queue something. It claims what is due to one network of
// one mode, sends it, and writes the answers.
//
// What a crash leaves: claimed requests are due again when their lease ends. Networks take a repeated request as
// the same one: an outcome counts once, an enrolment is known by its request's id.

/// Sends what is queued to the networks of one mode.
package struct NetworkSender: Sendable {
    private let mode: AccountMode
    private let addresses: NetworkAddresses
    private let client: NetworkClient
    private let queue: NetworkQueue
    private let logger: Logger

    /// - Parameter addresses: Where this mode's networks are.
    package init(
        mode: AccountMode, addresses: NetworkAddresses, client: NetworkClient,
        queue: NetworkQueue, logger: Logger
    ) {
        self.mode = mode
        self.addresses = addresses
        self.client = client
        self.queue = queue
        self.logger = logger
    }

    /// What it sends is told apart in logs by this.
    package var name: String { mode.rawValue }

    /// Sends one batch of outcomes; says whether there may be more.
    package func sendOutcomes(now: @escaping @Sendable () -> Timestamp) async throws -> Bool {
        guard let base = addresses.ethoca else { return false }
        return try await sendOutcomes(to: base, now: now)
    }

    /// Sends one enrolment, the end of one, and the rules of one, to each network; says whether there may be more. Apart
    /// from outcomes, which must not wait for a network that does not answer.
    package func sendEnrolments(now: @escaping @Sendable () -> Timestamp) async throws -> Bool {
        var isMore = false
        for network in CardNetwork.allCases {
            guard let base = addresses.base(of: network) else { continue }
            // What is left may be asked for anew.
            for kind in [NetworkRequestKind.unenrol, .enrol, .publish] {
                isMore = try await send(kind, to: network, at: base, now: now) || isMore
            }
        }
        return isMore
    }

    private func sendOutcomes(
        to base: String, now: @escaping @Sendable () -> Timestamp
    ) async throws -> Bool {
        let claimed = try await queue.claim(
            .outcome, to: .ethoca, mode: mode, limit: Limits.outcomesPerRequestMax, now: now())
        guard !claimed.isEmpty else { return false }
        var results: [Result] = []
        var readable: [(request: ClaimedNetworkRequest, outcome: NetworkOutcome)] = []
        for request in claimed {
            if let outcome = NetworkOutcome(stored: request.payload) {
                readable.append((request, outcome))
            } else {
                results.append((request, .final("the request's payload cannot be read")))
            }
        }
        results += await deliver(readable, to: base)
        for result in results { log(result.answer, of: result.request, to: .ethoca) }
        try await queue.record(results, mode: mode, now: now())
        return claimed.count == Limits.outcomesPerRequestMax
    }

    private typealias Result = (request: ClaimedNetworkRequest, answer: NetworkAnswer)

    /// Sends outcomes together. When the network calls the whole request wrong, each is sent by itself, so that one
    /// wrong outcome does not take the others with it.
    private func deliver(
        _ outcomes: [(request: ClaimedNetworkRequest, outcome: NetworkOutcome)], to base: String
    ) async -> [Result] {
        guard !outcomes.isEmpty else { return [] }
        let reply = await client.send(
            .POST, base + "/outcomes", token: addresses.token,
            body: EthocaOutcomes.body(outcomes.map(\.outcome)))
        if outcomes.count > 1, reply.status != 200, case .final = reply.answerOfFailure {
            var results: [Result] = []
            for outcome in outcomes { results += await deliver([outcome], to: base) }
            return results
        }
        let answers = EthocaOutcomes.answers(reply, for: outcomes.map(\.outcome.networkID))
        return zip(outcomes, answers).map { ($0.request, $1) }
    }

    private func send(
        _ kind: NetworkRequestKind, to network: CardNetwork, at base: String,
        now: @escaping @Sendable () -> Timestamp
    ) async throws -> Bool {
        let claimed = try await queue.claim(
            kind, to: network, mode: mode, limit: Limits.networkRequestsAtOnceMax, now: now())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for request in claimed {
                group.addTask {
                    let answer = await exchange(request, with: network, at: base)
                    log(answer, of: request, to: network)
                    try await queue.record([(request, answer)], mode: mode, now: now())
                }
            }
            try await group.waitForAll()
        }
        // What was answered may have queued more, of a kind that has had its turn.
        return !claimed.isEmpty
    }

    private func exchange(
        _ request: ClaimedNetworkRequest, with network: CardNetwork, at base: String
    ) async -> NetworkAnswer {
        request.kind == .publish
            ? await VerifiRulesets.send(request, at: base, token: addresses.token, over: client)
            : await NetworkEnrolments.send(
                request, to: network, at: base, token: addresses.token, over: client)
    }

    private func log(
        _ answer: NetworkAnswer, of request: ClaimedNetworkRequest, to network: CardNetwork
    ) {
        let facts: Logger.Metadata = [
            "request_id": "\(request.id)", "kind": "\(request.kind.rawValue)",
            "subject_id": "\(request.subjectID)", "network": "\(network.rawValue)",
        ]
        switch answer {
        case .taken: break
        case .recoverable(let reason):
            logger.warning(
                "a network did not take a request",
                metadata: facts.merging(["reason": "\(reason)"]) { $1 })
        case .final(let reason):
            logger.error(
                "a network refused a request for good, and somebody has to look",
                metadata: facts.merging(["reason": "\(reason)"]) { $1 })
        }
    }
}
