import HTTPTypes
import ParryTestSupport
import ParryWire
import Testing

@Suite("The guide's flow through the real composition")
struct GuideFlowTests {
    @Test(
        "Organisation to resolved alert, with the guide's fields and statuses",
        arguments: Engine.allCases)
    func flow(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer("Acme Fitness")
            let organisation = try await world.send(
                .get, "/v1/organisations/\(acme.organisation)")
            #expect(try organisation.string("name") == "[TEST] Acme Fitness")
            let enabled = try await world.send(
                .patch, "/v1/simulate/enrolments/\(acme.enrolment)", #"{"status":"ENABLED"}"#)
            #expect(try enabled.string("status") == "ENABLED")
            let created = try await world.send(
                .post, "/v1/orders/", "[\(acme.order("order-10001"))]")
            #expect(created.status == 201)
            let receipt = try #require(created.json["results"]?.elements.first { _ in true })
            #expect(receipt["transactions"]?.elements.first { _ in true }?["descriptor"] == nil)
            let alert = try await world.send(
                .post, "/v1/simulate/alerts",
                """
                {"organisation_id":"\(acme.organisation)","enrolment_id":"\(acme.enrolment)",
                "status":"ACTION_REQUIRED","card_scheme":"VISA","amount_in_cents":4900,
                "currency_code":"USD","transaction_authorisation_code":"123456"}
                """)
            #expect(alert.status == 201)
            #expect(try alert.json["links"] == nil)
            #expect(try alert.string("transaction_statement_descriptor") == "ACMEFIT")
            let id = try #require(try alert.string("id"))
            let resolved = try await world.send(
                .patch, "/v1/alerts/\(id)", #"{"action":"REFUND","note":"done"}"#)
            #expect(resolved.status == 200)
            #expect(try resolved.string("transaction_refund_outcome") == "REFUNDED")
            let open = try await world.send(.get, "/v1/alerts?status=ACTION_REQUIRED")
            #expect(try open.json["count"]?.integer == 0)
        }
    }

    @Test(
        "Every collection and item answers with and without a trailing slash",
        arguments: Engine.allCases)
    func slashes(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            for path in [
                "/v1/organisations", "/v1/merchants", "/v1/integrations", "/v2/enrolments",
                "/v1/orders", "/v1/alerts", "/v1/memberships", "/v1/rulesets",
                "/v1/scheme-notices", "/v1/lookups", "/v1/enrolments",
                "/v1/organisations/\(acme.organisation)",
                "/v1/merchants/\(acme.merchant)", "/v1/integrations/\(acme.integration)",
                "/v2/enrolments/\(acme.enrolment)",
            ] {
                let plain = try await world.send(.get, path)
                let slashed = try await world.send(.get, path + "/")
                #expect(plain.status == 200, "\(path)")
                #expect(plain.text == slashed.text)
            }
        }
    }

    @Test(
        "Merchants and organisations change and go, unless something needs them",
        arguments: Engine.allCases)
    func accounts(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let path = "/v1/merchants/\(acme.merchant)"
            let renamed = try await world.send(
                .patch, path, #"{"name":"New","external_id":null}"#)
            #expect(try renamed.string("name") == "New")
            let codes = [
                try await world.send(.patch, path, #"{"type":"STRIPE"}"#),
                try await world.send(.patch, path, #"{"name":null}"#),
                try await world.send(.delete, path),
                try await world.send(.delete, "/v1/organisations/\(acme.organisation)"),
            ].map { try? $0.string("code") }
            #expect(
                codes == [
                    "MERCHANT_TYPE_CHANGE_RESTRICTED", "VALIDATION_ERROR",
                    "MERCHANT_DELETION_RESTRICTED", "ORGANISATION_DELETION_RESTRICTED",
                ])
            let empty = try await world.make("/v1/organisations", #"{"name":"Empty"}"#)
            #expect(try await world.send(.delete, "/v1/organisations/\(empty)").status == 204)
            #expect(try await world.send(.get, "/v1/organisations/\(empty)").status == 404)
        }
    }

    @Test("Enrolments of every kind, their refusals, and cancelling", arguments: Engine.allCases)
    func enrolments(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let other = try await world.customer("Other")
            func code(_ merchants: String, _ rest: String) async throws -> String? {
                let reply = try await world.send(
                    .post, "/v2/enrolments", #"{"merchant_ids":[\#(merchants)],\#(rest)}"#)
                return try reply.string("code") ?? String(reply.status)
            }
            let mine = "\"\(acme.merchant)\""
            let rdr = #""type":"VERIFI_RDR","verifi_rdr""#
            let cases = [
                (mine, #"\#(rdr):{"bin":"424242","caid":"ACMEFITCAID01"}"#, "201"),
                (mine, #"\#(rdr):{"arns":["74027012345678901234567"]}"#, "201"),
                (mine, #"\#(rdr):{"bin":"424242"}"#, "INVALID_VERIFI_RDR_CONFIG"),
                (mine, #""type":"VERIFI_RDR","ethoca_alert":7"#, "MISSING_VERIFI_RDR_CONFIG"),
                (mine, #""type":"ETHOCA_ALERT""#, "MISSING_ETHOCA_ALERT_CONFIG"),
                (mine, #""type":"OTHER""#, "VALIDATION_ERROR"),
                (
                    mine,
                    #""type":"ETHOCA_ALERT","ethoca_alert":{"descriptors":[{"descriptor":"A","match_type":"LIKE"}]}"#,
                    "INVALID_MATCH_TYPE"
                ),
                ("\(mine),\(mine)", #"\#(rdr):{}"#, "DUPLICATE_MERCHANT_IDS"),
                (
                    "\(mine),\"\(other.merchant)\"", #"\#(rdr):{}"#,
                    "MERCHANTS_DIFFERENT_ORGANISATIONS"
                ),
                (#""mrch_nope""#, #"\#(rdr):{}"#, "NOT_FOUND"),
            ]
            for (merchants, rest, expected) in cases {
                #expect(try await code(merchants, rest) == expected, "\(rest)")
            }
            let path = "/v2/enrolments/\(acme.enrolment)"
            let cancelled = try await world.send(.delete, path)
            #expect(cancelled.status == 200)
            #expect(try cancelled.string("note") == "Enrolment cancelled via API request")
            #expect(
                try await world.send(.delete, path).string("code") == "ENROLMENT_NOT_PENDING")
        }
    }
}
