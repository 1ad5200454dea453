import Foundation
import ParryWire
import Testing

@testable import ParryClient

/// The table of docs/api.md against the calls: an endpoint without a call, or a call without an endpoint, fails.
@Suite("A call for every endpoint")
struct EndpointCoverageTests {
    /// `GET /v1/alerts/{}` and so on, from the table under "Endpoints".
    private static func documented() throws -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/api.md"), encoding: .utf8)
        let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        return page.split(separator: "\n").drop { $0 != "## Endpoints" }.dropFirst()
            .prefix { !$0.hasPrefix("## ") }
            .compactMap { line in
                let words = line.split(separator: " ")
                guard words.count > 2, words[0] == "|", methods.contains(String(words[1])),
                    words[2].hasPrefix("`/"), words[2].hasSuffix("`")
                else { return nil }
                let path = words[2].dropFirst().dropLast()
                return words[1] + " " + path.replacing(/\{[a-z_]+\}/, with: "{}")
            }
    }

    @Test("Every endpoint of the documentation is called, and no other")
    func table() async throws {
        let documented = try Self.documented()
        #expect(documented.count > 70)
        #expect(Set(documented).count == documented.count)
        try await Trial.run([.answer(404, Sample.refusal("NOT_FOUND"))]) { trial in
            for group in Self.groups { await group(trial.parry) }
            // The endpoint that the limiter counts by is the one of the table as well.
            #expect(Set(trial.limiter.reserved) == Set(documented))
            let sent = trial.server.requests.map { request in
                let segments = request.path.split(separator: "/").map {
                    $0.hasSuffix("_ID") ? "{}" : String($0)
                }
                return "\(request.method) /\(segments.joined(separator: "/"))"
            }
            #expect(Set(documented).subtracting(sent) == [], "without a call")
            #expect(Set(sent).subtracting(documented) == [], "without documentation")
        }
    }

    private static let groups: [@Sendable (ParryClient) async -> Void] = [
        accounts, people, integrations, enrolments, enrolmentsV1, orders, alerts, refundIntents,
        rulesets, rules, notices, simulations, webhookEndpoints, events,
    ]

    private static let time = Timestamp(milliseconds: 1_771_322_400_000)

    @Sendable private static func accounts(_ parry: ParryClient) async {
        let id = Sample.organisationID
        _ = try? await parry.organisations.list().first()
        _ = try? await parry.organisations.create(name: "Acme")
        _ = try? await parry.organisations.get(id)
        _ = try? await parry.organisations.rename(id, to: "Acme")
        _ = try? await parry.organisations.delete(id)
        let merchant = Sample.merchantID
        _ = try? await parry.merchants.list().first()
        _ = try? await parry.merchants.create(NewMerchant(organisationID: id, name: "Acme"))
        _ = try? await parry.merchants.get(merchant)
        _ = try? await parry.merchants.update(merchant, MerchantChange())
        _ = try? await parry.merchants.delete(merchant)
    }

    @Sendable private static func people(_ parry: ParryClient) async {
        let id = MembershipID(stored: "mem_ID")
        let person = NewMembership(
            organisationID: Sample.organisationID, firstName: "Ada", lastName: "Lovelace",
            email: "ada@example.com")
        _ = try? await parry.memberships.list().first()
        _ = try? await parry.memberships.create(person)
        _ = try? await parry.memberships.get(id)
        _ = try? await parry.memberships.update(id, MembershipChange())
        _ = try? await parry.memberships.delete(id)
    }

    @Sendable private static func integrations(_ parry: ParryClient) async {
        let id = Sample.integrationID
        let integration = NewIntegration(
            organisationID: Sample.organisationID, name: "Orders", merchantIDs: [Sample.merchantID])
        _ = try? await parry.integrations.list().first()
        _ = try? await parry.integrations.create(integration)
        _ = try? await parry.integrations.get(id)
        _ = try? await parry.integrations.update(id, IntegrationChange())
    }

    @Sendable private static func enrolments(_ parry: ParryClient) async {
        let id = Sample.enrolmentID
        let rdr = VerifiRDR(bin: "424242", caid: "ACME")
        _ = try? await parry.enrolments.list().first()
        _ = try? await parry.enrolments.create(
            NewEnrolment(merchantIDs: [Sample.merchantID], verifiRDR: rdr))
        _ = try? await parry.enrolments.get(id)
        _ = try? await parry.enrolments.cancel(id)
    }

    @Sendable private static func enrolmentsV1(_ parry: ParryClient) async {
        let id = Sample.enrolmentID
        let descriptor = NewDescriptor(descriptor: "ACME", matchType: .startsWith)
        _ = try? await parry.enrolmentsV1.list().first()
        _ = try? await parry.enrolmentsV1.create(
            NewEnrolmentV1(merchantID: Sample.merchantID, descriptors: [descriptor]))
        _ = try? await parry.enrolmentsV1.get(id)
        _ = try? await parry.enrolmentsV1.cancel(id)
    }

    @Sendable private static func orders(_ parry: ParryClient) async {
        let id = OrderID(stored: "ord_ID")
        let order = NewOrder(
            organisationID: Sample.organisationID, integrationID: Sample.integrationID,
            referenceID: "order-1")
        _ = try? await parry.orders.list().first()
        _ = try? await parry.orders.find(
            referenceID: "order-1", integrationID: Sample.integrationID)
        _ = try? await parry.orders.create([order])
        _ = try? await parry.orders.create(documents: [Array("{}".utf8)])
        _ = try? await parry.orders.get(id)
        _ = try? await parry.orders.update(id, OrderChange())
        _ = try? await parry.orders.update(id, document: Array("{}".utf8))
    }

    @Sendable private static func alerts(_ parry: ParryClient) async {
        let id = Sample.alertID
        _ = try? await parry.alerts.list().first()
        _ = try? await parry.alerts.get(id)
        _ = try? await parry.alerts.act(.refund, on: id)
        _ = try? await parry.alerts.note("seen", on: id)
        _ = try? await parry.alerts.clearAttention(of: id)
        _ = try? await parry.alerts.match(of: id)
        _ = try? await parry.alerts.setMatch(of: id, transactionID: nil)
        _ = try? await parry.read("/v1/alerts/\(id)")
    }

    @Sendable private static func refundIntents(_ parry: ParryClient) async {
        let id = RefundIntentID(stored: "rfi_ID")
        let question = NewRefundIntent(
            organisationID: Sample.organisationID, integrationID: Sample.integrationID,
            transactionReferenceID: "txn-1", amountInCents: 4_900, currency: "USD")
        _ = try? await parry.refundIntents.list().first()
        _ = try? await parry.refundIntents.ask(question)
        _ = try? await parry.refundIntents.get(id)
        _ = try? await parry.refundIntents.commit(id, refundReferenceID: "refund-1")
        _ = try? await parry.refundIntents.release(id)
    }

    @Sendable private static func rulesets(_ parry: ParryClient) async {
        let id = RulesetID(stored: "rset_ID")
        let ruleset = NewRuleset(
            organisationID: Sample.organisationID, enrolmentIDs: [Sample.enrolmentID],
            outcome: .acceptDispute, rules: [.amount(.greaterThan, 10_000)])
        _ = try? await parry.rulesets.list().first()
        _ = try? await parry.rulesets.create(ruleset)
        _ = try? await parry.rulesets.get(id)
        _ = try? await parry.rulesets.update(id, RulesetChange())
        _ = try? await parry.rulesets.delete(id)
        _ = try? await parry.rulesets.backtest(id, from: time, to: time)
        _ = try? await parry.rulesets.backtest(ruleset, from: time, to: time)
    }

    @Sendable private static func rules(_ parry: ParryClient) async {
        let ruleset = RulesetID(stored: "rset_ID")
        let id = RuleID(stored: "resrule_ID")
        let rule = NewRule.amount(.greaterThan, 10_000)
        _ = try? await parry.rules.list(in: ruleset).first()
        _ = try? await parry.rules.create(rule, in: ruleset)
        _ = try? await parry.rules.get(id, in: ruleset)
        _ = try? await parry.rules.update(id, in: ruleset, RuleChange(parameters: rule.parameters))
        _ = try? await parry.rules.delete(id, in: ruleset)
    }

    @Sendable private static func notices(_ parry: ParryClient) async {
        _ = try? await parry.schemeNotices.list().first()
        _ = try? await parry.schemeNotices.get(SchemeNoticeID(stored: "schntc_ID"))
        _ = try? await parry.lookups.list().first()
        _ = try? await parry.lookups.get(LookupID(stored: "lkp_ID"))
    }

    @Sendable private static func simulations(_ parry: ParryClient) async {
        let id = Sample.organisationID
        let alert = AlertSimulation(organisationID: id, enrolmentID: Sample.enrolmentID)
        _ = try? await parry.simulations.setStatus(of: Sample.enrolmentID, to: .enabled)
        _ = try? await parry.simulations.alert(alert)
        _ = try? await parry.simulations.schemeNotice(SchemeNoticeSimulation(organisationID: id))
        _ = try? await parry.simulations.lookup(LookupSimulation(organisationID: id))
        _ = try? await parry.simulations.clock(of: id)
        _ = try? await parry.simulations.advanceClock(of: id, seconds: 60)
        _ = try? await parry.simulations.setClock(of: id, to: time)
    }

    @Sendable private static func webhookEndpoints(_ parry: ParryClient) async {
        let id = WebhookEndpointID(stored: "whe_ID")
        let endpoint = NewWebhookEndpoint(
            url: "https://hooks.example.com/", eventTypes: [.alertCreated])
        _ = try? await parry.webhookEndpoints.list().first()
        _ = try? await parry.webhookEndpoints.create(endpoint)
        _ = try? await parry.webhookEndpoints.get(id)
        _ = try? await parry.webhookEndpoints.update(id, WebhookEndpointChange())
        _ = try? await parry.webhookEndpoints.delete(id)
        _ = try? await parry.webhookEndpoints.rotateSecret(of: id)
        _ = try? await parry.webhookEndpoints.test(id)
    }

    @Sendable private static func events(_ parry: ParryClient) async {
        let delivery = DeliveryID(stored: "whd_ID")
        let endpoint = WebhookEndpointID(stored: "whe_ID")
        _ = try? await parry.events.list().first()
        _ = try? await parry.events.feed().page(after: .oldest)
        _ = try? await parry.events.get(EventID(stored: "evt_ID"))
        _ = try? await parry.webhookDeliveries.list().first()
        _ = try? await parry.webhookDeliveries.get(delivery)
        _ = try? await parry.webhookDeliveries.redeliver(delivery)
        _ = try? await parry.webhookRedeliveries.list().first()
        _ = try? await parry.webhookRedeliveries.create(
            NewWebhookRedelivery(webhookEndpointID: endpoint))
        _ = try? await parry.webhookRedeliveries.get(RedeliveryID(stored: "whr_ID"))
    }
}
