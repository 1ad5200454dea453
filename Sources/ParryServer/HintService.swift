import ParryDatabase
import ParryService
import ServiceLifecycle

/// Wakes this process's dispatcher when another process has something to send. Without PostgreSQL there
/// is no other process, and no such service.
struct HintService: Service {
    let hints: PostgreSQLHints
    let wake: Wake

    func run() async {
        await cancelWhenGracefulShutdown { await hints.listen { wake() } }
    }
}
