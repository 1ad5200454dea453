import HTTPTypes
import ParryTestSupport
import ParryWire
import Testing

@Suite("Lists over the API")
struct APIListTests {
    private func ids(_ world: TestWorld, _ path: String) async throws -> [String] {
        let reply = try await world.send(.get, path)
        #expect(reply.status == 200, "\(path): \(reply.text)")
        return try reply.json["items"]?.elements.compactMap { $0["id"]?.string } ?? []
    }

    @Test(
        "Every list takes limit and offset, counts everything, and sorts both ways",
        arguments: Engine.allCases)
    func paging(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let organisation = acme.organisation
            for number in 1...3 {
                _ = try await world.make("/v1/organisations", #"{"name":"O\#(number)"}"#)
                _ = try await world.make(
                    "/v1/merchants",
                    #"{"organisation_id":"\#(organisation)","name":"M\#(number)","type":"STRIPE"}"#)
                _ = try await world.make(
                    "/v1/memberships",
                    """
                    {"organisation_id":"\(organisation)","first_name":"A","last_name":"B",
                    "email":"a\(number)@example.com","role":"ADMIN"}
                    """)
                _ = try await world.send(
                    .post, "/v1/orders",
                    "[\(acme.order("o-\(number)", transaction: "t-\(number)"))]")
                for path in ["/v1/simulate/lookups", "/v1/simulate/scheme-notices"] {
                    _ = try await world.make(path, #"{"organisation_id":"\#(organisation)"}"#)
                }
            }
            for path in [
                "/v1/organisations", "/v1/merchants", "/v1/memberships", "/v1/orders",
                "/v1/lookups", "/v1/scheme-notices",
            ] {
                let all = try await ids(world, path)
                #expect(all.count >= 3)
                #expect(try await ids(world, path + "?limit=2&offset=1") == Array(all[1..<3]))
                let reply = try await world.send(.get, path + "?limit=1")
                #expect(try reply.json["count"]?.integer == Int64(all.count))
                #expect(try await ids(world, path + "?offset=1000").isEmpty)
            }
            for (path, sorts) in [
                ("/v1/merchants", ["name", "type", "created_at", "updated_at"]),
                ("/v1/orders", ["created_at", "order_datetime"]),
                ("/v1/lookups", ["created_at"]), ("/v1/scheme-notices", ["reported_at"]),
            ] {
                for sort in sorts {
                    let up = try await ids(world, "\(path)?sort=\(sort)")
                    let down = try await ids(world, "\(path)?sort=-\(sort)")
                    #expect(up == down.reversed(), "\(path) by \(sort)")
                }
                #expect(try await world.send(.get, path + "?sort=colour").status == 422)
            }
        }
    }

    @Test("A filter finds what it names and nothing else", arguments: Engine.allCases)
    func filters(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let other = try await world.customer("Other")
            let stripe = try await world.make(
                "/v1/merchants",
                """
                {"organisation_id":"\(acme.organisation)","name":"Stripe","type":"STRIPE",
                "external_id":"acct_1"}
                """)
            _ = try await world.send(.post, "/v1/orders", "[\(acme.order("o-1"))]")
            _ = try await world.send(.post, "/v1/orders", "[\(other.order("o-2"))]")
            let cases: [(String, Int)] = [
                ("/v1/merchants?type=STRIPE", 1), ("/v1/merchants?external_id=acct_1", 1),
                ("/v1/merchants?external_id=ACCT_1", 0), ("/v1/merchants?name=sTRI", 1),
                ("/v1/merchants?organisation_id=\(other.organisation)", 1),
                ("/v2/enrolments?type=ETHOCA_ALERT", 2), ("/v2/enrolments?type=VERIFI_RDR", 0),
                ("/v2/enrolments?organisation_id=\(acme.organisation)&status=PENDING", 1),
                ("/v2/enrolments?merchant_id=\(stripe)", 0),
                ("/v1/orders?reference_id=o-1", 1), ("/v1/orders?reference_id=O-1", 0),
                ("/v1/orders?integration_id=\(acme.integration)", 1),
                ("/v1/orders?organisation_id=\(acme.organisation)&reference_id=o-2", 0),
                ("/v1/orders?type=COMPLETE", 2), ("/v1/orders?type=PARTIAL", 0),
                ("/v1/orders?order_status=CLOSED_COMPLETE", 2),
                ("/v1/orders?order_status=OTHER", 0),
                ("/v1/orders?created_at_gte=2020-01-01T00:00:00Z", 2),
                ("/v1/orders?created_at_lte=2020-01-01T00:00:00Z", 0),
            ]
            for (path, count) in cases {
                #expect(try await ids(world, path).count == count, "\(path)")
            }
            let nobody = "org_1111111111111111111111"
            for path in [
                "/v1/merchants?organisation_id=\(nobody)", "/v1/rulesets?organisation_id=\(nobody)",
                "/v1/lookups?organisation_id=\(nobody)", "/v1/orders?organisation_id=\(nobody)",
                "/v1/scheme-notices?organisation_id=\(nobody)",
                "/v1/orders?integration_id=int_1111111111111111111111",
                "/v1/alerts?merchant_id=mrch_1111111111111111111111",
                "/v2/enrolments?merchant_id=mrch_1111111111111111111111",
                "/v1/lookups?enrollment_id=enrl_1111111111111111111111",
                "/v1/lookups?parent_lookup_id=lkp_1111111111111111111111",
                "/v1/scheme-notices?merchant_id=mrch_1111111111111111111111",
            ] {
                #expect(try await world.send(.get, path).status == 404, "\(path)")
            }
        }
    }
}
