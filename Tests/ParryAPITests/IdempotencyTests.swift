import HTTPTypes
import ParryDatabase
import ParryDomain
import ParryServer
import ParryService
import ParryTestSupport
import ParryWire
import Testing

@Suite("Idempotency-Key")
struct IdempotencyTests {
    private static func key(_ text: String) -> [HTTPField.Name: String] {
        [.init("Idempotency-Key")!: text]
    }

    private static let replayed = HTTPField.Name("Idempotency-Replayed")!

    @Test(
        "The same request again gets the same answer, and the work is done once",
        arguments: Engine.allCases)
    func replay(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let requests: [(String, String)] = [
                ("/v1/organisations", #"{"name":"Again"}"#),
                (
                    "/v1/merchants",
                    #"{"organisation_id":"\#(acme.organisation)","name":"M","type":"GENERIC"}"#
                ),
                ("/v1/orders", "[\(acme.order("o-1")),\(acme.order("o-1"))]"),
                (
                    "/v1/memberships",
                    """
                    {"organisation_id":"\(acme.organisation)","first_name":"A","last_name":"B",
                    "email":"a@example.com","role":"ADMIN"}
                    """
                ),
                ("/v1/simulate/lookups", #"{"organisation_id":"\#(acme.organisation)"}"#),
                (
                    "/v1/enrolments",
                    """
                    {"merchant_id":"\(acme.merchant)","type":"ETHOCA_ALERT","ethoca_alert":
                    {"descriptors":[{"descriptor":"ONCE","match_type":"EXACT_MATCH"}]}}
                    """
                ),
            ]
            for (path, body) in requests {
                let first = try await world.send(.post, path, body, headers: Self.key("k-1"))
                let second = try await world.send(.post, path + "/", body, headers: Self.key("k-1"))
                #expect(first.status == 201, "\(path): \(first.text)")
                #expect(first.headers[Self.replayed] == nil)
                #expect(second.status == 201)
                #expect(second.text == first.text)
                #expect(second.headers[Self.replayed] == "true")
            }
            let counts = try await world.database.read { tx in
                try ["organisation", "merchant", "\"order\"", "membership", "lookup"].map { table in
                    try tx.row("SELECT count(*) FROM \(SQL(stringLiteral: table))") {
                        try $0.integer()
                    }
                }
            }
            #expect(counts == [2, 2, 1, 1, 1])
            let events = try await world.database.read {
                try $0.row("SELECT count(*) FROM event WHERE type = 'enrolment.created'") {
                    try $0.integer()
                }
            }
            #expect(events == 2)
        }
    }

    @Test(
        "Another body is refused, another key or endpoint or owner is another request",
        arguments: Engine.allCases)
    func scope(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let path = "/v1/organisations"
            let first = try await world.send(.post, path, #"{"name":"A"}"#, headers: Self.key("k"))
            let reused = try await world.send(.post, path, #"{"name":"B"}"#, headers: Self.key("k"))
            #expect(reused.status == 422)
            #expect(try reused.string("code") == "IDEMPOTENCY_KEY_REUSED")
            let again = try await world.send(.post, path, #"{"name":"A"}"#, headers: Self.key("k"))
            #expect(again.text == first.text)
            let other = try await world.send(.post, path, #"{"name":"A"}"#, headers: Self.key("l"))
            #expect(try other.string("id") != first.string("id"))
            let none = try await world.send(.post, path, #"{"name":"A"}"#)
            #expect(try none.string("id") != first.string("id"))
            for bad in ["", "a b", String(repeating: "x", count: 256)] {
                let reply = try await world.send(
                    .post, path, #"{"name":"A"}"#, headers: Self.key(bad))
                #expect(try reply.string("code") == "VALIDATION_ERROR", "\(bad)")
            }
            let body = #"{"name":"A"}"#
            let elsewhere = try await world.send(
                .post, "/v1/merchants", body, headers: Self.key("k"))
            #expect(try elsewhere.string("code") == "VALIDATION_ERROR")
        }
    }

    @Test(
        "A refusal is given again too, though it would be accepted now", arguments: Engine.allCases)
    func refusals(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let body =
                #"{"organisation_id":"\#(acme.organisation)","enrolment_id":"\#(acme.enrolment)"}"#
            let path = "/v1/simulate/alerts"
            let refused = try await world.send(.post, path, body, headers: Self.key("k"))
            #expect(try refused.string("code") == "ENROLMENT_NOT_ENABLED")
            _ = try await world.send(
                .patch, "/v1/simulate/enrolments/\(acme.enrolment)", #"{"status":"ENABLED"}"#)
            let again = try await world.send(.post, path, body, headers: Self.key("k"))
            #expect(again.status == 422)
            #expect(again.text == refused.text)
            #expect(try await world.send(.post, path, body, headers: Self.key("l")).status == 201)
            let missing = #"{"organisation_id":"org_1111111111111111111111","enrolment_id":"x"}"#
            for _ in 1...2 {
                let reply = try await world.send(.post, path, missing, headers: Self.key("m"))
                #expect(reply.status == 404)
                #expect(reply.headers[Self.replayed] == nil)
            }
        }
    }

    @Test(
        "Of twenty twins at once one does the work, and all get its answer",
        arguments: Engine.allCases)
    func twins(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            for (path, body) in [
                ("/v1/organisations", #"{"name":"Twin"}"#), ("/v1/orders", "[\(acme.order("t"))]"),
            ] {
                let texts = try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 1...20 {
                        group.addTask {
                            try await world.send(.post, path, body, headers: Self.key("twin")).text
                        }
                    }
                    return try await group.reduce(into: Set()) { $0.insert($1) }
                }
                #expect(texts.count == 1, "\(texts)")
            }
            let organisations = try await world.send(.get, "/v1/organisations")
            #expect(try organisations.json["count"]?.integer == 2)
        }
    }

    @Test("The same rule for two rulesets is two requests", arguments: Engine.allCases)
    func paths(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let rule = """
                {"type":"AMOUNT","parameters":
                {"operator":"EQUAL","currency_code":"USD","amount_in_cents":1}}
                """
            var ids: Set<String> = []
            for name in ["A", "B"] {
                let acme = try await world.customer(name)
                let ruleset = try await world.make(
                    "/v1/rulesets",
                    """
                    {"organisation_id":"\(acme.organisation)","outcome":"REFUND",
                    "join_operator":"AND","enrolment_ids":["\(acme.enrolment)"]}
                    """)
                let path = "/v1/rulesets/\(ruleset)/rules"
                for _ in 1...2 {
                    let made = try await world.send(.post, path, rule, headers: Self.key("k"))
                    #expect(made.status == 201)
                    ids.insert(try made.string("id") ?? "")
                }
            }
            #expect(ids.count == 2)
        }
    }

    @Test(
        "Only 2xx and 422 are kept, and another owner's key is another one",
        arguments: Engine.allCases)
    func kept(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let body = #"{"name":"A"}"#
            let path = "/v1/organisations"
            let blind = try await world.key(for: .group(world.adminGroupID), [.organisationsRead])
            let refused = try await world.send(
                .post, path, body, key: blind.secret, headers: Self.key("k"))
            #expect(refused.status == 403)
            let broken = try await world.send(.post, path, "{", headers: Self.key("k"))
            #expect(broken.status == 400)
            let first = try await world.send(.post, path, body, headers: Self.key("k"))
            #expect(first.status == 201)
            let stranger = try await world.platform.accounts.createPartner(
                name: "Other", mode: .test, now: .init(milliseconds: 1))
            let other = try await world.key(for: .group(stranger.adminGroup.id)).secret
            let theirs = try await world.send(
                .post, path, body, key: other, headers: Self.key("k"))
            #expect(theirs.status == 201)
            #expect(try theirs.string("id") != first.string("id"))
        }
    }

    @Test("After 24 hours a key is as new", arguments: Engine.allCases)
    func expiry(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let path = "/v1/organisations"
            let first = try await world.send(.post, path, #"{"name":"A"}"#, headers: Self.key("k"))
            try await world.database.write { tx in
                try tx.execute("UPDATE idempotency SET created_at = created_at - \(86_400_001)")
            }
            let second = try await world.send(.post, path, #"{"name":"B"}"#, headers: Self.key("k"))
            #expect(second.status == 201)
            #expect(try second.string("id") != first.string("id"))
        }
    }
}
