import ParryTestSupport
import Testing

@testable import ParryClient

/// The pace is arithmetic on given times: nothing here waits.
@Suite("The pace of requests")
struct RequestPaceTests {
    private static let now: Int64 = 1_771_322_400_000
    private static let window = RequestPace.windowMilliseconds

    /// The most requests that any window of 60 s has, whichever its start.
    private static func mostInAWindow(_ times: [Int64]) -> Int {
        let times = times.sorted()
        var first = 0
        var most = 0
        for (last, time) in times.enumerated() {
            while times[first] <= time - window { first += 1 }
            most = max(most, last - first + 1)
        }
        return most
    }

    @Test(
        "However many ask at once, no window has more than the limit",
        arguments: [1, 2, 3, 10, 11, 60, 99, 100, 101, 250, 1_000])
    func manyAtOnce(_ limit: Int) {
        var pace = RequestPace(limit: limit)
        // More than the line of ten minutes that is taken for a clock that was set back.
        let times = (0..<max(40, limit * 25)).map { _ in pace.reserve(at: Self.now) }
        #expect(Self.mostInAWindow(times) <= limit)
        #expect(times == times.sorted())
        #expect(times.allSatisfy { $0 >= Self.now })
    }

    @Test("Whenever requests come, no window has more than the limit", arguments: 1...40)
    func anyTimes(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let limit = [1, 3, 10, 20, 100, 250][Int(seed % 6)]
        var pace = RequestPace(limit: limit)
        var now = Self.now
        var times: [Int64] = []
        for _ in 0..<(limit * 8) {
            let slot = pace.reserve(at: now)
            times.append(slot)
            let pauses: [Int64] = [0, 0, 0, 1, 50, 500, 20_000]
            if Int.random(in: 0..<10, using: &generator) > 0 {
                now = slot + pauses[Int.random(in: 0..<pauses.count, using: &generator)]
            }
        }
        #expect(Self.mostInAWindow(times) <= limit)
        #expect(times == times.sorted())
    }

    @Test("The first ten go at once, the others evenly")
    func burst() {
        var pace = RequestPace(limit: 100)
        let waits = (0..<60).map { _ in pace.reserve(at: Self.now) - Self.now }
        #expect(waits.prefix(10).allSatisfy { $0 == 0 })
        let steps = zip(waits.dropFirst(10), waits.dropFirst(9)).map { $0 - $1 }
        #expect(Set(steps) == [606])
    }

    @Test("After a pause the next ten go at once again, and no more")
    func burstAgain() {
        var pace = RequestPace(limit: 100)
        for _ in 0..<30 { _ = pace.reserve(at: Self.now) }
        let later = Self.now + 3 * Self.window
        let waits = (0..<12).map { _ in pace.reserve(at: later) - later }
        #expect(waits.prefix(10).allSatisfy { $0 == 0 })
        #expect(waits[10] > 0 && waits[11] > waits[10])
    }

    @Test("After a refusal nothing goes before its time, and then no burst")
    func refused() {
        var pace = RequestPace(limit: 100)
        for _ in 0..<5 { _ = pace.reserve(at: Self.now) }
        let until = Self.now + 23_000
        pace.refused(until: until, limit: nil)
        let times = (0..<5).map { _ in pace.reserve(at: Self.now + 10) }
        #expect(times[0] >= until)
        for (next, time) in zip(times.dropFirst(), times) { #expect(next - time >= 600) }
        #expect(pace.limit == 100)
        #expect(pace.named == nil)
    }

    @Test("A refusal of before does not shorten a wait")
    func refusedEarlier() {
        var pace = RequestPace(limit: 100)
        pace.refused(until: Self.now + 40_000, limit: nil)
        pace.refused(until: Self.now + 1_000, limit: nil)
        #expect(pace.reserve(at: Self.now) >= Self.now + 40_000)
    }

    @Test("A limit that the platform names is kept to", arguments: [1, 10, 60, 300])
    func namedLimit(_ limit: Int) {
        var pace = RequestPace(limit: 100)
        pace.refused(until: Self.now, limit: limit)
        let times = (0..<(limit * 4)).map { _ in pace.reserve(at: Self.now) }
        #expect(pace.limit == limit)
        #expect(pace.named != nil)
        #expect(Self.mostInAWindow(times) <= limit)
    }

    @Test("A limit that is none is taken as the nearest one", arguments: [(0, 1), (-5, 1)])
    func impossibleLimit(_ given: Int, _ used: Int) {
        var pace = RequestPace(limit: given)
        #expect(pace.limit == used)
        _ = pace.reserve(at: Self.now)
        #expect(pace.reserve(at: Self.now) >= Self.now + Self.window)
    }

    @Test("A clock that was set back by hours does not stop requests")
    func clockSetBack() {
        var pace = RequestPace(limit: 100)
        for _ in 0..<150 { _ = pace.reserve(at: Self.now) }
        let earlier = Self.now - 3_600_000
        // What was given out moves with the clock: a window and a half, as before.
        #expect(pace.reserve(at: earlier) - earlier <= 2 * Self.window)
        let times = (0..<300).map { _ in pace.reserve(at: earlier) }
        #expect(Self.mostInAWindow(times) <= 100)
    }

    @Test("A clock that was set forward by hours does not stop requests either")
    func clockSetForward() {
        var pace = RequestPace(limit: 100)
        for _ in 0..<150 { _ = pace.reserve(at: Self.now) }
        #expect(pace.reserve(at: Self.now + 3_600_000) == Self.now + 3_600_000)
    }
}
