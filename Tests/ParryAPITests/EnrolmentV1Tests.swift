import HTTPTypes
import ParryService
import ParryTestSupport
import ParryWire
import Testing

@Suite("The deprecated /v1/enrolments")
struct EnrolmentV1Tests {
    private func body(_ merchant: String) -> String {
        """
        {"merchant_id":"\(merchant)","type":"ETHOCA_ALERT","ethoca_alert":
        {"descriptors":[{"descriptor":"ACMEFIT","match_type":"STARTS_WITH"}]}}
        """
    }

    @Test(
        "It shows the same enrolments with one merchant, and says that it goes",
        arguments: Engine.allCases)
    func thinView(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let made = try await world.send(.post, "/v1/enrolments", body(acme.merchant))
            #expect(made.status == 201)
            let id = try #require(try made.string("id"))
            #expect(try made.string("merchant_id") == acme.merchant)
            #expect(try made.json["merchant_ids"] == nil)
            #expect(made.headers[.init("Deprecation")!] == "@1767225600")
            #expect(made.headers[.init("Sunset")!] != nil)
            let link = try made.json["links"]?.elements.compactMap { $0["uri"]?.string }
            #expect(link == ["/v1/enrolments/\(id)"])
            let v2 = try await world.send(.get, "/v2/enrolments/\(id)")
            #expect(try v2.json["merchant_ids"]?.elements.compactMap(\.string) == [acme.merchant])
            #expect(v2.headers[.init("Deprecation")!] == nil)
            let old = try await world.send(.get, "/v1/enrolments/\(acme.enrolment)")
            #expect(try old.string("merchant_id") == acme.merchant)
            let list = try await world.send(
                .get, "/v1/enrolments?merchant_id=\(acme.merchant)&status=PENDING")
            #expect(try list.json["count"]?.integer == 2)
            let cancelled = try await world.send(.delete, "/v1/enrolments/\(id)")
            #expect(try cancelled.string("status") == "CANCELLED")
            let missing = try await world.send(.get, "/v1/enrolments/enrl_1111111111111111111111")
            #expect(missing.status == 404)
            #expect(missing.headers[.init("Deprecation")!] == "@1767225600")
        }
    }

    @Test("Each version has abilities of its own", arguments: Engine.allCases)
    func abilities(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let old = try await world.key(
                for: .group(world.adminGroupID), [.enrolmentsV1Read, .enrolmentsV1Write]
            ).secret
            let path = "/enrolments/\(acme.enrolment)"
            #expect(try await world.send(.get, "/v1" + path, key: old).status == 200)
            #expect(try await world.send(.get, "/v2" + path, key: old).status == 403)
            let list = try await world.send(
                .post, "/v1/enrolments", #"{"merchant_ids":["x"]}"#, key: old)
            let fields = try list.json["errors"]?.elements.compactMap { $0["field"]?.string }
            #expect(Set(fields ?? []) == ["merchant_id", "type"])
        }
    }
}
