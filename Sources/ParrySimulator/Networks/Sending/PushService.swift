import Logging
import ServiceLifecycle

/// Does what the networks have to do unasked: pushes, re-pushes, enrolment results, feeds.
///
/// At the end whatever waits or is in flight is dropped; with a ledger file the next run takes it
/// up again.
struct PushService: Service {
    let control: NetworkControl

    private var desk: NetworkDesk { control.desk }

    /// Works until the graceful shutdown of the service group, or until cancelled.
    func run() async throws {
        desk.resume()
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for await action in desk.actions {
                    group.addTask { await perform(action) }
                }
                group.cancelAll()
            }
        } onGracefulShutdown: {
            desk.close()
        }
        await control.platform.shutDown()
    }

    private func perform(_ action: NetworkAction) async {
        switch action {
        case .send(let exchange): await send(exchange)
        case .wait(let duration, let timer):
            try? await Task.sleep(for: duration)
            guard !Task.isCancelled else { return }
            desk.change { state, now in ((), state.due(timer, at: now)) }
        case .feed(let feed): await FeedRunner(control: control, feed: feed).run()
        }
    }

    private func send(_ exchange: PlatformExchange) async {
        let reply = await control.platform.send(exchange, control.settings)
        // What the end of the process cut off says nothing about the platform.
        guard !Task.isCancelled else { return }
        desk.change { state, now in
            let actions = state.conclude(exchange, reply, at: now).actions
            return ((), actions + state.sendNext())
        }
    }
}

extension PlatformClient {
    /// Sends a push and waits for its acknowledgement as long as a network does.
    func send(_ exchange: PlatformExchange, _ settings: NetworkSettings) async -> PlatformReply {
        await post(
            exchange.body, to: exchange.topic.path, as: exchange.topic.network,
            within: settings.acknowledgementTimeout)
    }
}
