import Testing

@testable import ParryClient

/// A client that sends as soon as it may, against the platform's own way of counting, in virtual time.
@Suite("The pace against the platform's count")
struct PaceAgainstServerTests {
    /// Two minutes side by side: what was taken in this one, and as much of the last one as is still within 60 s.
    private struct Platform {
        let limit: Int
        private var minute: Int64 = 0
        private var current = 0
        private var previous = 0

        init(limit: Int) { self.limit = limit }

        /// Takes a request, or says for how many seconds there is no place.
        mutating func take(at now: Int64) -> Int64? {
            let here = now / 60_000
            if here != minute {
                previous = here == minute + 1 ? current : 0
                current = 0
                minute = here
            }
            if Self.weight(previous, current, now) + 1 <= Double(limit) {
                current += 1
                return nil
            }
            return (1...120).first { isFree(now + $0 * 1_000) } ?? 120
        }

        private func isFree(_ time: Int64) -> Bool {
            let isNext = time / 60_000 > minute
            return Self.weight(isNext ? current : previous, isNext ? 0 : current, time) + 1
                <= Double(limit)
        }

        private static func weight(_ previous: Int, _ current: Int, _ now: Int64) -> Double {
            Double(previous) * (1 - Double(now % 60_000) / 60_000) + Double(current)
        }
    }

    private struct Tally {
        var taken = 0
        var refused = 0
    }

    /// - Parameter travel: How long a request is on its way, by its number.
    private static func play(
        _ pace: RequestPace, _ platform: Platform, from start: Int64, travel: (Int) -> Int64
    ) -> Tally {
        var pace = pace
        var platform = platform
        var tally = Tally()
        var now = start
        while true {
            now = max(now, pace.reserve(at: now))
            guard now < start + 600_000 else { return tally }
            if let wait = platform.take(at: now + travel(tally.taken)) {
                tally.refused += 1
                pace.refused(until: now + wait * 1_000, limit: platform.limit)
            } else {
                tally.taken += 1
            }
        }
    }

    private static let midnight: Int64 = 1_771_286_400_000
    private static let phases: [Int64] = [
        0, 1, 5_000, 14_999, 29_999, 30_000, 45_500, 59_000, 59_999,
    ]

    @Test("Ten minutes use at least 97 % of the limit", arguments: phases)
    func usesTheLimit(_ phase: Int64) {
        let tally = Self.play(
            RequestPace(limit: 100), Platform(limit: 100), from: Self.midnight + phase
        ) { _ in 0 }
        #expect(tally.taken >= 970)
        #expect(tally.refused <= 5)
    }

    @Test("Requests that travel for different times are hardly refused", arguments: phases)
    func travel(_ phase: Int64) {
        let tally = Self.play(
            RequestPace(limit: 100), Platform(limit: 100), from: Self.midnight + phase
        ) { Int64($0 * 37 % 250) }
        #expect(tally.taken >= 970)
        #expect(tally.refused <= 5)
    }

    @Test(
        "A client that thinks the limit greater learns it by the first refusals", arguments: phases)
    func learns(_ phase: Int64) {
        let tally = Self.play(
            RequestPace(limit: 300), Platform(limit: 100), from: Self.midnight + phase
        ) { _ in 0 }
        #expect(tally.taken >= 900)
        #expect(tally.refused <= 5)
    }
}
