import ArgumentParser
import Foundation
import ParryDelivery
import ParryDomain
import ParryServer
import ParryService
import ParryStore
import ParryWire

struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "What happened.", subcommands: [Tail.self])

    struct Tail: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a partner's events, one on each line, or forward them as they happen.",
            discussion: """
                Standard error tells what came of each event that was forwarded, and, without --follow, the \
                cursor to go on from.
                """)

        @OptionGroup var common: CommonOptions
        @Option(help: "Whose events.") var partner: String?
        @Option(
            help: "oldest, latest or a cursor. Default: oldest, and latest with --follow.")
        var after: String?
        @Flag(help: "Go on as events happen, until it is interrupted.") var follow = false
        @Option(
            help: "POST each event here, signed like a webhook; http and localhost will do.")
        var forwardTo: String?
        @Option(help: "What to sign with. Default: one that is made and shown.")
        var secret: String?
        @Option(help: "Certificates to trust besides the system's when forwarding (PEM).")
        var webhookCaFile: String?

        func run() async throws {
            let settings = try await common.settings([
                "partner": .init(partner), "after": .init(after), "follow": .init(follow),
                "forward-to": .init(forwardTo), "secret": .init(secret),
                "webhook-ca-file": .init(webhookCaFile),
            ])
            let partner: PartnerID = try identifier(settings.required("partner"), "--partner")
            let follows = try settings.flag("follow")
            let start = settings.string("after") ?? (follows ? "latest" : "oldest")
            let forwarder = try forwarder(settings)
            do {
                try await use(settings, createsDatabase: false) { platform in
                    let principal = try await platform.webhooks.operator(of: partner)
                    let tail = EventTail(
                        events: platform.events, principal: principal, forwarder: forwarder)
                    try await tail.run(from: start, follows: follows)
                }
            } catch {
                await forwarder?.shutDown()
                throw error
            }
            await forwarder?.shutDown()
        }

        private func forwarder(_ settings: Settings) throws -> EventForwarder? {
            guard let url = settings.string("forward-to") else { return nil }
            let secret = settings.string("secret", isSecret: true) ?? "whsec_\(UUID())"
            if settings.string("secret", isSecret: true) == nil { tell("secret: \(secret)") }
            let webhooks = try WebhookSettings(settings)
            guard let forwarder = webhooks.makeForwarder(to: url, secret: secret) else {
                throw Settings.Invalid("--forward-to must begin with http:// or https://")
            }
            return forwarder
        }
    }
}

/// Follows the feed of a partner.
private struct EventTail {
    private static let pollInterval = Duration.milliseconds(200)
    private static let pageSize = 100

    let events: EventService
    let principal: Principal
    let forwarder: EventForwarder?

    func run(from start: String, follows: Bool) async throws {
        var place: FeedStart =
            switch start {
            case "oldest": .oldest
            case "latest": .latest
            default: .cursor(start)
            }
        while true {
            try await number()
            let page = try await events.feed(
                from: place, EventStore.Filter(), limit: Self.pageSize, by: principal)
            for event in page.events { try await show(event) }
            place = .cursor(page.next.text)
            if page.hasMore { continue }
            guard follows else { return tell("next cursor: \(page.next.text)") }
            try await Task.sleep(for: Self.pollInterval)
        }
    }

    /// On PostgreSQL without a server beside it nobody else does; the audit log is for what somebody changes.
    private func number() async throws {
        try await AuditNote.$current.withValue(nil) {
            while try await events.number() {}
        }
    }

    private func show(_ event: Event) async throws {
        guard let forwarder else {
            do {
                return try FileHandle.standardOutput.write(
                    contentsOf: Data(event.body + [UInt8(ascii: "\n")]))
            } catch {
                throw Settings.Invalid("standard output is closed")
            }
        }
        let result = await forwarder.forward(event.body, now: Platform.now())
        tell("\(event.id) \(event.type.rawValue): \(result)")
    }
}

/// A line on standard error.
private func tell(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
}
