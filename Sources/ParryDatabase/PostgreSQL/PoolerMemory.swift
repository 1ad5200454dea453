internal import Synchronization

/// Whether a pooler was met that gives every transaction another session, so that prepared statements
/// do not last (PgBouncer before 1.21, in transaction mode). Shared by the connections of a database.
final class PoolerMemory: Sendable {
    private let met = Atomic(false)

    var isInTheWay: Bool {
        get { met.load(ordering: .relaxed) }
        set { met.store(newValue, ordering: .relaxed) }
    }
}
