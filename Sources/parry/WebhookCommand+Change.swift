import ArgumentParser
import ParryDomain
import ParryServer
import ParryService
import ParryWire

extension WebhookCommand {
    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show an endpoint, without its secret.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The endpoint's id.") var id: String

        func run() async throws {
            let id: WebhookEndpointID = try identifier(id, "ID")
            try await answerObject(common.settings()) { platform in
                try await platform.webhooks.find(id, by: platform.webhooks.operator(of: id))
            }
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change an endpoint's URL or event types, pause it or resume it.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The endpoint's id.") var id: String
        @Option(help: "Where to send: an https URL.") var url: String?
        @Option(help: "An event type; once for each. They replace the old ones.")
        var event: [String] = []
        @Flag(help: "Send nothing; what it would get waits.") var pause = false
        @Flag(help: "Send again, at once what waits.") var resume = false

        func run() async throws {
            let id: WebhookEndpointID = try identifier(id, "ID")
            let settings = try await common.settings([
                "url": .init(url), "event": .init(event), "pause": .init(pause),
                "resume": .init(resume),
            ])
            let change = try request(settings.source(of: "url", "event", "pause", "resume"))
            try await answerObject(settings) { platform in
                try await platform.webhooks.update(
                    id, change, by: platform.webhooks.operator(of: id), now: Platform.now())
            }
        }

        /// The same request that the API takes.
        private func request(_ settings: Settings) throws -> RequestObject {
            let url = settings.string("url")
            let types = try WebhookCommand.eventTypes(settings.strings("event"))
            let (pause, resume) = (try settings.flag("pause"), try settings.flag("resume"))
            guard !(pause && resume) else {
                throw Settings.Invalid("give either --pause or --resume")
            }
            guard url != nil || !types.isEmpty || pause || resume else {
                throw Settings.Invalid("give --url, --event, --pause or --resume")
            }
            var json = JSONWriter()
            json.beginObject()
            if let url { json.field("url", url) }
            if !types.isEmpty { json.field("event_types", types.map(\.rawValue)) }
            if pause || resume { json.field("is_paused", pause) }
            json.endObject()
            do {
                return try WebhookEndpointRequest.update.decode(json.bytes)
            } catch {
                throw Settings.Invalid("--url must be an https URL of at most 2,048 characters")
            }
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new signing secret and show it; the former one signs too for a while."
        )

        @OptionGroup var common: CommonOptions
        @Argument(help: "The endpoint's id.") var id: String
        @Option(help: "Hours in which both sign, 0 to 168. Default: 24.") var overlapHours: Int?

        func run() async throws {
            let id: WebhookEndpointID = try identifier(id, "ID")
            let settings = try await common.settings(["overlap-hours": .init(overlapHours)])
            let hours = try settings.integer(
                "overlap-hours", in: 0...168, default: Int(Limits.secretOverlapHours))
            try await answerObject(settings) { platform in
                try await platform.webhooks.rotate(
                    id, overlapHours: Int64(hours), by: platform.webhooks.operator(of: id),
                    now: Platform.now())
            }
        }
    }

    /// The event types that these words name.
    ///
    /// - Throws: ``Settings/Invalid`` for a word that is none.
    static func eventTypes(_ words: [String]) throws -> [EventType] {
        try words.map { word in
            guard let type = EventType(rawValue: word) else {
                let known = EventType.allCases.map(\.rawValue).joined(separator: ", ")
                throw Settings.Invalid("unknown --event \(word); there are \(known)")
            }
            return type
        }
    }
}
