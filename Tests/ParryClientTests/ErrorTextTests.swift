import ParryWire
import Testing

@testable import ParryClient

/// What people read when something went wrong.
@Suite("What errors say")
struct ErrorTextTests {
    @Test("Every code of the contract has an advice", arguments: ErrorCode.allCases)
    func advice(_ code: ErrorCode) throws {
        let sentence = try #require(Advice.sentences[code])
        #expect(sentence.hasSuffix(".") && sentence.first?.isUppercase == true)
        #expect(sentence.count <= 160)
    }

    @Test("Every refusal says code, message, what to do and the request's id, in one line")
    func refusals() async throws {
        for code in ErrorCode.allCases {
            let headers = ["X-Request-Id": "req_\(code.rawValue)"]
            let body = Sample.refusal(code.rawValue, "It says \(code.rawValue) so.")
            try await Trial.run([.answer(422, body, headers: headers)]) { trial in
                let error = try await #require(throws: ClientError.self) {
                    _ = try await trial.parry.merchants.get(Sample.merchantID)
                }
                let text = "\(error)"
                #expect(text.hasPrefix("422 \(code.rawValue): It says \(code.rawValue) so. "))
                #expect(text.contains(try #require(Advice.sentences[code])))
                #expect(text.hasSuffix("(request req_\(code.rawValue))"))
                #expect(!text.contains("\n"))
                Self.expectNoKey(error)
            }
        }
    }

    @Test(
        "A refusal without a code of the contract is told by its status",
        arguments: [
            (401, "API key"), (403, "ability"), (404, "id"), (429, "100 requests a minute"),
            (400, "Correct the request"), (418, "Correct the request"), (502, "again later"),
        ])
    func foreignRefusals(_ status: Int, _ part: String) async throws {
        try await Trial.run([.answer(status, "<html>no JSON</html>")]) {
            $0.retry = .never
        } _: { trial in
            let error = try await #require(throws: ClientError.self) {
                _ = try await trial.parry.merchants.get(Sample.merchantID)
            }
            #expect("\(error)".hasPrefix("\(status) HTTP_\(status): "))
            #expect("\(error)".contains(part))
            Self.expectNoKey(error)
        }
    }

    @Test("A code of a newer platform is kept")
    func newCode() async throws {
        let body = Sample.refusal("TOO_MANY_MOONS", "There are too many moons.")
        try await Trial.run([.answer(422, body)]) { trial in
            let error = try await #require(throws: ClientError.self) {
                _ = try await trial.parry.merchants.get(Sample.merchantID)
            }
            #expect(error.code?.text == "TOO_MANY_MOONS" && error.code?.known == nil)
            #expect("\(error)".contains("There are too many moons."))
        }
    }

    @Test("Of many fields three are told, and how many more there are")
    func manyFields() async throws {
        let fields = (1...5).map {
            #"{"field":"f\#($0)","code":"REQUIRED","message":"is required"}"#
        }.joined(separator: ",")
        let body = #"{"code":"VALIDATION_ERROR","message":"Fields.","errors":[\#(fields)]}"#
        try await Trial.run([.answer(422, body)]) { trial in
            let error = try await #require(throws: ClientError.self) {
                _ = try await trial.parry.merchants.get(Sample.merchantID)
            }
            #expect(error.refusal?.errors.count == 5)
            #expect(
                "\(error)".contains("f1 is required; f2 is required; f3 is required and 2 more"))
        }
    }

    @Test("Without an answer it says how often it tried, and what to look at")
    func unreachable() async throws {
        try await Trial.run([.lost]) {
            $0.retry.attemptsMax = 2
        } _: { trial in
            let error = try await #require(throws: ClientError.self) {
                _ = try await trial.parry.merchants.get(Sample.merchantID)
            }
            #expect("\(error)".hasPrefix("No answer to GET /v1/merchants/{} after 2 tries: "))
            #expect("\(error)".contains("send the same again"))
            Self.expectNoKey(error)
        }
    }

    @Test("What cannot be read is named with its place and without its value")
    func unreadable() async throws {
        let body = #"{"id":"org_ID","name":"A","mode":"TEST","created_at":"4242424242424242"}"#
        try await Trial.run([.answer(200, body, headers: ["X-Request-Id": "req_1"])]) { trial in
            let error = try await #require(throws: ClientError.self) {
                _ = try await trial.parry.organisations.get(Sample.organisationID)
            }
            #expect("\(error)".contains("Organisation") && "\(error)".contains("created_at"))
            #expect("\(error)".contains("(request req_1)"))
            #expect(!"\(error)".contains("4242"))
            Self.expectNoKey(error)
        }
    }

    @Test(
        "A configuration that cannot be one is refused before anything is sent",
        arguments: [
            ("", Trial.key), ("api.example.com", Trial.key), ("ftp://api.example.com", Trial.key),
            ("https://", Trial.key), ("https://a b", Trial.key), ("https://a\r\nb", Trial.key),
            ("https://api.example.com", ""), ("https://api.example.com", "cbs_a b"),
            ("https://api.example.com", "cbs_a\r\nX-Evil: 1"), ("https://api.example.com", "cbs_é"),
        ])
    func misused(_ url: String, _ key: String) throws {
        let error = try #require(throws: ClientError.self) {
            _ = try ParryClient(ClientConfiguration(baseURL: url, key: key))
        }
        guard case .misused(let text) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(text.hasSuffix("."))
        #expect(key.isEmpty || !text.contains(key))
    }

    @Test("A base URL without a host is refused at once", .timeLimit(.minutes(1)))
    func noHost() async throws {
        var configuration = ClientConfiguration(baseURL: "https:///", key: Trial.key)
        configuration.clock = InstantClock()
        configuration.timeoutSeconds = 1
        let fixed = configuration
        let error = try await #require(throws: ClientError.self) {
            _ = try await ParryClient(fixed).merchants.get(Sample.merchantID)
        }
        guard case .misused = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test(
        "An idempotency key that is none is refused, and nothing is sent", arguments: ["", "a\nb"])
    func badIdempotencyKey(_ text: String) async throws {
        try await Trial.run([.answer(200, Sample.organisation)]) { trial in
            let error = try await #require(throws: ClientError.self) {
                _ = try await trial.parry.organisations.create(
                    name: "Acme", idempotencyKey: IdempotencyKey(text))
            }
            guard case .misused = error else {
                Issue.record("\(error)")
                return
            }
            #expect(trial.server.requests.isEmpty)
        }
    }

    @Test("What is logged of a failure names endpoint, try and request, and never key, body or id")
    func logged() async throws {
        let refusal = Sample.refusal("UNAVAILABLE", "Not now.")
        let reply = HostileServer.Reply.answer(503, refusal, headers: ["X-Request-Id": "req_1"])
        for (reply, part) in [(reply, "req_1"), (.lost, "reason")] {
            try await Trial.run([reply]) {
                $0.retry.attemptsMax = 2
            } _: { trial in
                let error = try await #require(throws: ClientError.self) {
                    _ = try await trial.parry.merchants.update(
                        Sample.merchantID, MerchantChange())
                }
                let text = "\(error.metadata)"
                #expect(text.contains("PATCH /v1/merchants/{}") && text.contains("2"))
                #expect(text.contains(part))
                #expect(!text.contains(Trial.key) && !text.contains("Not now."))
            }
        }
    }

    private static func expectNoKey(_ error: ClientError) {
        var dumped = ""
        dump(error, to: &dumped)
        for text in ["\(error)", String(reflecting: error), dumped] {
            #expect(!text.contains(Trial.key) && !text.contains("Bearer"))
        }
    }
}
