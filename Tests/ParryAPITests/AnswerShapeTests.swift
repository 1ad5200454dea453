import HTTPTypes
import ParryTestSupport
import ParryWire
import Testing

@testable import ParryAPI

@Suite("Answers have the documented shape, member by member")
struct AnswerShapeTests {
    /// What is sent to each endpoint that needs a body, with the ids of this world.
    private static func bodies(_ acme: Customer) -> [String: String] {
        let organisation = #""organisation_id":"\#(acme.organisation)""#
        return [
            "POST /v1/organisations": #"{"name":"Other"}"#,
            "PATCH /v1/organisations/{organisation_id}": #"{"name":"Renamed"}"#,
            "POST /v1/merchants": #"{\#(organisation),"name":"Second","type":"GENERIC"}"#,
            "PATCH /v1/merchants/{merchant_id}": #"{"external_id":null}"#,
            "POST /v1/memberships":
                #"{\#(organisation),"first_name":"A","last_name":"B","email":"a@example.com","role":"ADMIN"}"#,
            "PATCH /v1/memberships/{membership_id}": #"{"role":"STANDARD"}"#,
            "POST /v1/integrations":
                #"{\#(organisation),"name":"F","type":"CUSTOM_ORDERS","merchant_ids":["\#(acme.merchant)"]}"#,
            "PATCH /v1/integrations/{integration_id}": #"{"name":"G"}"#,
            "POST /v2/enrolments":
                #"{"merchant_ids":["\#(acme.merchant)"],"type":"VERIFI_RDR","verifi_rdr":{"bin":"424242","caid":"A1"}}"#,
            "POST /v1/enrolments":
                #"{"merchant_id":"\#(acme.merchant)","type":"VERIFI_RDR","verifi_rdr":{"bin":"424242","caid":"A1"}}"#,
            "PATCH /v1/simulate/enrolments/{enrolment_id}": #"{"status":"ENABLED"}"#,
            "POST /v1/orders": "[\(acme.order("a")),\(acme.order("a")),{\"type\":\"COMPLETE\"}]",
            "PATCH /v1/orders/{order_id}": everyNestedObject,
            "POST /v1/simulate/alerts": #"{\#(organisation),"enrolment_id":"\#(acme.enrolment)"}"#,
            "PATCH /v1/alerts/{alert_id}": #"{"action":"REFUND","note":"done"}"#,
            "POST /v1/rulesets":
                #"{\#(organisation),"enrolment_ids":["\#(acme.enrolment)"],"outcome":"REFUND","join_operator":"AND"}"#,
            "PATCH /v1/rulesets/{ruleset_id}": #"{"is_enabled":false}"#,
            "POST /v1/rulesets/{ruleset_id}/rules":
                #"{"type":"DESCRIPTOR","parameters":{"descriptors":[{"value":"A","match_type":"STARTS_WITH"}]}}"#,
            "PATCH /v1/rulesets/{ruleset_id}/rules/{rule_id}":
                #"{"type":"AMOUNT","parameters":{"operator":"EQUAL","currency_code":"USD","amount_in_cents":1}}"#,
            "POST /v1/rulesets/{ruleset_id}/backtest": period("{", "}"),
            "POST /v1/rulesets/backtest": period(
                #"{\#(organisation),"enrolment_ids":["\#(acme.enrolment)"],"outcome":"REFUND","#,
                #","join_operator":"AND"}"#),
            "POST /v1/refund-intents":
                #"{\#(organisation),"integration_id":"\#(acme.integration)","transaction_reference_id":"txn-1","amount_in_cents":5,"currency":"USD"}"#,
            "POST /v1/refund-intents/{refund_intent_id}/commit": #"{"refund_reference_id":"r-9"}"#,
            "POST /v1/simulate/clock": #"{\#(organisation),"advance_seconds":60}"#,
            "POST /v1/simulate/scheme-notices": "{\(organisation)}",
            "POST /v1/simulate/lookups": "{\(organisation)}",
            "PUT /v1/alerts/{alert_id}/match": #"{"integration_transaction_id":null}"#,
            "POST /v1/webhook-endpoints":
                #"{\#(organisation),"url":"https://hooks.example.com/x","event_types":["lookup.created"]}"#,
            "PATCH /v1/webhook-endpoints/{webhook_endpoint_id}": #"{"is_paused":true}"#,
            "POST /v1/webhook-endpoints/{webhook_endpoint_id}/rotate-secret": "{}",
            "POST /v1/webhook-redeliveries": #"{"webhook_endpoint_id":"{webhook_endpoint_id}"}"#,
        ]
    }

    private static func period(_ start: String, _ end: String) -> String {
        start + #""from":"2026-01-01T00:00:00Z","to":"2027-01-01T00:00:00Z""# + end
    }

    private static let everyNestedObject = """
        {"refunds":[{"reference_id":"r","amount_in_cents":1,"currency":"USD","status":"PENDING"}],
        "disputes":[{"reference_id":"d"}],"items":[{"reference_id":"i","name":"n"}],
        "deliveries":[{"reference_id":"e","type":"PHYSICAL","address":{"country":"DE"}}],
        "subscriptions":[{"reference_id":"s","interval":1}],
        "communications":[{"channel":"EMAIL"}],"billing_address":{"city":"Berlin"}}
        """

    /// Creates first, then lists and reads, then changes, then deletes, parts before what they are part of.
    private static func rank(_ endpoint: Endpoint) -> Int {
        switch (endpoint.method, endpoint.path) {
        case (.post, "/v1/webhook-endpoints"): -1
        case (.post, "/v1/simulate/alerts"): 2
        case (.post, let path) where path.hasSuffix("/redeliver"): 6
        case (.post, let path) where path.hasSuffix("/commit"): 6
        case (.post, let path) where path.hasSuffix("/release"): 5
        case (.post, "/v1/refund-intents"): 2
        case (.post, "/v1/webhook-redeliveries"): 0
        case (.post, _): endpoint.pathParameters.count
        case (.put, _): 5
        case (.patch, let path): path.hasPrefix("/v1/simulate") ? 1 : 5
        case (.get, _): 3 + endpoint.pathParameters.count
        default: 9 - endpoint.pathParameters.count
        }
    }

    @Test("Each endpoint's answer", arguments: Engine.allCases)
    func answers(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            var ids = [
                "organisation_id": acme.organisation, "merchant_id": acme.merchant,
                "integration_id": acme.integration, "enrolment_id": acme.enrolment,
            ]
            let bodies = Self.bodies(acme)
            for endpoint in APIRouter.all(world.services).sorted(by: {
                Self.rank($0) < Self.rank($1)
            }) {
                // Of one intent either is told.
                if endpoint.path.hasSuffix("/release") { continue }
                let path = ids.reduce(endpoint.path) { $0.replacing("{\($1.key)}", with: $1.value) }
                let body = bodies[endpoint.name].map { body in
                    ids.reduce(body) { $0.replacing("{\($1.key)}", with: $1.value) }
                }
                let query =
                    endpoint.name == "GET /v1/simulate/clock"
                    ? "?organisation_id=\(acme.organisation)" : ""
                let reply = try await world.send(endpoint.method, path + query, body)
                if reply.status == 422, endpoint.method == .delete { continue }
                #expect(reply.status < 300, "\(endpoint.name): \(reply.text)")
                guard let schema = endpoint.operation.answer.schema else {
                    #expect(reply.text.isEmpty, "\(endpoint.name)")
                    continue
                }
                let root = try reply.json
                #expect(schema.faults(in: root) == [], "\(endpoint.name): \(reply.text)")
                Self.learn(root, endpoint, &ids)
            }
        }
    }

    /// Remembers the id of what was made, unless there was one from the start.
    private static func learn(
        _ root: JSONValue, _ endpoint: Endpoint, _ ids: inout [String: String]
    ) {
        if endpoint.path == "/v1/webhook-deliveries" {
            let delivery = root["items"]?.elements.map(\.self).first
            ids["webhook_delivery_id"] = delivery?["id"]?.string
            ids["event_id"] = delivery?["event_id"]?.string
        }
        guard endpoint.method == .post else { return }
        let id =
            root["id"]?.string ?? root["refund_intent"]?["id"]?.string
            ?? root["results"]?.elements.compactMap { $0["id"]?.string }.first
        let names = [
            "ord_": "order_id", "netalrt_": "alert_id", "mem_": "membership_id",
            "rset_": "ruleset_id", "resrule_": "rule_id", "schntc_": "scheme_notice_id",
            "lkp_": "lookup_id", "whe_": "webhook_endpoint_id",
            "whr_": "webhook_redelivery_id", "rfi_": "refund_intent_id",
        ]
        for (prefix, name) in names where id?.hasPrefix(prefix) == true { ids[name] = id }
    }
}
