import CoreMetrics
package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire
import Synchronization

// Who acts: the ingress gives each of the network's questions to `decide`, which has `run` keep the answer and waits for it
// as long as the network does; a chore keeps the board fresh and settles answers that could not be kept in time.
//
// What a crash leaves: an answer that was kept stands, and is given again. One that was not kept was the fallback, or the
// connection broke before it went out; the network's notice of the case says what became of it.

/// Decides RDR cases within the network's patience, from what is held in memory.
package final class CaseDecisionService: Sendable {
    /// An answer that went out before it was kept.
    private struct Correction: Sendable {
        let key: NetworkMessageStore.Key
        let body: [UInt8]
        /// What may be kept although it was not answered.
        let evaluated: CaseAnswer
        let answer: CaseAnswer
    }

    private let database: any Database
    private let budget: Duration
    private let fallback: CaseDecision
    private let board = Mutex<DecisionBoard?>(nil)
    private let corrections = Mutex<[NetworkMessageStore.Key: Correction]>([:])
    private let recent = Mutex(RecentAnswers())
    private let jobs: AsyncStream<@Sendable () async -> Void>
    private let keeper: AsyncStream<@Sendable () async -> Void>.Continuation
    private let seconds = Timer(label: "parry_rdr_decision_seconds")
    private let counters = CaseDecisionService.makeCounters()

    /// - Parameters:
    ///   - budget: After it the fallback is answered.
    ///   - fallback: What is answered on any fault of ours, and about cases of nobody.
    package init(database: any Database, budget: Duration, fallback: CaseDecision) {
        self.database = database
        self.budget = budget
        self.fallback = fallback
        (jobs, keeper) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(Limits.decisionsKeptAtOnceMax))
    }

    /// Keeps answers until the calling task is cancelled; without it every answer is the fallback.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await job in jobs { group.addTask { await job() } }
        }
    }

    /// Brings the board up to date, and keeps what was answered without being kept; says whether there is more to do.
    package func refresh(now: Timestamp) async throws -> Bool {
        let known = board.withLock { $0?.version }
        let day = ExchangeRates.day(of: now)
        let fresh = try await database.read { tx -> DecisionBoard? in
            guard try DecisionBoardStore.version(tx) != known else { return nil }
            return try DecisionBoardStore.board(on: day, tx)
        }
        if let fresh { board.withLock { $0 = fresh } }
        for correction in corrections.withLock({ Array($0.values.prefix(100)) }) {
            try await database.write { tx in
                try NetworkMessageStore.correct(
                    correction.key, body: correction.body, from: correction.evaluated.stored,
                    to: correction.answer.stored, at: now, tx)
            }
            corrections.withLock { $0[correction.key] = nil }
        }
        return corrections.withLock { !$0.isEmpty }
    }

    /// Answers a question; the same one always the same. Never throws and never waits longer than the budget: the network
    /// would decide by itself.
    ///
    /// - Parameter body: The question as it came, without full card numbers.
    package func decide(
        _ question: CaseQuestion, body: [UInt8], mode: AccountMode, now: Timestamp
    ) async -> CaseAnswer {
        let started = ContinuousClock.now
        let key = NetworkMessageStore.Key(
            mode: mode, network: .verifi, kind: .decision, networkID: question.id)
        let answer = await answer(question, key, body, now)
        let took = ContinuousClock.now - started
        seconds.recordNanoseconds(Int64(took / .nanoseconds(1)))
        counters[answer.decision]?[answer.origin]?.increment()
        return answer
    }

    private func answer(
        _ question: CaseQuestion, _ key: NetworkMessageStore.Key, _ body: [UInt8],
        _ now: Timestamp
    ) async -> CaseAnswer {
        if let given = recent.withLock({ $0[key] }) { return given }
        let evaluated = board.withLock { $0 }?.answer(question, mode: key.mode) ?? fallbackAnswer
        let kept = await keep(evaluated, key, body, now)
        let answer = kept ?? fallbackAnswer
        recent.withLock { $0[key] = answer }
        guard kept == nil else { return answer }
        corrections.withLock { corrections in
            guard corrections.count < Limits.decisionCorrectionsMax else { return }
            corrections[key] = Correction(
                key: key, body: body, evaluated: evaluated, answer: answer)
        }
        return answer
    }

    /// Keeps an answer.
    ///
    /// - Returns: What is kept now, an earlier answer perhaps; nil when that is not known in time.
    private func keep(
        _ answer: CaseAnswer, _ key: NetworkMessageStore.Key, _ body: [UInt8], _ now: Timestamp
    ) async -> CaseAnswer? {
        let promise = Promise<CaseAnswer?>()
        keeper.yield { [database] in
            let kept = try? await database.writeSingly { tx in
                let before = try NetworkMessageStore.answer(
                    key, body: body, with: answer.stored, at: now, tx)
                return before.flatMap(CaseAnswer.init(stored:)) ?? answer
            }
            promise.end(with: kept)
        }
        return await withTaskGroup(of: Void.self) { [budget] group in
            group.addTask {
                try? await Task.sleep(for: budget)
                promise.end(with: nil)
            }
            let kept = await promise.value
            group.cancelAll()
            return kept
        }
    }

    private static func makeCounters() -> [CaseDecision: [CaseAnswer.Origin: Counter]] {
        func counter(_ decision: CaseDecision, _ origin: CaseAnswer.Origin) -> Counter {
            Counter(
                label: "parry_rdr_decisions_total",
                dimensions: [("decision", decision.rawValue), ("origin", origin.rawValue)])
        }
        return CaseDecision.allCases.reduce(into: [:]) { all, decision in
            for origin in CaseAnswer.Origin.allCases {
                all[decision, default: [:]][origin] = counter(decision, origin)
            }
        }
    }

    /// Whether an enrolment is known that the case can have come through.
    package func knows(_ question: CaseQuestion, mode: AccountMode) -> Bool {
        board.withLock { $0 }?.answer(question, mode: mode) != nil
    }

    private var fallbackAnswer: CaseAnswer {
        CaseAnswer(decision: fallback, origin: .fallback, evaluation: nil)
    }
}
