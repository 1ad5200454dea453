import ParryWire
import Testing

@testable import ParryClient

/// What stands in the lines of a request and an answer.
@Suite("Paths, queries and headers")
struct RequestTextTests {
    @Test(
        "A path escapes its ids, and its endpoint has none",
        arguments: [
            ("a/b", "a%2Fb"), ("a?b=c", "a%3Fb%3Dc"), ("a#b", "a%23b"), ("100%", "100%25"),
            ("a b", "a%20b"), ("é", "%C3%A9"), ("ö/日", "%C3%B6%2F%E6%97%A5"), ("..", ".."),
            ("a\r\nb", "a%0D%0Ab"), ("a&b+c", "a%26b%2Bc"), ("-._~09azAZ", "-._~09azAZ"), ("", ""),
        ])
    func path(_ id: String, _ escaped: String) {
        let path: RequestPath = "/v1/alerts/\(id)/match"
        #expect(path.path == "/v1/alerts/\(escaped)/match")
        #expect(path.endpoint == "/v1/alerts/{}/match")
    }

    @Test("A path without ids is its endpoint")
    func plainPath() {
        let path: RequestPath = "/v1/alerts"
        #expect(path.path == "/v1/alerts")
        #expect(path.endpoint == "/v1/alerts")
    }

    @Test("Two ids are two places")
    func twoIDs() {
        let ruleset = RulesetID(stored: "rset_1")
        let rule = RuleID(stored: "resrule_2")
        let call = Call(method: .get, path: "/v1/rulesets/\(ruleset)/rules/\(rule)")
        #expect(call.path.path == "/v1/rulesets/rset_1/rules/resrule_2")
        #expect(call.endpoint == "GET /v1/rulesets/{}/rules/{}")
    }

    @Test("A query has what was given, in its order and escaped")
    func query() {
        let nothing: String? = nil
        var query = Query(["name": "Tom & Söhne", "type": nothing, "needs_attention": true])
        #expect(query.text == "?name=Tom%20%26%20S%C3%B6hne&needs_attention=true")
        query.add("limit", 10)
        #expect(query.text.hasSuffix("&limit=10"))
        #expect(Query(["type": nothing]).text.isEmpty)
    }

    @Test(
        "A date of HTTP is read",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Tue, 29 Feb 2028 23:59:59 GMT", 1_835_481_599),
            ("Tue, 17 Feb 2026 10:00:00 GMT", 1_771_322_400),
        ])
    func date(_ text: String, _ seconds: Int64) {
        #expect(HTTPDate.seconds(text) == seconds)
    }

    @Test(
        "What is no date of HTTP is nil",
        arguments: [
            "", "now", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
            "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 08:49:37",
            "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT",
            "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
            "1994-11-06T08:49:37Z", "Sun, 06 Nov 99999 08:49:37 GMT",
        ])
    func noDate(_ text: String) {
        #expect(HTTPDate.seconds(text) == nil)
    }

    @Test("A time to wait is a number of seconds or a date, and never negative")
    func retryAfter() {
        #expect(RetryAfter.seconds("23") == 23)
        #expect(RetryAfter.seconds("0") == 0)
        #expect(RetryAfter.seconds("-5") == 0)
        #expect(RetryAfter.seconds("Sun, 06 Nov 1994 08:49:37 GMT") == 0)
        #expect(RetryAfter.seconds("soon") == nil)
        #expect(RetryAfter.seconds("1.5") == nil)
        #expect(RetryAfter.seconds("") == nil)
        // No wait is longer than a day.
        #expect(RetryAfter.seconds("Fri, 31 Dec 9999 23:59:59 GMT") == 86_400)
        #expect(RetryAfter.seconds("9223372036854775807") == 86_400)
    }

    @Test(
        "The limit of a policy is one for a minute",
        arguments: [
            (#""default";q=100;w=60"#, 100), (#""default";q=10;w=1"#, 600),
            (#""default";w=60;q=30"#, 30), (#""default"; q=100; w=60"#, 100), ("q=25", 25),
            (#""default";q=1;w=3600"#, 1), (#""default";q=5;w=0"#, 5),
        ])
    func limit(_ policy: String, _ limit: Int) {
        #expect(RetryAfter.limit(policy) == limit)
    }

    @Test(
        "A policy without a quota names no limit",
        arguments: ["", #""default""#, #""default";w=60"#, "q=0", "q=-5", "q=many", ";;=;q"])
    func noLimit(_ policy: String) {
        #expect(RetryAfter.limit(policy) == nil)
    }

    @Test("A quota beyond all reason does not stop the program")
    func absurdLimit() {
        let limit = RetryAfter.limit(#""default";q=9223372036854775807;w=60"#)
        #expect(limit ?? 1 > 0)
    }

    @Test("A fresh idempotency key is one that the platform takes, and no other's")
    func idempotencyKeys() {
        let keys = (0..<1_000).map { _ in IdempotencyKey.fresh() }
        #expect(Set(keys).count == 1_000)
        #expect(keys.allSatisfy { 1...255 ~= $0.text.utf8.count })
        #expect(keys.allSatisfy { $0.text.utf8.allSatisfy { 33...126 ~= $0 } })
    }
}
