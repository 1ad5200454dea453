import ParryDatabase
import Synchronization

// Who acts. A caller that finds nobody leading leads: it begins the work with its own item. Who comes before
// the work asks for its items is taken along, who comes later waits, and the first of those leads next. So
// the busier the process, the more callers share one piece of work, and nobody waits for a timer. Work that
// has to wait for something itself, as for its turn with the writer, asks when it has it: whoever came
// meanwhile is served with it, not by the next.
//
// When the next leads. Where pieces exclude each other, when the one before has ended. Where they queue up
// for one worker, as soon as the one before has its items: the next is in the queue when that one is done,
// instead of somewhere behind all callers who are being answered.

/// Does the work of concurrent callers together.
final class MergedWork<Item: Sendable, Answer: Sendable>: Sendable {
    /// When a leader hands over to the next.
    enum Handover: Sendable {
        /// When its work has its items.
        case taken
        /// When its work is done.
        case done
    }

    fileprivate struct Waiting: Sendable {
        let item: Item
        let continuation: CheckedContinuation<Turn, Never>
    }

    fileprivate enum Turn: Sendable {
        case lead
        case told(Result<Answer, any Error>)
    }

    private struct State {
        var waiting: [Waiting] = []
        var leaders = 0
    }

    private let leadersMax: Int
    private let handover: Handover
    private let waitingMax: Int
    private let weight: @Sendable (Item) -> Int
    private let weightShared: Int
    private let weightMax: Int
    private let work: @Sendable (MergedItems<Item, Answer>) async -> [Result<Answer, any Error>]
    private let state = Mutex(State())

    /// - Parameters:
    ///   - leadersMax: How many may lead at the same time.
    ///   - handover: Until when one leads.
    ///   - waitingMax: Items that may wait; one more is refused as `overloaded`.
    ///   - weight: What an item adds to a piece of work.
    ///   - weightShared: From what weight on the leaders share what waits between them.
    ///   - weightMax: From what weight on no further item is added.
    ///   - work: Does several items at once, and answers each in order.
    init(
        leadersMax: Int = 1, handover: Handover = .done, waitingMax: Int,
        weight: @escaping @Sendable (Item) -> Int = { _ in 1 }, weightShared: Int = 1,
        weightMax: Int,
        work: @escaping @Sendable (MergedItems<Item, Answer>) async -> [Result<Answer, any Error>]
    ) {
        self.leadersMax = leadersMax
        self.handover = handover
        self.waitingMax = waitingMax
        self.weight = weight
        self.weightShared = weightShared
        self.weightMax = weightMax
        self.work = work
    }

    /// Items that no piece of work has taken yet.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Returns when the item's work is done.
    func submit(_ own: Item) async throws -> Answer {
        switch await turn(for: own) {
        case .told(let result): return try result.get()
        case .lead:
            let items = MergedItems(own, from: self)
            let results = await work(items)
            for (waiting, result) in zip(items.others, results.dropFirst()) {
                waiting.continuation.resume(returning: .told(result))
            }
            if handover == .done { passOn() }
            return try results[0].get()
        }
    }

    private func turn(for item: Item) async -> Turn {
        await withCheckedContinuation { continuation in
            let turn = state.withLock { state -> Turn? in
                guard state.leaders >= leadersMax else {
                    state.leaders += 1
                    return .lead
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

    /// Those that wait and have room beside an item.
    fileprivate func take(beside own: Item) -> [Waiting] {
        defer { if handover == .taken { passOn() } }
        return state.withLock { state in
            var sum = weight(own)
            let all = state.waiting.reduce(sum) { $0 + weight($1.item) }
            let most = min(weightMax, max(weightShared, all / leadersMax))
            let count = state.waiting.prefix { waiting in
                defer { sum += weight(waiting.item) }
                return sum < most
            }.count
            defer { state.waiting.removeFirst(count) }
            return Array(state.waiting.prefix(count))
        }
    }

    /// Hands over to the first that waits.
    private func passOn() {
        let next = state.withLock { state -> Waiting? in
            guard !state.waiting.isEmpty else {
                state.leaders -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.continuation.resume(returning: .lead)
    }
}

/// The items of one piece of work. Which ones is settled when they are first asked for.
final class MergedItems<Item: Sendable, Answer: Sendable>: Sendable {
    private let own: Item
    private let source: MergedWork<Item, Answer>
    private let settled = Mutex<[MergedWork<Item, Answer>.Waiting]?>(nil)

    fileprivate init(_ own: Item, from source: MergedWork<Item, Answer>) {
        self.own = own
        self.source = source
    }

    /// All of them; the same ones again, however often it is called.
    func take() -> [Item] {
        [own] + others.map(\.item)
    }

    fileprivate var others: [MergedWork<Item, Answer>.Waiting] {
        settled.withLock { settled in
            if let settled { return settled }
            let taken = source.take(beside: own)
            settled = taken
            return taken
        }
    }
}
