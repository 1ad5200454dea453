import HTTPTypes
import ParryTestSupport
import ParryWire
import Testing

@Suite("Memberships")
struct MembershipTests {
    private func body(_ organisation: String, email: String = "kim@example.com") -> String {
        """
        {"organisation_id":"\(organisation)","first_name":"Kim","last_name":"Lee",
        "email":"\(email)","role":"STANDARD","is_alert_resolved_email_enabled":false}
        """
    }

    @Test(
        "A member is made, changed and removed, with the documented members",
        arguments: Engine.allCases)
    func life(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let made = try await world.send(.post, "/v1/memberships", body(acme.organisation))
            #expect(made.status == 201)
            let id = try #require(try made.string("id"))
            #expect(id.hasPrefix("mem_"))
            #expect(try made.string("user_id")?.hasPrefix("usr_") == true)
            #expect(
                try made.json.members.map(\.name) == [
                    "id", "organisation_id", "user_id", "first_name", "last_name", "email", "role",
                    "is_alert_action_required_email_enabled", "is_alert_resolved_email_enabled",
                    "is_alert_dismissed_email_enabled", "is_evidence_requested_email_enabled",
                    "created_at", "updated_at", "links",
                ])
            #expect(try made.json["is_alert_resolved_email_enabled"]?.boolean == false)
            #expect(try made.json["is_alert_dismissed_email_enabled"]?.boolean == true)
            let path = "/v1/memberships/\(id)"
            let changed = try await world.send(
                .patch, path, #"{"role":"ADMIN","is_alert_resolved_email_enabled":true}"#)
            #expect(try changed.string("role") == "ADMIN")
            #expect(try changed.json["is_alert_resolved_email_enabled"]?.boolean == true)
            #expect(try await world.send(.get, path).text == changed.text)
            #expect(try await world.send(.patch, path, #"{"role":null}"#).status == 422)
            #expect(try await world.send(.patch, path, #"{"role":"OWNER"}"#).status == 422)
            #expect(try await world.send(.delete, path).status == 204)
            #expect(try await world.send(.get, path).status == 404)
        }
    }

    @Test(
        "An e-mail address is one user of the partner and one member of an organisation, whatever its case",
        arguments: Engine.allCases)
    func users(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let other = try await world.customer("Other")
            let first = try await world.send(.post, "/v1/memberships", body(acme.organisation))
            let again = try await world.send(
                .post, "/v1/memberships", body(acme.organisation, email: "KIM@example.com"))
            #expect(again.status == 422)
            #expect(try again.string("code") == "MEMBERSHIP_ALREADY_EXISTS")
            let elsewhere = try await world.send(
                .post, "/v1/memberships", body(other.organisation, email: "Kim@Example.com"))
            #expect(try elsewhere.string("user_id") == first.string("user_id"))
            #expect(try elsewhere.string("email") == "Kim@Example.com")
            let all = try await world.send(.get, "/v1/memberships")
            #expect(try all.json["count"]?.integer == 2)
            let one = try await world.send(
                .get, "/v1/memberships?organisation_id=\(acme.organisation)")
            #expect(try one.json["count"]?.integer == 1)
            let nobody = try await world.send(
                .get, "/v1/memberships?organisation_id=org_1111111111111111111111")
            #expect(nobody.status == 404)
        }
    }

    @Test("Every bad field is named", arguments: Engine.allCases)
    func fields(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let reply = try await world.send(
                .post, "/v1/memberships",
                #"{"organisation_id":"x","first_name":"","email":"nobody","role":"BOSS"}"#)
            #expect(reply.status == 422)
            let fields = try reply.json["errors"]?.elements.compactMap { $0["field"]?.string }
            #expect(Set(fields ?? []) == ["first_name", "last_name", "email", "role"])
        }
    }
}
