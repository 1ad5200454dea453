import HTTPTypes
import ParryDatabase
import ParryTestSupport
import ParryWire
import Testing

@Suite("Rulesets")
struct RulesetTests {
    private static let amount = """
        {"type":"AMOUNT","parameters":
        {"operator":"LESS_THAN","currency_code":"USD","amount_in_cents":5000}}
        """
    private static let descriptor = """
        {"type":"DESCRIPTOR","parameters":
        {"descriptors":[{"value":"ACMEFIT","match_type":"STARTS_WITH"}]}}
        """

    private func body(
        _ acme: Customer, enrolments: [String]? = nil, outcome: String = "REFUND",
        rules: String = "[\(amount),\(descriptor)]"
    ) -> String {
        let ids = (enrolments ?? [acme.enrolment]).map { "\"\($0)\"" }.joined(separator: ",")
        return """
            {"organisation_id":"\(acme.organisation)","enrolment_ids":[\(ids)],
            "outcome":"\(outcome)","join_operator":"AND","rules":\(rules)}
            """
    }

    @Test(
        "A ruleset comes back as it was made, and lists by its organisation",
        arguments: Engine.allCases)
    func create(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let made = try await world.send(.post, "/v1/rulesets", body(acme))
            #expect(made.status == 201)
            let id = try #require(try made.string("id"))
            #expect(id.hasPrefix("rset_"))
            #expect(try made.json["is_enabled"]?.boolean == true)
            let rules = try made.json["rules"]?.elements.map { $0 } ?? []
            #expect(rules.map { $0["type"]?.string } == ["AMOUNT", "DESCRIPTOR"])
            #expect(rules.allSatisfy { $0["id"]?.string?.hasPrefix("resrule_") == true })
            #expect(rules.first?["parameters"]?["currency_code"]?.string == "USD")
            let value = rules.last?["parameters"]?["descriptors"]?.elements.map {
                $0["value"]?.string
            }
            #expect(value == ["ACMEFIT"])
            #expect(try await world.send(.get, "/v1/rulesets/\(id)").text == made.text)
            for sort in ["created_at", "-updated_at"] {
                let list = try await world.send(
                    .get, "/v1/rulesets?organisation_id=\(acme.organisation)&sort=\(sort)")
                #expect(try list.json["items"]?.elements.map { $0["id"]?.string } == [id])
            }
        }
    }

    @Test(
        "What a ruleset cannot be is refused with its code, and nothing is left",
        arguments: Engine.allCases)
    func refusals(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let other = try await world.customer("Other")
            let rdr = try await world.make(
                "/v2/enrolments",
                """
                {"merchant_ids":["\(acme.merchant)"],"type":"VERIFI_RDR","verifi_rdr":
                {"bin":"424242","caid":"ACMEFITCAID01"}}
                """)
            let arns = try await world.make(
                "/v2/enrolments",
                """
                {"merchant_ids":["\(acme.merchant)"],"type":"VERIFI_RDR","verifi_rdr":
                {"arns":["74027012345678901234567"]}}
                """)
            let euros = Self.amount.replacing("USD", with: "EUR")
            let cases: [(String, String)] = [
                (
                    body(acme, enrolments: [acme.enrolment, acme.enrolment]),
                    "DUPLICATE_ENROLMENT_IDS"
                ),
                (
                    body(acme, enrolments: [acme.enrolment, other.enrolment]),
                    "ENROLMENTS_DIFFERENT_ORGANISATIONS"
                ),
                (body(acme, enrolments: [acme.enrolment, rdr]), "ENROLMENTS_DIFFERENT_TYPES"),
                (body(acme, enrolments: [arns]), "UNSUPPORTED_ENROLMENT"),
                (body(acme, enrolments: [rdr], outcome: "CANCEL"), "UNSUPPORTED_OUTCOME"),
                (body(acme, rules: "[\(Self.amount),\(Self.amount)]"), "DUPLICATE_RULE_TYPE"),
                (body(acme, rules: "[\(euros)]"), "UNSUPPORTED_RULE_CURRENCY"),
                (
                    body(acme, rules: #"[{"type":"AMOUNT","parameters":{}}]"#),
                    "INVALID_RULE_PARAMETERS"
                ),
                (
                    body(acme, rules: #"[{"type":"DESCRIPTOR","parameters":{"descriptors":[]}}]"#),
                    "INVALID_RULE_PARAMETERS"
                ),
                (body(acme, rules: #"[{"type":"MOON","parameters":{}}]"#), "UNSUPPORTED_RULE_TYPE"),
                (body(acme, outcome: "SHRUG"), "VALIDATION_ERROR"),
                (body(acme, enrolments: []), "VALIDATION_ERROR"),
                (body(acme, enrolments: ["enrl_1111111111111111111111"]), "NOT_FOUND"),
            ]
            for (body, code) in cases {
                let reply = try await world.send(.post, "/v1/rulesets", body)
                #expect(try reply.string("code") == code, "\(body)")
            }
            #expect(try await world.send(.get, "/v1/rulesets").json["count"]?.integer == 0)
            #expect(try await world.send(.post, "/v1/rulesets", body(acme)).status == 201)
            let second = try await world.send(.post, "/v1/rulesets", body(acme))
            #expect(try second.string("code") == "ENROLMENT_ALREADY_HAS_RULESET")
        }
    }

    @Test(
        "Members change by PATCH, rules only one by one, and each change leaves a version",
        arguments: Engine.allCases)
    func changes(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let id = try await world.make("/v1/rulesets", body(acme, rules: "[\(Self.amount)]"))
            let path = "/v1/rulesets/\(id)"
            let changed = try await world.send(
                .patch, path, #"{"outcome":"ACCEPT_DISPUTE","is_enabled":false}"#)
            #expect(try changed.string("outcome") == "ACCEPT_DISPUTE")
            #expect(try changed.json["is_enabled"]?.boolean == false)
            let rejected = try await world.send(.patch, path, #"{"rules":[]}"#)
            #expect(try rejected.string("code") == "RULES_NOT_UPDATABLE")
            let added = try await world.send(.post, path + "/rules", Self.descriptor)
            #expect(added.status == 201)
            let rule = try #require(try added.string("id"))
            let again = try await world.send(.post, path + "/rules", Self.descriptor)
            #expect(try again.string("code") == "DUPLICATE_RULE_TYPE")
            let rulePath = path + "/rules/\(rule)"
            let rules = try await world.send(.get, path + "/rules?limit=1&offset=1")
            #expect(try rules.json["count"]?.integer == 2)
            #expect(
                try rules.json["items"]?.elements.compactMap { $0["id"]?.string } == [rule])
            let blank =
                #"{"parameters":{"descriptors":[{"value":"  ","match_type":"STARTS_WITH"}]}}"#
            let refused = try await world.send(.patch, rulePath, blank)
            #expect(try refused.string("code") == "INVALID_RULE_PARAMETERS")
            let parameters =
                #"{"parameters":{"descriptors":[{"value":"X","match_type":"EXACT_MATCH"}]}}"#
            let patched = try await world.send(.patch, rulePath, parameters)
            #expect(patched.status == 200)
            #expect(try await world.send(.get, rulePath).text == patched.text)
            let turned = try await world.send(.patch, rulePath, Self.amount)
            #expect(try turned.string("code") == "DUPLICATE_RULE_TYPE")
            #expect(try await world.send(.delete, rulePath).status == 204)
            #expect(try await world.send(.get, rulePath).status == 404)
            #expect(try await world.send(.delete, path).status == 204)
            #expect(try await world.send(.get, path).status == 404)
            let versions = try await world.versions(of: id)
            // Made, changed, rule added, rule changed, rule removed, deleted.
            #expect(versions.map(\.version) == [1, 2, 3, 4, 5, 6])
            #expect(versions.map(\.isThere) == [true, true, true, true, true, false])
            #expect(try await world.send(.post, "/v1/rulesets", body(acme)).status == 201)
        }
    }
}
