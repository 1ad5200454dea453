import Logging
import ParryClient
import ServiceLifecycle
import Synchronization

/// Does the same work again and again: at once, when it is woken, and at the latest after so long. What fails is
/// logged and tried again.
struct WorkLoop: Service {
    let name: String
    let interval: Duration
    let signal: WorkSignal
    let logger: Logger
    /// Does what is due.
    let work: @Sendable () async throws -> Void

    init(
        _ name: String, every interval: Duration, signal: WorkSignal = WorkSignal(),
        logger: Logger, work: @escaping @Sendable () async throws -> Void
    ) {
        self.name = name
        self.interval = interval
        self.signal = signal
        self.logger = logger
        self.work = work
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await signal.send(every: interval) }
                group.addTask { await workWhenWoken() }
                await group.next()
                group.cancelAll()
            }
        }
    }

    private func workWhenWoken() async {
        for await _ in signal.stream {
            do {
                try await work()
            } catch {
                guard !error.isCancellation else { return }
                logger.error("\(name) failed", metadata: ["reason": "\(error)"])
            }
        }
    }
}

/// Wakes one waiter. Signals that come while it works are one.
final class WorkSignal: Sendable {
    /// What the one waiter waits for.
    let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func send() { continuation.yield() }

    /// Sends now and again after each interval, until the task is cancelled.
    func send(every interval: Duration) async {
        while !Task.isCancelled {
            send()
            try? await ContinuousClock().sleep(for: interval)
        }
    }

    /// The next signal, for a waiter that waits once.
    func wait() async {
        var iterator = stream.makeAsyncIterator()
        await iterator.next()
    }
}

extension Error {
    /// Whether it says no more than that the task was cancelled.
    var isCancellation: Bool {
        self is CancellationError || (self as? ClientError)?.isCancellation == true
    }
}
