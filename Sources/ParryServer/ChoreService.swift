import Logging
import ServiceLifecycle

/// Work that is done now and then, and when a bell rings; a failure is logged and tried again.
struct ChoreService: Service, CustomStringConvertible {
    /// What log lines call it.
    let description: String
    private let interval: Duration
    private let pause: Duration
    private let bell: Bell
    private let logger: Logger
    private let work: @Sendable () async throws -> Bool

    /// - Parameters:
    ///   - interval: How long without a ring until it is done all the same.
    ///   - pause: How long after each step, so that the chore leaves the database to others.
    ///   - work: One step; says whether there may be more to do at once.
    init(
        _ name: String, every interval: Duration, pause: Duration, bell: Bell, logger: Logger,
        work: @escaping @Sendable () async throws -> Bool
    ) {
        description = name
        self.interval = interval
        self.pause = pause
        self.bell = bell
        self.logger = logger
        self.work = work
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await tick() }
                for await _ in bell.rings { await workOff() }
                group.cancelAll()
            }
        }
    }

    private func tick() async {
        while !Task.isCancelled {
            bell.ring()
            try? await Task.sleep(for: interval)
        }
    }

    private func workOff() async {
        do {
            while try await work(), !Task.isCancelled { try await Task.sleep(for: pause) }
            try await Task.sleep(for: pause)
        } catch is CancellationError {
            return
        } catch {
            logger.warning("a chore failed", metadata: ["chore": "\(self)", "error": "\(error)"])
        }
    }
}

/// Tells a chore that there is something to do; rings that are not heard yet are one.
final class Bell: Sendable {
    let rings: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (rings, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    @Sendable func ring() { continuation.yield() }
}
