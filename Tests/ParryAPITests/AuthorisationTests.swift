import HTTPTypes
import ParryDomain
import ParryServer
import ParryService
import ParryTestSupport
import ParryWire
import Testing

@testable import ParryAPI

/// Walks every endpoint with every kind of key. A new endpoint is walked as soon as it is in its table.
@Suite("The authorisation matrix")
struct AuthorisationTests {
    @Test("Every endpoint against every kind of key", arguments: Engine.allCases)
    func matrix(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let (order, alert) = try await Self.orderAndAlert(world, acme)
            let endpoints = APIRouter.all(world.services)
            #expect(endpoints.count == 78)
            for endpoint in endpoints {
                let template = Self.path(endpoint, acme).replacing("{order_id}", with: order)
                    .replacing("{alert_id}", with: alert)
                for (kind, key, expected) in try await Self.keys(world, acme, endpoint) {
                    let path = try await Self.withFreshParts(template, world, acme)
                    let body = endpoint.method == .get || endpoint.method == .delete ? nil : "{}"
                    let reply = try await world.send(endpoint.method, path, body, key: key)
                    #expect(
                        expected.contains(reply.status),
                        "\(endpoint.name) with \(kind): \(reply.status) \(reply.text)")
                }
            }
        }
    }

    private static func orderAndAlert(
        _ world: TestWorld, _ acme: Customer
    ) async throws -> (order: String, alert: String) {
        _ = try await world.send(.post, "/v1/orders", "[\(acme.order("a"))]")
        let orders = try await world.send(.get, "/v1/orders").json["items"]
        _ = try await world.send(
            .patch, "/v1/simulate/enrolments/\(acme.enrolment)", #"{"status":"ENABLED"}"#)
        let alert = try await world.make(
            "/v1/simulate/alerts",
            """
            {"organisation_id":"\(acme.organisation)","enrolment_id":"\(acme.enrolment)"}
            """)
        let order = try #require(orders?.elements.compactMap { $0["id"]?.string }.first)
        return (order, alert)
    }

    /// What a key may delete is made anew for each key.
    private static func withFreshParts(
        _ path: String, _ world: TestWorld, _ acme: Customer
    ) async throws -> String {
        if path.contains("{membership_id}") {
            let name = String(UInt64.random(in: 0...UInt64.max), radix: 36)
            let membership = try await world.make(
                "/v1/memberships",
                """
                {"organisation_id":"\(acme.organisation)","first_name":"A","last_name":"B",
                "email":"\(name)@example.com","role":"ADMIN"}
                """)
            return path.replacing("{membership_id}", with: membership)
        }
        if path.contains("{scheme_notice_id}") {
            let body = #"{"organisation_id":"\#(acme.organisation)"}"#
            let notice = try await world.make("/v1/simulate/scheme-notices", body)
            return path.replacing("{scheme_notice_id}", with: notice)
        }
        if path.contains("{webhook_endpoint_id}") {
            let endpoint = try await world.make(
                "/v1/webhook-endpoints",
                """
                {"organisation_id":"\(acme.organisation)","url":"https://hooks.example.com/x",
                "event_types":["lookup.created"]}
                """)
            return path.replacing("{webhook_endpoint_id}", with: endpoint)
        }
        if path.contains("{webhook_redelivery_id}") {
            let endpoint = try await world.make(
                "/v1/webhook-endpoints",
                """
                {"organisation_id":"\(acme.organisation)","url":"https://hooks.example.com/x",
                "event_types":["lookup.created"]}
                """)
            let job = try await world.make(
                "/v1/webhook-redeliveries", #"{"webhook_endpoint_id":"\#(endpoint)"}"#)
            return path.replacing("{webhook_redelivery_id}", with: job)
        }
        if path.contains("{event_id}") || path.contains("{webhook_delivery_id}") {
            return try await withFreshDelivery(path, world, acme)
        }
        if path.contains("{refund_intent_id}") {
            let answer = try await world.send(
                .post, "/v1/refund-intents",
                """
                {"organisation_id":"\(acme.organisation)","integration_id":"\(acme.integration)",
                "transaction_reference_id":"txn-1","amount_in_cents":1,"currency":"USD"}
                """)
            return path.replacing(
                "{refund_intent_id}", with: try answer.json["refund_intent"]?["id"]?.string ?? "")
        }
        if path.contains("{lookup_id}") {
            let body = #"{"organisation_id":"\#(acme.organisation)"}"#
            return path.replacing(
                "{lookup_id}", with: try await world.make("/v1/simulate/lookups", body))
        }
        guard path.contains("{ruleset_id}") else { return path }
        let enrolment = try await world.make(
            "/v2/enrolments",
            """
            {"merchant_ids":["\(acme.merchant)"],"type":"ETHOCA_ALERT","ethoca_alert":
            {"descriptors":[{"descriptor":"ACME","match_type":"STARTS_WITH"}]}}
            """)
        let made = try await world.send(
            .post, "/v1/rulesets",
            """
            {"organisation_id":"\(acme.organisation)","enrolment_ids":["\(enrolment)"],
            "outcome":"REFUND","join_operator":"AND","rules":[{"type":"AMOUNT","parameters":
            {"operator":"LESS_THAN","currency_code":"USD","amount_in_cents":1}}]}
            """)
        let rule = try made.json["rules"]?.elements.compactMap { $0["id"]?.string }.first
        return path.replacing("{ruleset_id}", with: try made.string("id") ?? "")
            .replacing("{rule_id}", with: rule ?? "")
    }

    /// An event of the organisation, and its delivery to the organisation's endpoint.
    private static func withFreshDelivery(
        _ path: String, _ world: TestWorld, _ acme: Customer
    ) async throws -> String {
        if try await world.send(.get, "/v1/webhook-deliveries").json["count"]?.integer == 0 {
            _ = try await world.make(
                "/v1/webhook-endpoints",
                """
                {"organisation_id":"\(acme.organisation)","url":"https://hooks.example.com/x",
                "event_types":["lookup.created"]}
                """)
            _ = try await world.make(
                "/v1/simulate/lookups", #"{"organisation_id":"\#(acme.organisation)"}"#)
        }
        let delivery = try await world.send(.get, "/v1/webhook-deliveries").json["items"]?.elements
            .map(\.self).first
        return path.replacing("{event_id}", with: delivery?["event_id"]?.string ?? "")
            .replacing("{webhook_delivery_id}", with: delivery?["id"]?.string ?? "")
    }

    /// Each kind of key with the statuses it may get.
    private static func keys(
        _ world: TestWorld, _ acme: Customer, _ endpoint: Endpoint
    ) async throws -> [(kind: String, key: String, expected: Set<Int>)] {
        let now = Platform.now()
        let group = KeyOwner.group(world.adminGroupID)
        let without = try await world.key(
            for: group, Set(Ability.allCases).subtracting([endpoint.ability])
        ).secret
        let expired = try await world.key(
            for: group, expiresAt: now.adding(seconds: -1)
        ).secret
        let revoked = try await world.key(for: group)
        try await world.platform.keys.revoke(revoked.id, now: now)
        let organisation = try await world.key(
            for: .organisation(.init(stored: acme.organisation))
        ).secret
        let blind = try await world.platform.accounts.createGroup(
            partner: world.partnerID, name: "blind", organisations: [], now: now)
        let blindKey = try await world.key(for: .group(blind.id)).secret
        let stranger = try await world.platform.accounts.createPartner(
            name: "Other", mode: .live, now: now)
        let strangerKey = try await world.key(for: .group(stranger.adminGroup.id)).secret
        let unseen: Set<Int> = endpoint.path.hasSuffix("}") ? [404] : [200, 403, 404, 422]
        let known: Set<Int> = [200, 204, 422]
        return [
            ("no key", "", [401]), ("a malformed key", "cbs_x", [401]),
            ("an expired key", expired, [401]), ("a revoked key", revoked.secret, [401]),
            ("an organisation key", organisation, endpoint.level == .partner ? [401] : known),
            (
                "a key without the ability", without,
                Ability.always.contains(endpoint.ability) ? known : [403]
            ),
            ("a group without the organisation", blindKey, unseen),
            ("another partner's key", strangerKey, unseen),
            ("the administrators' key", world.adminKey, known),
        ]
    }

    private static func path(_ endpoint: Endpoint, _ acme: Customer) -> String {
        endpoint.path.replacing("{organisation_id}", with: acme.organisation)
            .replacing("{merchant_id}", with: acme.merchant)
            .replacing("{integration_id}", with: acme.integration)
            .replacing("{enrolment_id}", with: acme.enrolment)
    }
}
