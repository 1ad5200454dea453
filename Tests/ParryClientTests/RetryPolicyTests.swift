import Testing

@testable import ParryClient

@Suite("When a request is sent again")
struct RetryPolicyTests {
    private static func milliseconds(_ duration: Duration?) throws -> Int64 {
        let parts = try #require(duration).components
        return parts.seconds * 1_000 + parts.attoseconds / 1_000_000_000_000_000
    }

    @Test("The wait doubles with each failure until it is as long as it gets")
    func growth() throws {
        var policy = RetryPolicy()
        policy.attemptsMax = 100
        let waits = try (1...9).map {
            try Self.milliseconds(policy.delay(after: $0, retryAfter: nil, fraction: 1))
        }
        #expect(waits == [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
        let last = policy.delay(after: 99, retryAfter: nil, fraction: 1)
        #expect(try Self.milliseconds(last) == 30_000)
    }

    @Test("Chance moves a wait within its second half", arguments: [0, 0.25, 0.5, 0.999, 1])
    func jitter(_ fraction: Double) throws {
        for attempt in 1...5 {
            let whole = Int64(500) << Int64(attempt - 1)
            let wait = try Self.milliseconds(
                RetryPolicy().delay(after: attempt, retryAfter: nil, fraction: fraction))
            #expect((whole / 2...whole).contains(wait))
        }
    }

    @Test("It is never sooner than the platform says")
    func retryAfter() throws {
        let policy = RetryPolicy()
        let asked = policy.delay(after: 1, retryAfter: 23, fraction: 0)
        #expect(try Self.milliseconds(asked) == 23_000)
        // A Retry-After of 0 does not take the backoff away.
        let own = policy.delay(after: 3, retryAfter: 0, fraction: 1)
        #expect(try Self.milliseconds(own) == 2_000)
    }

    @Test("A wait that is too long is none: the call fails at once")
    func retryAfterTooLong() throws {
        let policy = RetryPolicy()
        #expect(policy.delay(after: 1, retryAfter: 121, fraction: 0) == nil)
        #expect(policy.delay(after: 1, retryAfter: .max, fraction: 0) == nil)
        let longest = policy.delay(after: 1, retryAfter: 120, fraction: 0)
        #expect(try Self.milliseconds(longest) == 120_000)
    }

    @Test("After the last try there is no other")
    func attempts() {
        let policy = RetryPolicy()
        #expect(policy.delay(after: 5, retryAfter: nil, fraction: 0) != nil)
        #expect(policy.delay(after: 6, retryAfter: nil, fraction: 0) == nil)
        #expect(RetryPolicy.never.delay(after: 1, retryAfter: nil, fraction: 0) == nil)
    }

    @Test("Only the rate limit, a timeout and faults of the platform are worth another try")
    func statuses() {
        let transient = (100...599).filter(RetryPolicy.isTransient)
        #expect(transient == [408, 429] + Array(500...599))
    }
}
