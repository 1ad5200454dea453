import Hummingbird
import Logging
import NIOCore
import ParryService

/// `/metrics` and nothing else, on an address of its own that the public never sees.
enum ManagementListener {
    static func application(
        _ registry: PrometheusRegistry, _ queue: QueueMetrics, host: String, port: Int,
        logger: Logger
    ) -> some ApplicationProtocol {
        let router = Router()
        router.get("/metrics") { _, _ in
            do {
                try await queue.update(now: Platform.now())
            } catch {
                // What the process itself counted is of use even so.
                logger.warning(
                    "the webhook queue cannot be read for metrics", metadata: ["error": "\(error)"])
            }
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: registry.text())))
        }
        return Application(
            router: router, configuration: .init(address: .hostname(host, port: port)),
            onServerRunning: { channel in
                logger.info(
                    "metrics",
                    metadata: [
                        "url":
                            "http://\(host):\(channel.localAddress?.port ?? port)/metrics"
                    ])
            }, logger: logger)
    }
}
