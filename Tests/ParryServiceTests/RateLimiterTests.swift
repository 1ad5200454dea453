import ParryWire
import Testing

@testable import ParryService

@Suite("The rate limiter")
struct RateLimiterTests {
    private let start = Timestamp(milliseconds: 60_000 * 29_522_040)

    @Test("Within any 60 seconds no more than the limit pass, by the weighted count")
    func weighted() {
        let limiter = MemoryRateLimiter()
        for _ in 0..<10 { #expect(limiter.take("k", limit: 10, now: start) == nil) }
        #expect(limiter.take("k", limit: 10, now: start) != nil)
        // Half a window later half of the ten still count.
        let later = start.adding(seconds: 90)
        for _ in 0..<5 { #expect(limiter.take("k", limit: 10, now: later) == nil) }
        #expect(limiter.take("k", limit: 10, now: later) != nil)
        for _ in 0..<10 {
            #expect(limiter.take("k", limit: 10, now: start.adding(seconds: 240)) == nil)
        }
    }

    @Test("After the seconds it names one more request passes", arguments: [1, 2, 10, 100])
    func retryAfter(_ limit: Int) throws {
        for offset in [Int64(0), 17, 59] {
            let limiter = MemoryRateLimiter()
            var now = start.adding(seconds: offset)
            for _ in 0..<(3 * limit) {
                if let wait = limiter.take("k", limit: limit, now: now) {
                    #expect((1...120).contains(wait))
                    now = now.adding(seconds: wait)
                    #expect(limiter.take("k", limit: limit, now: now) == nil)
                }
            }
        }
    }

    @Test("Refused requests do not count, other keys are apart, and 0 is no limit")
    func apart() {
        let limiter = MemoryRateLimiter()
        #expect(limiter.take("a", limit: 1, now: start) == nil)
        for _ in 0..<50 { #expect(limiter.take("a", limit: 1, now: start) != nil) }
        #expect(limiter.take("b", limit: 1, now: start) == nil)
        #expect(limiter.take("a", limit: 1, now: start.adding(seconds: 120)) == nil)
        for _ in 0..<500 { #expect(limiter.take("c", limit: 0, now: start) == nil) }
    }
}
