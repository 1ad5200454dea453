import ArgumentParser
import ParryDomain
import ParryServer
import ParryService
import ParryWire

struct WebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook", abstract: "Webhook endpoints.",
        subcommands: [
            Create.self, List.self, Get.self, Update.self, Rotate.self, Reveal.self, Delete.self,
            Deliveries.self, Redeliver.self, Test.self,
        ])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an endpoint and show its signing secret.")

        @OptionGroup var common: CommonOptions
        @Option(help: "Send the events of all organisations of this partner.")
        var partner: String?
        @Option(help: "Send the events of this organisation.") var organisation: String?
        @Option(help: "Where to send: an https URL.") var url: String?
        @Option(help: "An event type such as alert.created; once for each.")
        var event: [String] = []

        func run() async throws {
            let settings = try await common.settings([
                "partner": .init(partner), "organisation": .init(organisation),
                "url": .init(url), "event": .init(event),
            ])
            let subscriber = try subscriber(settings)
            let url = try settings.required("url")
            let types = try eventTypes(settings)
            try await answer(settings) { platform in
                let created = try await platform.webhooks.create(
                    for: subscriber, url: url, eventTypes: types, now: Platform.now())
                return { json in
                    json.field("id", created.endpoint.id.text)
                    json.field("secret", created.secret)
                }
            }
        }

        private func subscriber(_ settings: Settings) throws -> WebhookService.Subscriber {
            let (name, id) = try settings.either("partner", "organisation")
            return name == "partner"
                ? .partner(try identifier(id, "--partner"))
                : .organisation(try identifier(id, "--organisation"))
        }

        private func eventTypes(_ settings: Settings) throws -> [EventType] {
            let words = settings.strings("event")
            guard !words.isEmpty else { throw Settings.missing("event") }
            return try WebhookCommand.eventTypes(words)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List all endpoints, newest first, without their secrets.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await answer(common.settings()) { platform in
                let endpoints = try await platform.webhooks.list()
                return { json in
                    json.key("items")
                    json.beginArray()
                    for endpoint in endpoints { endpoint.write(to: &json) }
                    json.endArray()
                    json.field("count", endpoints.count)
                }
            }
        }
    }

    struct Reveal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show an endpoint's signing secret again.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The endpoint's id.") var id: String

        func run() async throws {
            let id: WebhookEndpointID = try identifier(id, "ID")
            try await answer(common.settings()) { platform in
                let secret = try await platform.webhooks.reveal(id)
                return { json in
                    json.field("id", id.text)
                    json.field("secret", secret)
                }
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete an endpoint; what still waits for it is given up.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The endpoint's id.") var id: String

        func run() async throws {
            let id: WebhookEndpointID = try identifier(id, "ID")
            try await answer(common.settings()) { platform in
                try await platform.webhooks.delete(id, now: Platform.now())
                return { json in
                    json.field("id", id.text)
                    json.field("deleted", true)
                }
            }
        }
    }
}

extension WebhookEndpoint {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("id", id.text)
        json.field("url", details.url)
        json.field("event_types", details.eventTypes.map(\.rawValue))
        json.field("is_paused", details.isPaused)
        json.field("partner_id", partnerID.text)
        json.field("organisation_id", organisationID?.text)
        json.field("created_at", createdAt.truncatedToSecond)
        json.endObject()
    }
}
