import ParryDatabase
import Synchronization

// Who acts. A caller that finds nobody leading leads: it does the work for its own item and for all that
// wait, tells them, and hands over to the first that came meanwhile. So the busier the process, the more
// callers share one piece of work, and nobody waits for a timer.

/// Does the work of concurrent callers together.
final class MergedWork<Item: Sendable, Answer: Sendable>: Sendable {
    private struct Waiting: Sendable {
        let item: Item
        let continuation: CheckedContinuation<Turn, Never>
    }

    private enum Turn: Sendable {
        case lead([Waiting])
        case told(Result<Answer, any Error>)
    }

    private struct State {
        var waiting: [Waiting] = []
        var isLed = false
    }

    private let waitingMax: Int
    private let weight: @Sendable (Item) -> Int
    private let weightMax: Int
    private let work: @Sendable ([Item]) async -> [Result<Answer, any Error>]
    private let state = Mutex(State())

    /// - Parameters:
    ///   - waitingMax: Items that may wait; one more is refused as `overloaded`.
    ///   - weight: What an item adds to a piece of work.
    ///   - weightMax: From what weight on no further item is added.
    ///   - work: Does several items at once, and answers each in order.
    init(
        waitingMax: Int, weight: @escaping @Sendable (Item) -> Int = { _ in 1 }, weightMax: Int,
        work: @escaping @Sendable ([Item]) async -> [Result<Answer, any Error>]
    ) {
        self.waitingMax = waitingMax
        self.weight = weight
        self.weightMax = weightMax
        self.work = work
    }

    /// Returns when the item's work is done.
    func submit(_ own: Item) async throws -> Answer {
        switch await turn(for: own) {
        case .told(let result): return try result.get()
        case .lead(let others):
            let results = await work([own] + others.map(\.item))
            for (waiting, result) in zip(others, results.dropFirst()) {
                waiting.continuation.resume(returning: .told(result))
            }
            passOn()
            return try results[0].get()
        }
    }

    private func turn(for item: Item) async -> Turn {
        await withCheckedContinuation { continuation in
            let turn = state.withLock { state -> Turn? in
                guard state.isLed else {
                    state.isLed = true
                    return .lead([])
                }
                guard state.waiting.count < waitingMax else {
                    return .told(
                        .failure(DatabaseError(.overloaded, "too many requests are waiting")))
                }
                state.waiting.append(Waiting(item: item, continuation: continuation))
                return nil
            }
            if let turn { continuation.resume(returning: turn) }
        }
    }

    /// Hands over to the first that waits, with those behind it.
    private func passOn() {
        let next = state.withLock { state -> [Waiting] in
            guard !state.waiting.isEmpty else {
                state.isLed = false
                return []
            }
            var sum = 0
            let count = state.waiting.prefix { waiting in
                defer { sum += weight(waiting.item) }
                return sum < weightMax
            }.count
            defer { state.waiting.removeFirst(count) }
            return Array(state.waiting.prefix(count))
        }
        next.first?.continuation.resume(returning: .lead(Array(next.dropFirst())))
    }
}
