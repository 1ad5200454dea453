internal import GRDB
internal import Synchronization

/// Connections for look-ups that run on the caller's thread.
///
/// GRDB's pool hands its readers out through a lock and a dispatch queue, which together cost more than
/// a look-up by key, and under load more than all else in a GET. Here a connection is taken from a list
/// and given back. The list holds as many as were ever used at the same time, up to its bound.
final class LookUpConnections: Sendable {
    private struct State {
        var free: [DatabaseQueue] = []
        var opened = 0
    }

    private let state = Mutex(State())
    private let path: String
    private let configuration: GRDB.Configuration
    private let countMax: Int

    /// - Parameter configuration: That of the writer, for connections that only read.
    init(path: String, _ configuration: GRDB.Configuration, countMax: Int) {
        var configuration = configuration
        configuration.readonly = true
        self.path = path
        self.configuration = configuration
        self.countMax = countMax
    }

    /// Runs a look-up, each of whose statements is a transaction of its own; nil when every connection is in use.
    func lookUp<T>(_ body: (any ReadTransaction) throws -> T) throws -> T? {
        guard let connection = try take() else { return nil }
        defer { state.withLock { $0.free.append(connection) } }
        return try connection.unsafeRead { try body(SQLiteTransaction($0)) }
    }

    /// Closes all of them. Nobody may be inside or come in any more.
    func close() throws {
        let all = state.withLock { state in
            defer { state.free = [] }
            return state.free
        }
        for connection in all { try connection.close() }
    }

    private func take() throws -> DatabaseQueue? {
        let (free, mayOpen) = state.withLock { state -> (DatabaseQueue?, Bool) in
            if let last = state.free.popLast() { return (last, false) }
            guard state.opened < countMax else { return (nil, false) }
            state.opened += 1
            return (nil, true)
        }
        guard mayOpen else { return free }
        do {
            return try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            state.withLock { $0.opened -= 1 }
            throw error
        }
    }
}
