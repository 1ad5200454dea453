import ParryDatabase
import Synchronization
import Testing

@testable import ParryService

@Suite("Work that callers share", .timeLimit(.minutes(1)))
struct MergedWorkTests {
    /// The pieces that were worked on.
    private final class Pieces: Sendable {
        private let all = Mutex<[[Int]]>([])

        func add(_ piece: [Int]) { all.withLock { $0.append(piece) } }
        var found: [[Int]] { all.withLock { $0 } }
    }

    private typealias Merged = MergedWork<Int, Int>

    /// Work whose first piece asks for its items when so many wait beside it.
    private func merged(
        waiting: Int, weightMax: Int = 100, _ pieces: Pieces
    ) -> Merged {
        let box = Mutex<Merged?>(nil)
        let merged = Merged(waitingMax: 10, weightMax: weightMax) { items in
            let own = box.withLock { $0! }
            if pieces.found.isEmpty { while own.waitingCount < waiting { await Task.yield() } }
            let taken = items.take()
            #expect(items.take() == taken)
            pieces.add(taken)
            return taken.map { .success(-$0) }
        }
        box.withLock { $0 = merged }
        return merged
    }

    private func submit(_ numbers: ClosedRange<Int>, to merged: Merged) async throws {
        try await withThrowingTaskGroup { group in
            for number in numbers {
                group.addTask {
                    let answer = try await merged.submit(number)
                    #expect(answer == -number)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("Who comes before the work asks for its items is served with it")
    func late() async throws {
        let pieces = Pieces()
        try await submit(1...4, to: merged(waiting: 3, pieces))
        #expect(pieces.found.map { $0.sorted() } == [[1, 2, 3, 4]])
    }

    @Test("What is too much for one piece waits for the next, and everyone gets the own answer")
    func weight() async throws {
        let pieces = Pieces()
        try await submit(1...7, to: merged(waiting: 6, weightMax: 3, pieces))
        #expect(pieces.found.map(\.count) == [3, 3, 1])
        #expect(pieces.found.joined().sorted() == Array(1...7))
    }

    @Test("Two leaders share what waits, once it is much")
    func shared() async throws {
        let pieces = Pieces()
        let mayEnd = Mutex(false)
        let merged = Merged(leadersMax: 2, waitingMax: 100, weightShared: 4, weightMax: 50) {
            items in
            while !mayEnd.withLock({ $0 }) { await Task.yield() }
            let taken = items.take()
            pieces.add(taken)
            return taken.map { .success(-$0) }
        }
        let submitted = Task { try await submit(1...42, to: merged) }
        while merged.waitingCount < 40 { await Task.yield() }
        mayEnd.withLock { $0 = true }
        try await submitted.value
        // The first has half of itself and the 40, the second half of what is left then.
        #expect(pieces.found.first?.count == 20)
        #expect(pieces.found.dropFirst().allSatisfy { $0.count <= 11 })
        #expect(pieces.found.joined().sorted() == Array(1...42))
    }

    @Test("Two pieces may be under way, and no third")
    func leaders() async throws {
        let running = Mutex((now: 0, most: 0))
        let merged = Merged(leadersMax: 2, waitingMax: 100, weightMax: 1) { items in
            let isFirst = running.withLock { running in
                running.now += 1
                running.most = max(running.most, running.now)
                return running.most < 2
            }
            // The first waits until another leads beside it.
            if isFirst { while running.withLock({ $0.most < 2 }) { await Task.yield() } }
            // A third would have come by then.
            for _ in 0..<100 { await Task.yield() }
            defer { running.withLock { $0.now -= 1 } }
            return items.take().map { .success(-$0) }
        }
        try await submit(1...6, to: merged)
        #expect(running.withLock { $0.most } == 2)
        #expect(merged.waitingCount == 0)
    }

    @Test(
        "Where leaders hand over with their items, the next begins while the one before is under way"
    )
    func handover() async throws {
        let begun = Mutex(0)
        let merged = Merged(handover: .taken, waitingMax: 100, weightMax: 1) { items in
            let taken = items.take()
            let number = begun.withLock { begun in
                begun += 1
                return begun
            }
            if number == 1 { while begun.withLock({ $0 < 2 }) { await Task.yield() } }
            return taken.map { .success(-$0) }
        }
        try await submit(1...3, to: merged)
        #expect(begun.withLock { $0 } == 3)
        #expect(try await merged.submit(4) == -4)
    }

    @Test("One more than may wait is refused, and those that wait are served")
    func refused() async throws {
        let mayEnd = Mutex(false)
        let merged = Merged(waitingMax: 3, weightMax: 100) { items in
            while !mayEnd.withLock({ $0 }) { await Task.yield() }
            return items.take().map { .success(-$0) }
        }
        let submitted = Task { try await submit(1...4, to: merged) }
        while merged.waitingCount < 3 { await Task.yield() }
        await #expect(throws: DatabaseError.self) { try await merged.submit(5) }
        mayEnd.withLock { $0 = true }
        try await submitted.value
        #expect(try await merged.submit(6) == -6)
    }
}
