import ParryService
import ParryTestSupport
import ParryWire
import Testing

@testable import ParryAPI

/// The endpoints as CONTRACT.md 2.3 and its sections list them, written out a second time on purpose: the
/// router's own table cannot judge itself.
@Suite("The table of endpoints")
struct EndpointTableTests {
    private static let table = """
        GET /v1/organisations organisations:read partner
        POST /v1/organisations organisations:write partner
        GET /v1/organisations/{organisation_id} organisations:read partner
        PATCH /v1/organisations/{organisation_id} organisations:write partner
        DELETE /v1/organisations/{organisation_id} organisations:write partner
        GET /v1/merchants merchants:read partner
        POST /v1/merchants merchants:write partner
        GET /v1/merchants/{merchant_id} merchants:read partner
        PATCH /v1/merchants/{merchant_id} merchants:write partner
        DELETE /v1/merchants/{merchant_id} merchants:write partner
        GET /v1/memberships memberships:read partner
        POST /v1/memberships memberships:write partner
        GET /v1/memberships/{membership_id} memberships:read partner
        PATCH /v1/memberships/{membership_id} memberships:write partner
        DELETE /v1/memberships/{membership_id} memberships:write partner
        GET /v1/integrations integrations:read any
        POST /v1/integrations integrations:write any
        GET /v1/integrations/{integration_id} integrations:read any
        PATCH /v1/integrations/{integration_id} integrations:write any
        GET /v2/enrolments enrolments_v2:read partner
        POST /v2/enrolments enrolments_v2:write partner
        GET /v2/enrolments/{enrolment_id} enrolments_v2:read partner
        DELETE /v2/enrolments/{enrolment_id} enrolments_v2:write partner
        GET /v1/enrolments enrolments:read partner
        POST /v1/enrolments enrolments:write partner
        GET /v1/enrolments/{enrolment_id} enrolments:read partner
        DELETE /v1/enrolments/{enrolment_id} enrolments:write partner
        GET /v1/orders orders:read any
        POST /v1/orders orders:write any
        GET /v1/orders/{order_id} orders:read any
        PATCH /v1/orders/{order_id} orders:update any
        GET /v1/alerts alerts:read any
        GET /v1/alerts/{alert_id} alerts:read any
        PATCH /v1/alerts/{alert_id} alerts:write any
        GET /v1/alerts/{alert_id}/match alerts:read any
        PUT /v1/alerts/{alert_id}/match alerts:write any
        GET /v1/rulesets rulesets:read any
        POST /v1/rulesets rulesets:write any
        GET /v1/rulesets/{ruleset_id} rulesets:read any
        PATCH /v1/rulesets/{ruleset_id} rulesets:write any
        DELETE /v1/rulesets/{ruleset_id} rulesets:write any
        GET /v1/rulesets/{ruleset_id}/rules rulesets:read any
        POST /v1/rulesets/{ruleset_id}/rules rulesets:write any
        GET /v1/rulesets/{ruleset_id}/rules/{rule_id} rulesets:read any
        PATCH /v1/rulesets/{ruleset_id}/rules/{rule_id} rulesets:write any
        DELETE /v1/rulesets/{ruleset_id}/rules/{rule_id} rulesets:write any
        POST /v1/rulesets/{ruleset_id}/backtest rulesets:read any
        POST /v1/rulesets/backtest rulesets:read any
        GET /v1/refund-intents refunds:read any
        POST /v1/refund-intents refunds:write any
        GET /v1/refund-intents/{refund_intent_id} refunds:read any
        POST /v1/refund-intents/{refund_intent_id}/commit refunds:write any
        POST /v1/refund-intents/{refund_intent_id}/release refunds:write any
        GET /v1/simulate/clock simulations:clock any
        POST /v1/simulate/clock simulations:clock any
        GET /v1/scheme-notices scheme_notices:read any
        GET /v1/scheme-notices/{scheme_notice_id} scheme_notices:read any
        GET /v1/lookups lookups:read any
        GET /v1/lookups/{lookup_id} lookups:read any
        PATCH /v1/simulate/enrolments/{enrolment_id} simulations:enrollments any
        POST /v1/simulate/alerts simulations:alerts any
        POST /v1/simulate/lookups simulations:lookups any
        POST /v1/simulate/scheme-notices simulations:scheme_notices any
        GET /v1/webhook-endpoints webhooks:read any
        POST /v1/webhook-endpoints webhooks:write any
        GET /v1/webhook-endpoints/{webhook_endpoint_id} webhooks:read any
        PATCH /v1/webhook-endpoints/{webhook_endpoint_id} webhooks:write any
        DELETE /v1/webhook-endpoints/{webhook_endpoint_id} webhooks:write any
        POST /v1/webhook-endpoints/{webhook_endpoint_id}/rotate-secret webhooks:write any
        POST /v1/webhook-endpoints/{webhook_endpoint_id}/test webhooks:write any
        GET /v1/events webhooks:read any
        GET /v1/events/{event_id} webhooks:read any
        GET /v1/webhook-deliveries webhooks:read any
        GET /v1/webhook-deliveries/{webhook_delivery_id} webhooks:read any
        POST /v1/webhook-deliveries/{webhook_delivery_id}/redeliver webhooks:write any
        GET /v1/webhook-redeliveries webhooks:read any
        POST /v1/webhook-redeliveries webhooks:write any
        GET /v1/webhook-redeliveries/{webhook_redelivery_id} webhooks:read any
        """

    @Test("Each endpoint has the ability and the level of the contract, and there is no other")
    func table() async throws {
        try await TestWorld.run { world in
            let found = APIRouter.all(world.services).map { endpoint in
                let level = endpoint.level == .partner ? "partner" : "any"
                return "\(endpoint.name) \(endpoint.ability.rawValue) \(level)"
            }
            let wanted = Self.table.split(separator: "\n").map(String.init)
            #expect(Set(found) == Set(wanted))
            #expect(found.count == wanted.count)
        }
    }
}
