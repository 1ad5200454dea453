import ParryDatabase
import ParryService
import ServiceLifecycle

/// Wakes this process's dispatcher when another process has something to send. Without PostgreSQL there
/// is no other process.
struct HintService: Service {
    let hints: PostgreSQLHints?
    let wake: Wake

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            guard let hints else { return try await gracefulShutdown() }
            await hints.listen { wake() }
        }
    }
}
