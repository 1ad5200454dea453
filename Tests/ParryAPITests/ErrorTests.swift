import HTTPTypes
import ParryServer
import ParryTestSupport
import ParryWire
import Testing

@Suite("Errors: one shape, a stable code, a sentence")
struct ErrorTests {
    @Test("Bad input gets its status and code", arguments: Engine.allCases)
    func table(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let orders = "/v1/orders"
            let deep = String(repeating: "[", count: 33) + String(repeating: "]", count: 33)
            let many = Array(repeating: acme.order("x"), count: 101).joined(separator: ",")
            let cases: [(HTTPRequest.Method, String, String?, Int, String)] = [
                (.get, "/nope", nil, 404, "NOT_FOUND"),
                (.put, orders, nil, 405, "METHOD_NOT_ALLOWED"),
                (.get, "/v1/orders/ord_nope", nil, 404, "NOT_FOUND"),
                (.get, "\(orders)?limit=0", nil, 422, "VALIDATION_ERROR"),
                (.get, "\(orders)?limit=1001", nil, 422, "VALIDATION_ERROR"),
                (.get, "\(orders)?offset=-1", nil, 422, "VALIDATION_ERROR"),
                (.get, "\(orders)?limit=abc", nil, 400, "INVALID_REQUEST"),
                (.get, "\(orders)?limit=1&limit=2", nil, 400, "INVALID_REQUEST"),
                (.get, "\(orders)?reference_id=%zz", nil, 400, "INVALID_REQUEST"),
                (.get, "\(orders)?sort=amount", nil, 422, "VALIDATION_ERROR"),
                (.get, "\(orders)?type=complete", nil, 422, "VALIDATION_ERROR"),
                (.get, "\(orders)?organisation_id=org_nope", nil, 404, "NOT_FOUND"),
                (.get, "\(orders)?created_at_gte=yesterday", nil, 400, "INVALID_REQUEST"),
                (
                    .get,
                    "\(orders)?created_at_gte=2026-02-02T00:00:00Z&created_at_lte=2026-02-01T00:00:00Z",
                    nil, 422, "VALIDATION_ERROR"
                ),
                (.post, orders, "[", 400, "INVALID_REQUEST"),
                (.post, orders, "{}", 422, "VALIDATION_ERROR"),
                (.post, orders, "[]", 422, "VALIDATION_ERROR"),
                (.post, orders, "[\(many)]", 422, "VALIDATION_ERROR"),
                (.post, orders, deep, 400, "INVALID_REQUEST"),
                (.post, orders, "[NaN]", 400, "INVALID_REQUEST"),
                (.post, orders, "[99999999999999999999]", 422, "VALIDATION_ERROR"),
                (.post, "/v1/organisations", #"{"name":""}"#, 422, "VALIDATION_ERROR"),
                (
                    .post, "/v1/organisations", #"{"name":"4242 4242 4242 4242"}"#, 422,
                    "CARD_NUMBER_REJECTED"
                ),
                (.post, "/v1/organisations", #"{"name":"a\u0000"}"#, 422, "VALIDATION_ERROR"),
                (
                    .post, "/v1/integrations",
                    #"{"organisation_id":"\#(acme.organisation)","name":"x","type":"STRIPE","merchant_ids":["\#(acme.merchant)"]}"#,
                    422, "UNSUPPORTED_INTEGRATION_TYPE"
                ),
                (
                    .post, "/v1/simulate/alerts",
                    #"{"organisation_id":"\#(acme.organisation)","enrolment_id":"\#(acme.enrolment)"}"#,
                    422, "ENROLMENT_NOT_ENABLED"
                ),
                (
                    .patch, "/v1/simulate/enrolments/\(acme.enrolment)", #"{"status":"PAUSED"}"#,
                    422, "VALIDATION_ERROR"
                ),
            ]
            for (method, path, body, status, code) in cases {
                let reply = try await world.send(method, path, body)
                #expect(reply.status == status, "\(method) \(path) \(reply.text)")
                #expect(try reply.string("code") == code, "\(method) \(path) \(reply.text)")
                #expect(try reply.string("message")?.isEmpty == false)
                #expect(reply.headers[.contentType] == "application/json")
            }
        }
    }

    @Test(
        "A path that names nothing is 404 even when the body is wrong as well",
        arguments: Engine.allCases)
    func order(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            for path in [
                "/v1/organisations/org_x", "/v1/merchants/mrch_x", "/v1/integrations/int_x",
                "/v1/orders/ord_x", "/v1/alerts/netalrt_x", "/v1/simulate/enrolments/enrl_x",
            ] {
                let reply = try await world.send(.patch, path, "not json")
                #expect(reply.status == 404, "\(path)")
            }
        }
    }

    @Test(
        "Every bad field is named with its path, and nothing of the batch is stored",
        arguments: Engine.allCases)
    func paths(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let bad = acme.order("b", transaction: "t2")
                .replacing(
                    #""amount_in_cents":4900,"currency":"USD""#,
                    with: #""amount_in_cents":"4900","currency":"usd""#
                )
                .replacing(#""order_status":"CLOSED_COMPLETE""#, with: #""order_status":"DONE""#)
            let reply = try await world.send(.post, "/v1/orders", "[\(acme.order("a")),\(bad)]")
            #expect(reply.status == 422)
            let errors = try #require(reply.json["errors"]).elements.map {
                "\($0["field"]?.string ?? "") \($0["code"]?.string ?? "")"
            }
            #expect(
                errors == [
                    "[1].order_status INVALID_VALUE",
                    "[1].transactions[0].amount_in_cents INVALID_TYPE",
                    "[1].transactions[0].currency INVALID_CURRENCY",
                ])
            #expect(try await world.send(.get, "/v1/orders").json["count"]?.integer == 0)
        }
    }

    @Test("Other content types are 415, JSON with a charset is taken", arguments: Engine.allCases)
    func contentTypes(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let body = #"{"name":"Acme"}"#
            for (type, status) in [
                ("text/plain", 415), ("application/x-www-form-urlencoded", 415),
                ("application/json; charset=utf-8", 201), ("Application/JSON", 201),
            ] {
                let reply = try await world.send(
                    .post, "/v1/organisations", body, headers: [.contentType: type])
                #expect(reply.status == status, "\(type)")
            }
        }
    }

    @Test(
        "The hundred-and-first request of a minute is 429 and says when to come back",
        arguments: Engine.allCases)
    func rateLimit(_ engine: Engine) async throws {
        let now = Platform.now()
        let clock: @Sendable () -> Timestamp = { now }
        try await TestWorld.run(on: engine, rateLimit: 100, clock: clock) { world in
            for _ in 0..<100 {
                #expect(try await world.send(.get, "/v1/alerts").status == 200)
            }
            let refused = try await world.send(.get, "/v1/alerts/")
            #expect(refused.status == 429)
            #expect(try refused.string("code") == "RATE_LIMITED")
            let wait = try #require(refused.headers[.retryAfter].flatMap { Int($0) })
            #expect((1...120).contains(wait))
            let policy = try #require(HTTPField.Name("RateLimit-Policy"))
            #expect(refused.headers[policy] == #""default";q=100;w=60"#)
            #expect(try await world.send(.get, "/v1/orders").status == 200)
        }
    }
}
