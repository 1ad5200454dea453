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
            #expect(endpoints.count == 27)
            for endpoint in endpoints {
                let path = Self.path(endpoint, acme).replacing("{order_id}", with: order)
                    .replacing("{alert_id}", with: alert)
                for (kind, key, expected) in try await Self.keys(world, acme, endpoint) {
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
