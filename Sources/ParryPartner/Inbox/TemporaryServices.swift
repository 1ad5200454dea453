import Logging
import ServiceLifecycle
import Synchronization

/// Runs services for as long as a piece of work lasts, and ends them in order.
enum TemporaryServices {
    /// - Throws: What the work throws, or a service that fails before its end.
    static func run<Result: Sendable>(
        _ services: [any Service], logger: Logger,
        during work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let piece = Work(work)
        var configurations = services.map {
            ServiceGroupConfiguration.ServiceConfiguration(service: $0)
        }
        configurations.append(
            ServiceGroupConfiguration.ServiceConfiguration(
                service: piece, successTerminationBehavior: .gracefullyShutdownGroup))
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(services: configurations, logger: logger)
        ).run()
        guard let result = piece.result.withLock({ $0 }) else { throw CancellationError() }
        return result
    }

    private final class Work<Result: Sendable>: Service {
        let result = Mutex<Result?>(nil)
        private let work: @Sendable () async throws -> Result

        init(_ work: @escaping @Sendable () async throws -> Result) {
            self.work = work
        }

        func run() async throws {
            let found = try await work()
            result.withLock { $0 = found }
        }
    }
}
