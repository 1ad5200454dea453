import HTTPTypes
import ParryTestSupport
import ParryWire
import Testing

@Suite("Scheme notices and lookups")
struct NoticeTests {
    @Test("A simulated notice is listed, found and filtered", arguments: Engine.allCases)
    func notices(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let fraud = try await world.send(
                .post, "/v1/simulate/scheme-notices",
                """
                {"organisation_id":"\(acme.organisation)","merchant_id":"\(acme.merchant)",
                "scheme_notice_type":"SAFE","reported_at":"2026-01-02T03:04:05Z"}
                """)
            #expect(fraud.status == 201)
            #expect(try fraud.string("scheme") == "MASTERCARD")
            #expect(try fraud.string("notice_type") == "FRAUD_NOTICE")
            #expect(try fraud.string("fraud_reported_at") == "2026-01-02T03:04:05Z")
            #expect(try fraud.json["links"] == nil)
            let dispute = try await world.send(
                .post, "/v1/simulate/scheme-notices",
                #"{"organisation_id":"\#(acme.organisation)","scheme_notice_type":"TC15"}"#)
            #expect(try dispute.string("notice_type") == "DISPUTE_NOTICE")
            let id = try #require(try fraud.string("id"))
            let found = try await world.send(.get, "/v1/scheme-notices/\(id)")
            #expect(try found.json["links"] != nil)
            for (query, count) in [
                ("", 2), ("?scheme_notice_type=SAFE", 1), ("?merchant_id=\(acme.merchant)", 1),
                ("?reported_at_lte=2026-01-02T03:04:05Z", 1),
                ("?reported_at_gte=2026-01-02T03:04:06Z", 1), ("?sort=reported_at&limit=1", 2),
            ] {
                let list = try await world.send(.get, "/v1/scheme-notices\(query)")
                #expect(try list.json["count"]?.integer == Int64(count), "\(query)")
            }
            let oldest = try await world.send(.get, "/v1/scheme-notices?sort=reported_at&limit=1")
            #expect(try oldest.json["items"]?.elements.compactMap { $0["id"]?.string } == [id])
            let reversed =
                "?reported_at_gte=2026-02-02T00:00:00Z&reported_at_lte=2026-01-02T00:00:00Z"
            #expect(try await world.send(.get, "/v1/scheme-notices\(reversed)").status == 422)
        }
    }

    @Test(
        "A simulated lookup names its enrolment and its parent, and is filtered by both",
        arguments: Engine.allCases)
    func lookups(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let other = try await world.customer("Other")
            let parent = try await world.make(
                "/v1/simulate/lookups",
                """
                {"organisation_id":"\(acme.organisation)","enrollment_id":"\(acme.enrolment)",
                "lookup_status":"TIMEOUT"}
                """)
            let child = try await world.send(
                .post, "/v1/simulate/lookups",
                """
                {"organisation_id":"\(acme.organisation)","parent_lookup_id":"\(parent)",
                "type":"CONSUMER_CLARITY","deflection_status":"SUCCEEDED"}
                """)
            #expect(child.status == 201)
            #expect(try child.string("parent_lookup_id") == parent)
            #expect(try child.json["enrollment_id"]?.isNull == true)
            for (query, count) in [
                ("", 2), ("?enrollment_id=\(acme.enrolment)", 1),
                ("?parent_lookup_id=\(parent)", 1),
                ("?type=CONSUMER_CLARITY", 1), ("?lookup_status=TIMEOUT", 1),
                ("?deflection_status=SUCCEEDED", 1), ("?organisation_id=\(other.organisation)", 0),
            ] {
                let list = try await world.send(.get, "/v1/lookups\(query)")
                #expect(try list.json["count"]?.integer == Int64(count), "\(query)")
            }
            let foreign = try await world.send(
                .post, "/v1/simulate/lookups",
                #"{"organisation_id":"\#(other.organisation)","parent_lookup_id":"\#(parent)"}"#)
            #expect(foreign.status == 404)
        }
    }

    @Test("Simulations are for TEST accounts only", arguments: Engine.allCases)
    func live(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine, mode: .live) { world in
            let organisation = try await world.make("/v1/organisations", #"{"name":"Acme"}"#)
            for path in ["/v1/simulate/lookups", "/v1/simulate/scheme-notices"] {
                let reply = try await world.send(
                    .post, path, #"{"organisation_id":"\#(organisation)"}"#)
                #expect(try reply.string("code") == "ORGANISATION_NOT_TEST_MODE")
            }
        }
    }
}
