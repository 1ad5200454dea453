import ArgumentParser
import ParryDelivery
import ParryDomain
import ParryServer
import ParryService
import ParryStore
import ParryWire

extension WebhookCommand {
    struct Deliveries: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List deliveries, newest first; with their attempts when one is named.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "A delivery's id, to show it with its attempts.") var id: String?
        @Option(help: "Those to this endpoint.") var endpoint: String?
        @Option(help: "Those to all endpoints of this partner.") var partner: String?
        @Option(help: "Those of this event.") var event: String?
        @Option(help: "PENDING, DELIVERED or FAILED.") var state: String?
        @Option(help: "How many at most. Default: 20.") var limit: Int?

        func run() async throws {
            let settings = try await common.settings([
                "endpoint": .init(endpoint), "partner": .init(partner), "event": .init(event),
                "state": .init(state), "limit": .init(limit),
            ])
            let delivery: DeliveryID? = try id.map { try identifier($0, "ID") }
            let subject = try WebhookSubject(settings)
            let filter = try filter(settings, of: subject)
            let page = Page(
                limit: try settings.integer("limit", in: 1...1_000, default: 20), offset: 0)
            if let delivery {
                return try await answerObject(settings) { platform in
                    try await platform.events.delivery(
                        delivery, by: subject.principal(platform))
                }
            }
            try await answer(settings) { platform in
                let principal = try await subject.principal(platform)
                let listing = try await platform.events.deliveries(
                    filter, page: page, by: principal)
                return { json in
                    json.key("items")
                    json.beginArray()
                    for item in listing.items { item.write(to: &json, links: false) }
                    json.endArray()
                    json.field("count", listing.count)
                }
            }
        }

        private func filter(
            _ settings: Settings, of subject: WebhookSubject
        ) throws -> DeliveryStore.Filter {
            var filter = DeliveryStore.Filter()
            if case .endpoint(let id) = subject { filter.endpointID = id }
            filter.eventID = try settings.string("event").map { try identifier($0, "--event") }
            filter.state = try settings.string("state").map { word in
                guard let state = DeliveryState(rawValue: word) else {
                    throw Settings.Invalid("--state must be PENDING, DELIVERED or FAILED")
                }
                return state
            }
            return filter
        }
    }

    struct Redeliver: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a delivery again, or all of an endpoint that failed.",
            discussion: """
                Without an id: those of --endpoint that ended in a --state (FAILED unless told), of events from \
                --from to --to, both included. A running server sends them.
                """)

        @OptionGroup var common: CommonOptions
        @Argument(help: "A delivery's id.") var id: String?
        @Option(help: "The endpoint whose deliveries are meant.") var endpoint: String?
        @Option(help: "FAILED or DELIVERED; once for each. Default: FAILED.")
        var state: [String] = []
        @Option(help: "From this time on, as 2026-02-17T10:30:00Z.") var from: String?
        @Option(help: "Until this time.") var to: String?

        func run() async throws {
            let settings = try await common.settings([
                "endpoint": .init(endpoint), "state": .init(state), "from": .init(from),
                "to": .init(to),
            ])
            let endpoint: WebhookEndpointID = try identifier(
                settings.required("endpoint"), "--endpoint")
            if let id {
                return try await redeliver(identifier(id, "ID"), of: endpoint, settings)
            }
            let states = try states(settings)
            let (from, to) = try (time("from", settings), time("to", settings))
            try await answerObject(settings) { platform in
                let job = try await platform.redeliveries.create(
                    for: endpoint, states: states, from: from, to: to,
                    by: platform.webhooks.operator(of: endpoint), now: Platform.now())
                while try await platform.redeliveries.step(now: Platform.now()) {}
                return try await platform.redeliveries.find(
                    job.id, by: platform.webhooks.operator(of: endpoint))
            }
        }

        private func redeliver(
            _ id: DeliveryID, of endpoint: WebhookEndpointID, _ settings: Settings
        ) async throws {
            try await answerObject(settings) { platform in
                let principal = try await platform.webhooks.operator(of: endpoint)
                let found = try await platform.events.delivery(id, by: principal)
                guard found.delivery.endpointID == endpoint else {
                    throw NotFound("webhook delivery to this endpoint")
                }
                return try await platform.events.redeliver(id, by: principal, now: Platform.now())
            }
        }

        private func states(_ settings: Settings) throws -> [DeliveryState] {
            try settings.strings("state").map { word in
                guard let state = EndedDeliveryState(rawValue: word) else {
                    throw Settings.Invalid("--state must be FAILED or DELIVERED")
                }
                return state == .failed ? .failed : .delivered
            }
        }

        private func time(_ name: String, _ settings: Settings) throws -> Timestamp? {
            guard let text = settings.string(name) else { return nil }
            guard let time = Timestamp.parse(text) else {
                throw Settings.Invalid("--\(name) must be a time such as 2026-02-17T10:30:00Z")
            }
            return time.timestamp
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a test event to an endpoint and show what came of it.")

        @OptionGroup var common: CommonOptions
        @OptionGroup var sending: SendingOptions
        @Argument(help: "The endpoint's id.") var id: String

        func run() async throws {
            let id: WebhookEndpointID = try identifier(id, "ID")
            let settings = try await common.settings(sending.values)
            let client = try WebhookSettings(settings).makeClient()
            try await answerObject(settings) { platform in
                try await platform.webhooks.test(
                    id, by: platform.webhooks.operator(of: id), through: client,
                    now: Platform.now())
            }
            await client.shutDown()
        }
    }
}

/// Whose deliveries a command is about.
private enum WebhookSubject {
    case endpoint(WebhookEndpointID)
    case partner(PartnerID)

    init(_ settings: Settings) throws {
        let (name, id) = try settings.either("endpoint", "partner")
        self =
            name == "endpoint"
            ? .endpoint(try identifier(id, "--endpoint"))
            : .partner(try identifier(id, "--partner"))
    }

    func principal(_ platform: Platform) async throws -> Principal {
        switch self {
        case .endpoint(let id): try await platform.webhooks.operator(of: id)
        case .partner(let id): try await platform.webhooks.operator(of: id)
        }
    }
}
