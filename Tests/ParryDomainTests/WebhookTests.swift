import ParryDomain
import ParryWire
import Testing

@Suite("Webhooks: schedule and URLs")
struct WebhookTests {
    private let now = Timestamp(milliseconds: 1_771_322_400_000)

    @Test(
        "A failed try is repeated after 1 min, 5 min, 30 min, 2 h and 12 h, then given up",
        arguments: [(1, 60), (2, 300), (3, 1_800), (4, 7_200), (5, 43_200), (6, nil as Int64?)])
    func schedule(_ number: Int, _ seconds: Int64?) {
        let attempt = DeliveryAttempt(
            startedAt: now, durationMilliseconds: 5, outcome: .answered(500))
        let next = RetrySchedule().next(after: attempt, number: number, now: now)
        #expect(next == seconds.map { .retry(at: now.adding(seconds: $0)) } ?? .failed)
    }

    @Test(
        "A Retry-After makes a wait longer, at most as long as the schedule's longest",
        arguments: [(1, 10, 60), (1, 90, 90), (1, 1_000_000, 43_200), (5, 60, 43_200)])
    func retryAfter(_ number: Int, _ asked: Int64, _ seconds: Int64) {
        let attempt = DeliveryAttempt(
            startedAt: now, durationMilliseconds: 5, outcome: .answered(503),
            retryAfterSeconds: asked)
        let next = RetrySchedule().next(after: attempt, number: number, now: now)
        #expect(next == .retry(at: now.adding(seconds: seconds)))
    }

    @Test("The jitter makes a wait up to a tenth longer and never shorter")
    func jitter() {
        let attempt = DeliveryAttempt(
            startedAt: now, durationMilliseconds: 5, outcome: .answered(500))
        let most = RetrySchedule(jitter: 1).next(after: attempt, number: 2, now: now)
        #expect(most == .retry(at: now.adding(seconds: 330)))
        let some = RetrySchedule(jitter: 0.5).next(after: attempt, number: 1, now: now)
        #expect(some == .retry(at: now.adding(seconds: 63)))
    }

    @Test(
        "No try for an alert that waits is planned after its deadline: it is brought forward",
        arguments: [
            // (number of the try, seconds until the deadline, seconds until the next try)
            (5, 100_000, 43_200), (5, 43_200, 42_300), (4, 3_600, 2_700), (3, 1_000, 500),
            (1, 60, 30), (5, 2, 1), (2, 0, 300), (2, -5, 300),
        ])
    func deadline(_ number: Int, _ left: Int64, _ wait: Int64) {
        let attempt = DeliveryAttempt(
            startedAt: now, durationMilliseconds: 5, outcome: .answered(503),
            retryAfterSeconds: number == 3 ? 40_000 : nil)
        let next = RetrySchedule(deadline: now.adding(seconds: left)).next(
            after: attempt, number: number, now: now)
        #expect(next == .retry(at: now.adding(seconds: wait)))
    }

    @Test("Only 2xx is success", arguments: [(199, false), (200, true), (299, true), (301, false)])
    func success(_ status: Int, _ isSuccess: Bool) {
        let attempt = DeliveryAttempt(
            startedAt: now, durationMilliseconds: 5, outcome: .answered(status))
        #expect(attempt.isSuccess == isSuccess)
        #expect(
            (RetrySchedule().next(after: attempt, number: 1, now: now) == .delivered) == isSuccess)
    }

    @Test(
        "Only what its form shows refuses a URL",
        arguments: [
            ("https://localhost:8443/x", nil), ("https://10.0.0.1/", nil),
            ("https://[::1]:8443/x?y", nil), ("HTTPS://example.com", nil),
            ("http://example.com", .notHTTPS), ("https://", .noHost), ("https:///x", .noHost),
            ("https://:443/", .noHost), ("https://[::1/", .badHost),
            ("https://[1.2.3.4]/", .badHost), ("https://[::1]x/", .badPort),
            ("https://[fe80::1%25eth0]/", .badHost), ("https://a[::1]/", .badHost),
            ("https://user@example.com/", .userInformation),
            ("https://x%2Ey.example.com/", .badHost), ("https://exa$mple.com/", .badHost),
            ("https://example.com:0/", .badPort), ("https://example.com:65536/", .badPort),
            ("https://example.com:x/", .badPort), ("https://example.com:/", .badPort),
            ("https://exa mple.com/", .badCharacter), ("https://example.com/#f", .badCharacter),
            ("https://example.com\\@evil", .badCharacter), ("https://exämple.com/", .badCharacter),
        ] as [(String, WebhookURL.Refusal?)])
    func urls(_ url: String, _ refusal: WebhookURL.Refusal?) {
        var found: WebhookURL.Refusal?
        do throws(WebhookURL.Refusal) { try WebhookURL.check(url) } catch { found = error }
        #expect(found == refusal)
    }
}
