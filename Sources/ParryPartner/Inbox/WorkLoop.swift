import Logging
import ServiceLifecycle

/// Does the same work again and again: when it is woken, and at the latest after so long. What fails is logged and tried
/// again.
struct WorkLoop: Service {
    let name: String
    let interval: Duration
    let signal: WorkSignal?
    let logger: Logger
    /// Does what is due.
    let work: @Sendable () async throws -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await work()
                } catch is CancellationError {
                    return
                } catch {
                    logger.error("\(name) failed", metadata: ["reason": "\(error)"])
                }
                await pause()
            }
        }
    }

    private func pause() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await ContinuousClock().sleep(for: interval) }
            if let signal { group.addTask { await signal.wait() } }
            await group.next()
            group.cancelAll()
        }
    }
}

/// Wakes a loop. Signals that come while it works are one.
final class WorkSignal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func send() { continuation.yield() }

    func wait() async {
        var iterator = stream.makeAsyncIterator()
        await iterator.next()
    }
}
