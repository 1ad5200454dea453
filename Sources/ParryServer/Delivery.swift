import Logging
import ParryDatabase
import ParryDelivery
import ParryService
import ServiceLifecycle

/// What delivers webhooks in this process: the dispatcher and the chores beside it, and the signals between
/// them and the API.
struct Delivery: Sendable {
    let client: WebhookClient
    let dispatcher: WebhookDispatcher
    /// Events were committed: they want to be sent and, on PostgreSQL, numbered, here or in another process.
    let wake: Wake
    /// A redelivery was asked for.
    let start: Wake
    /// Mails links for new passwords; nil where no mails are sent.
    let forgotten: ForgottenPasswordService?
    let chores: [any Service]

    /// - Throws: `DatabaseError`.
    init(_ platform: Platform, _ settings: ServeSettings, logger: Logger) async throws {
        let installation = InstallationService(database: platform.database)
        let database = platform.database
        let inbox = DispatchInbox()
        let (numbering, redelivering) = (Bell(), Bell())
        let hints = Self.hints(platform, inbox)
        client = settings.webhooks.makeClient()
        dispatcher = WebhookDispatcher(
            queue: DeliveryQueue(
                database: database, secrets: platform.secrets,
                isDistributed: try await installation.isDistributed()), client: client,
            inbox: inbox, logger: logger, clock: Platform.now)
        wake = (hints.map { inbox.wake.and($0.send) } ?? inbox.wake).and(numbering.ring)
        start = Wake(redelivering.ring)
        let events = EventService(database: database, wake: .silent)
        let redeliveries = RedeliveryService(database: database, wake: wake)
        let retention = RetentionService(database: database)
        let (forgotten, mails) = Self.mails(platform, settings, logger)
        self.forgotten = forgotten
        let hinted = inbox.hint.and(numbering.ring)
        chores =
            (hints.map { [HintService(hints: $0, wake: hinted)] } ?? []) + [
                // A pause of some milliseconds lets one transaction number what several have committed.
                ChoreService(
                    "numbering of events", every: .seconds(1), pause: .milliseconds(20),
                    bell: numbering, logger: logger, work: events.number),
                ChoreService(
                    "redelivery", every: .seconds(1), pause: .milliseconds(20), bell: redelivering,
                    logger: logger
                ) { try await redeliveries.step(now: Platform.now()) },
            ] + mails + [
                ChoreService(
                    "last uses of keys", every: .seconds(60), pause: .milliseconds(20),
                    bell: Bell(),
                    logger: logger, work: platform.keys.noteUses),
                ChoreService(
                    "retention", every: .seconds(60), pause: .milliseconds(200), bell: Bell(),
                    logger: logger
                ) { try await retention.step(now: Platform.now()).isSome },
            ]
    }

    private static func mails(
        _ platform: Platform, _ settings: ServeSettings, _ logger: Logger
    ) -> (forgotten: ForgottenPasswordService?, chores: [any Service]) {
        guard let mail = settings.mail else { return (nil, []) }
        let sender = MailCommand(command: mail.command, letter: mail.letter, logger: logger)
        let service = MailService(database: platform.database, sender: sender)
        let asked = Bell()
        let forgotten = ForgottenPasswordService(
            database: platform.database, people: platform.people, sender: sender,
            wake: Wake(asked.ring))
        return (
            forgotten,
            [
                ChoreService(
                    "mails", every: .seconds(5), pause: .milliseconds(100), bell: Bell(),
                    logger: logger
                ) { try await service.step(now: Platform.now()) },
                // A mail that failed is tried again at the next tick.
                ChoreService(
                    "links for new passwords", every: .seconds(10), pause: .milliseconds(100),
                    bell: asked, logger: logger
                ) { try await forgotten.step(now: Platform.now()) },
            ]
        )
    }

    private static func hints(
        _ platform: Platform, _ inbox: DispatchInbox
    ) -> PostgreSQLHints? {
        switch platform.engine {
        case .sqlite: nil
        case .postgreSQL(let database): PostgreSQLHints(database) { inbox.leavesWork }
        }
    }
}
