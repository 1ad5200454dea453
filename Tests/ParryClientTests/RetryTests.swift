import ParryWire
import Testing

@testable import ParryClient

/// What a client makes of a platform, or of a network before it, that has a bad day.
@Suite("Calls to a hostile server")
struct RetryTests {
    @Test("After 429 it waits as long as it is told, tells its limiter, and comes through")
    func rateLimited() async throws {
        let limits = ["Retry-After": "23", "RateLimit-Policy": #""default";q=50;w=60"#]
        try await Trial.run([
            .answer(429, Sample.refusal("RATE_LIMITED"), headers: limits),
            .answer(200, Sample.organisation),
        ]) { trial in
            let organisation = try await trial.parry.organisations.get(Sample.organisationID)
            #expect(organisation.mode == .test)
            let endpoint = "GET /v1/organisations/{}"
            #expect(trial.limiter.reserved == [endpoint, endpoint])
            #expect(
                trial.limiter.refusals
                    == [NotingLimiter.Refused(endpoint: endpoint, seconds: 23, limit: 50)])
            #expect(trial.clock.slept == [.seconds(23)])
        }
    }

    @Test("The limiter of a process holds back what comes after a refusal")
    func limiterWaits() async throws {
        try await Trial.run([
            .answer(429, Sample.refusal("RATE_LIMITED"), headers: ["Retry-After": "23"]),
            .answer(200, Sample.organisation),
        ]) {
            $0.limiter = ProcessLimiter()
        } _: { trial in
            _ = try await trial.parry.organisations.get(Sample.organisationID)
            // This clock did not let the time pass, so the limiter asks for it once more.
            #expect(trial.clock.slept.count == 2)
            #expect(trial.clock.slept.allSatisfy { $0 > .seconds(13) && $0 <= .seconds(23) })
        }
    }

    @Test(
        "A Retry-After that is too long fails at once", arguments: ["121", "9223372036854775807"])
    func waitTooLong(_ seconds: String) async throws {
        try await Trial.run([
            .answer(429, Sample.refusal("RATE_LIMITED"), headers: ["Retry-After": seconds])
        ]) {
            $0.limiter = ProcessLimiter()
        } _: { trial in
            let error = try await #require(throws: ClientError.self) {
                _ = try await trial.parry.organisations.get(Sample.organisationID)
            }
            #expect(error.code == .rateLimited)
            #expect(error.refusal?.retryAfterSeconds == Int64(seconds).map { min($0, 86_400) })
            #expect(trial.server.requests.count == 1)
            #expect(trial.clock.slept.isEmpty)
        }
    }

    @Test("A POST is the same on every try: its key and its bytes")
    func sameKey() async throws {
        let unavailable = HostileServer.Reply.answer(503, Sample.refusal("UNAVAILABLE"))
        try await Trial.run([unavailable, unavailable, .answer(201, Sample.organisation)]) {
            trial in
            _ = try await trial.parry.organisations.create(name: "Acme")
            _ = try await trial.parry.organisations.create(name: "Acme")
            let requests = trial.server.requests
            #expect(requests.count == 4)
            let keys = requests.map { $0.headers["idempotency-key"] ?? "" }
            #expect(Set(keys.prefix(3)).count == 1 && !keys[0].isEmpty)
            #expect(keys[3] != keys[0])
            #expect(Set(requests.map(\.text)) == [#"{"name":"Acme"}"#])
            #expect(requests.allSatisfy { $0.headers["authorization"] == "Bearer \(Trial.key)" })
            #expect(requests.allSatisfy { $0.headers["content-type"] == "application/json" })
        }
    }

    @Test("A key that was brought along is the one that is sent")
    func ownKey() async throws {
        try await Trial.run([
            .answer(500, Sample.refusal("INTERNAL_ERROR")), .answer(201, Sample.organisation),
        ]) { trial in
            let key = IdempotencyKey("work-1")
            _ = try await trial.parry.organisations.create(name: "Acme", idempotencyKey: key)
            #expect(
                trial.server.requests.map { $0.headers["idempotency-key"] } == ["work-1", "work-1"])
        }
    }

    @Test(
        "An answer that breaks off is asked for again",
        arguments: [
            "", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"id\":\"org_",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"",
            "no HTTP at all\r\n\r\n",
        ])
    func brokenOff(_ bytes: String) async throws {
        try await Trial.run([.bytes(bytes), .answer(200, Sample.organisation)]) { trial in
            let organisation = try await trial.parry.organisations.get(Sample.organisationID)
            #expect(organisation.id == Sample.organisationID)
            #expect(trial.server.requests.count == 2)
        }
    }

    @Test(
        "JSON that is not as the contract says is unreadable, and is not asked for again",
        arguments: [
            "", "garbage", "{", "[]", "null", #"{"id":"mrch_ID","name":"A","mode":"TEST"}"#,
            #"{"id":"org_ID","name":1,"mode":"TEST"}"#, #"{"id":"org_ID","mode":"TEST"}"#,
        ])
    func garbage(_ body: String) async throws {
        try await Trial.run([.answer(200, body, headers: ["X-Request-Id": "req_1"])]) { trial in
            let error = try await #require(throws: ClientError.self) {
                _ = try await trial.parry.organisations.get(Sample.organisationID)
            }
            guard case .unreadable(let answer) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(answer.what == "Organisation" && answer.requestID == "req_1")
            #expect(!answer.reason.isEmpty)
            #expect(trial.server.requests.count == 1)
        }
    }

    @Test(
        "An upload's answer that is garbage is unreadable",
        arguments: ["", "{", "[]", "{}", #"{"created":1,"failed":0,"results":[{}],"errors":[]}"#])
    func garbageUpload(_ body: String) async throws {
        try await Trial.run([.answer(201, body)]) { trial in
            let error = try await #require(throws: ClientError.self) {
                _ = try await trial.parry.orders.create(documents: [Array("{}".utf8)])
            }
            guard case .unreadable = error else {
                Issue.record("\(error)")
                return
            }
            #expect(trial.server.requests.map(\.text) == ["[{}]"])
        }
    }

    @Test("A proxy's page is a refusal with its status for a code")
    func errorPage() async throws {
        let page = HostileServer.Reply.answer(
            502, "<html><h1>Bad Gateway</h1></html>", headers: ["Content-Type": "text/html"])
        try await Trial.run([page]) {
            $0.retry.attemptsMax = 3
        } _: { trial in
            let error = try await #require(throws: ClientError.self) {
                _ = try await trial.parry.alerts.list().first()
            }
            let refusal = try #require(error.refusal)
            #expect(refusal.code.text == "HTTP_502" && refusal.code.known == nil)
            #expect(refusal.status == 502 && refusal.attempts == 3 && refusal.isRepeated)
            #expect(trial.server.requests.count == 3)
            #expect(!"\(error)".contains("<html>"))
        }
    }

    @Test("A refusal of fields is not sent again, and names them")
    func fields() async throws {
        let body = #"""
            {"code":"VALIDATION_ERROR","message":"Some fields are not as documented.","errors":[
            {"field":"[0].order_currency","code":"INVALID_CURRENCY","message":"must be a currency"},
            {"field":"","code":"INVALID_TYPE","message":"must be a list"}]}
            """#
        try await Trial.run([.answer(422, body)]) { trial in
            let error = try await #require(throws: ClientError.self) {
                _ = try await trial.parry.orders.create(documents: [])
            }
            let refusal = try #require(error.refusal)
            #expect(refusal.code == .validationError && !refusal.isRepeated)
            #expect(refusal.errors.map(\.field) == ["[0].order_currency", ""])
            #expect(refusal.errors.map(\.code) == ["INVALID_CURRENCY", "INVALID_TYPE"])
            #expect("\(error)".contains("[0].order_currency must be a currency"))
            #expect("\(error)".contains("the body must be a list"))
            #expect(trial.server.requests.count == 1)
        }
    }

    @Test("Who never answers is unreachable within the time", .timeLimit(.minutes(1)))
    func silence() async throws {
        try await expectUnreachable(.stalled(""))
    }

    @Test("So is who begins an answer and never ends it", .timeLimit(.minutes(1)))
    func stalledBody() async throws {
        try await expectUnreachable(.stalled("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"))
    }

    private func expectUnreachable(_ reply: HostileServer.Reply) async throws {
        let start = ContinuousClock.now
        try await Trial.run([reply]) {
            $0.timeoutSeconds = 1
            $0.retry.attemptsMax = 2
        } _: { trial in
            let error = try await #require(throws: ClientError.self) {
                _ = try await trial.parry.organisations.get(Sample.organisationID)
            }
            guard case .unreachable(let fault) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(fault.attempts == 2 && fault.endpoint == "GET /v1/organisations/{}")
        }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("Where nobody listens it is unreachable", .timeLimit(.minutes(1)))
    func nobody() async throws {
        let server = try HostileServer([.lost])
        server.close()
        try await Trial.run(server) {
            $0.timeoutSeconds = 1
            $0.retry.attemptsMax = 2
        } _: { trial in
            let error = try await #require(throws: ClientError.self) {
                _ = try await trial.parry.organisations.get(Sample.organisationID)
            }
            guard case .unreachable(let fault) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(fault.attempts == 2 && !fault.reason.isEmpty)
        }
    }

    @Test("A redirect is not followed", arguments: [301, 302, 303, 307, 308])
    func redirect(_ status: Int) async throws {
        try await Trial.run([
            .answer(status, "", headers: ["Location": "/v1/elsewhere"]),
            .answer(200, Sample.organisation),
        ]) { trial in
            let error = try await #require(throws: ClientError.self) {
                _ = try await trial.parry.organisations.create(name: "Acme")
            }
            #expect(error.refusal?.status == status)
            #expect("\(error)".contains("redirects are not followed"))
            #expect(trial.server.requests.map(\.path) == ["/v1/organisations"])
        }
    }

    @Test("A clock that is wrong is seen in the answer's date")
    func clockOffset() async throws {
        let date = ["Date": "Sun, 06 Nov 1994 08:49:37 GMT"]
        try await Trial.run([
            .answer(200, Sample.organisation), .answer(200, Sample.organisation, headers: date),
            .answer(200, Sample.organisation, headers: ["Date": "today"]),
        ]) { trial in
            let before = 784_111_777 - WallClock.milliseconds() / 1_000
            for number in 0..<3 {
                #expect((trial.parry.clockOffsetSeconds == nil) == (number < 2))
                _ = try await trial.parry.organisations.get(Sample.organisationID)
            }
            let offset = try #require(trial.parry.clockOffsetSeconds)
            #expect((before - 60...before).contains(offset))
        }
    }

    @Test("A call that is cancelled says so and sends nothing more")
    func cancelled() async throws {
        try await Trial.run([.answer(503, Sample.refusal("UNAVAILABLE"))]) { trial in
            let error = await withTaskGroup(of: ClientError?.self) { group in
                group.addTask {
                    withUnsafeCurrentTask { $0?.cancel() }
                    do throws(ClientError) {
                        _ = try await trial.parry.organisations.get(Sample.organisationID)
                        return nil
                    } catch {
                        return error
                    }
                }
                return await group.next() ?? nil
            }
            #expect(error?.isCancellation == true)
            #expect(trial.server.requests.count <= 1)
        }
    }
}
