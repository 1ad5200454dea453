import Hummingbird
import ParryDelivery
import ServiceLifecycle

/// The API and the dispatcher side by side, so that a signal stops both at once: requests finish while
/// sends in flight use their grace period, and the whole is over in less than 20 seconds.
struct ServingService<App: ApplicationProtocol>: Service, CustomStringConvertible {
    /// A little more than the dispatcher's grace period; what still runs then is cancelled.
    private static var drainLimit: Duration { .seconds(17) }

    /// What log lines call it, and all that they may show of it.
    var description: String { "parry" }

    let application: App
    let dispatcher: WebhookDispatcher

    private enum Ended: Sendable {
        case part
        case timeIsUp
    }

    func run() async throws {
        try await withThrowingTaskGroup(of: Ended.self) { group in
            group.addTask {
                try await application.run()
                return .part
            }
            group.addTask {
                try await dispatcher.run()
                return .part
            }
            group.addTask {
                try await gracefulShutdown()
                try await Task.sleep(for: Self.drainLimit)
                return .timeIsUp
            }
            try await Self.wait(for: &group)
        }
    }

    /// Waits for both parts, or for the time to be up, and cancels the rest.
    private static func wait(for group: inout ThrowingTaskGroup<Ended, any Error>) async throws {
        var parts = 0
        while parts < 2, let ended = try await group.next() {
            guard case .part = ended else { break }
            parts += 1
        }
        group.cancelAll()
        while !group.isEmpty { _ = await group.nextResult() }
    }
}
