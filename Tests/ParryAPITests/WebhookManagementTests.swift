import HTTPTypes
import ParryDatabase
import ParryDomain
import ParryServer
import ParryService
import ParryTestSupport
import ParryWire
import Testing

@Suite("Webhook endpoints, events and deliveries over the API")
struct WebhookManagementTests {
    private static let path = "/v1/webhook-endpoints"

    private static func body(_ organisation: String?, _ types: String = #""lookup.created""#)
        -> String
    {
        let whose = organisation.map { #""organisation_id":"\#($0)","# } ?? ""
        return #"{\#(whose)"url":"https://hooks.example.com/x","event_types":[\#(types)]}"#
    }

    @Test("The secret is shown by create and rotation alone", arguments: Engine.allCases)
    func secrets(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let made = try await world.send(.post, Self.path, Self.body(acme.organisation))
            #expect(made.status == 201)
            let secret = try #require(try made.string("secret"))
            let item = Self.path + "/" + (try #require(try made.string("id")))
            #expect(try await world.send(.get, item).json["secret"] == nil)
            #expect(try await !world.send(.get, Self.path).text.contains("whsec_"))
            let rotated = try await world.send(
                .post, item + "/rotate-secret", #"{"overlap_hours":0}"#)
            #expect(try rotated.string("secret") != secret)
            #expect(rotated.status == 200)
        }
    }

    @Test(
        "With an Idempotency-Key the secret comes again, and is not stored in clear",
        arguments: Engine.allCases)
    func idempotent(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let key = try #require(HTTPField.Name("Idempotency-Key"))
            let first = try await world.send(
                .post, Self.path, Self.body(nil), headers: [key: "once"])
            let again = try await world.send(
                .post, Self.path, Self.body(nil), headers: [key: "once"])
            #expect(first.text == again.text)
            let stored = try await world.database.read { tx in
                try tx.row("SELECT body FROM idempotency") { try $0.text() }
            }
            #expect(try #require(stored).contains("whsec_") == false)
            #expect(try await world.send(.get, Self.path).json["count"]?.integer == 1)
        }
    }

    @Test("Bad URLs and types are refused, and the URL's rule is named")
    func refusals() async throws {
        try await TestWorld.run { world in
            let cases = [
                (#"{"url":"http://x.example/","event_types":["alert.created"]}"#, "https://"),
                (#"{"url":"https://u:p@x.example/","event_types":["alert.created"]}"#, "user name"),
                (#"{"url":"https://x.example:0/","event_types":["alert.created"]}"#, "port"),
                (#"{"url":"https://x.example/","event_types":["alert.gone"]}"#, "must be one of"),
                (#"{"url":"https://x.example/","event_types":[]}"#, "elements"),
            ]
            for (body, reason) in cases {
                let reply = try await world.send(.post, Self.path, body)
                #expect(reply.status == 422, "\(body)")
                #expect(try reply.string("code") == "VALIDATION_ERROR")
                #expect(reply.text.contains(reason), "\(reply.text)")
            }
        }
    }

    @Test(
        "A partner's endpoint is its administrators', an organisation's belongs to who sees it",
        arguments: Engine.allCases)
    func owners(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let other = try await world.customer("Other")
            let own = try await world.make(Self.path, Self.body(nil))
            let theirs = try await world.make(Self.path, Self.body(acme.organisation))
            let group = try await world.platform.accounts.createGroup(
                partner: world.partnerID, name: "some",
                organisations: [.init(stored: acme.organisation)], now: Sample.start)
            let restricted = try await world.key(for: .group(group.id)).secret
            let organisation = try await world.key(
                for: .organisation(.init(stored: other.organisation))
            ).secret
            let rows = [
                (world.adminKey, own, 200), (world.adminKey, theirs, 200), (restricted, own, 404),
                (restricted, theirs, 200), (organisation, own, 404), (organisation, theirs, 404),
            ]
            for (key, id, status) in rows {
                let reply = try await world.send(.get, Self.path + "/" + id, key: key)
                #expect(reply.status == status)
            }
            let refused = try await world.send(.post, Self.path, Self.body(nil), key: restricted)
            #expect(refused.status == 403)
            let made = try await world.send(.post, Self.path, Self.body(nil), key: organisation)
            #expect(try made.string("organisation_id") == other.organisation)
            let foreign = try await world.send(
                .post, Self.path, Self.body(acme.organisation), key: organisation)
            #expect(foreign.status == 404)
        }
    }

    @Test(
        "While an endpoint is paused its deliveries wait, and are due when it is resumed",
        arguments: Engine.allCases)
    func paused(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let endpoint = try await world.make(Self.path, Self.body(acme.organisation))
            let item = Self.path + "/" + endpoint
            let simulate = #"{"organisation_id":"\#(acme.organisation)"}"#
            _ = try await world.make("/v1/simulate/lookups", simulate)
            _ = try await world.make("/v1/simulate/lookups", simulate)
            #expect(try await world.send(.patch, item, #"{"is_paused":true}"#).status == 200)
            let deliveries = "/v1/webhook-deliveries?state=PENDING&webhook_endpoint_id=\(endpoint)"
            let waiting = try await world.send(.get, deliveries).json
            #expect(waiting["count"]?.integer == 2)
            #expect(
                waiting["items"]?.elements.allSatisfy { $0["next_attempt_at"]?.isNull == true }
                    == true)
            #expect(try await !world.hasWebhooksToSend())
            #expect(try await world.send(.patch, item, #"{"is_paused":false}"#).status == 200)
            let due = try await world.send(.get, deliveries).json
            #expect(
                due["items"]?.elements.allSatisfy { $0["next_attempt_at"]?.isNull == false } == true
            )
            #expect(try await world.hasWebhooksToSend())
        }
    }

    @Test(
        "Events are listed as they are sent, and found by type and object",
        arguments: Engine.allCases)
    func events(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let lookup = try await world.make(
                "/v1/simulate/lookups", #"{"organisation_id":"\#(acme.organisation)"}"#)
            for (filter, count) in [
                ("", 2), ("type=lookup.created", 1), ("type=alert.created", 0),
                ("object_id=\(lookup)", 1), ("organisation_id=\(acme.organisation)", 2),
            ] {
                let list = try await world.send(.get, "/v1/events?" + filter).json
                #expect(list["count"]?.integer == Int64(count), "\(filter)")
                #expect(list["items"]?.count == count, "\(filter)")
            }
            let stranger = try await world.platform.accounts.createPartner(
                name: "Other", mode: .test, now: Sample.start)
            let key = try await world.key(for: .group(stranger.adminGroup.id)).secret
            #expect(try await world.send(.get, "/v1/events", key: key).json["count"]?.integer == 0)
        }
    }
}
