import Foundation
import ParryDatabase
import ParryTestSupport
import Synchronization

/// A directory for one test's files, removed with the value.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("parry-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String = "test.db") -> String { path + "/" + name }
}

/// Opens an empty SQLite database with the table `item`, runs the test on it, and closes it.
func withDatabase<T: Sendable>(
    _ location: Engine = .file, configuration: SQLiteConfiguration = SQLiteConfiguration(),
    _ test: (SQLiteDatabase) async throws -> T
) async throws -> T {
    let scratch = try ScratchDirectory()
    let database = try await SQLiteDatabase.open(
        location == .memory ? .memory : .file(scratch.file()), configuration: configuration)
    try await createItems(in: database)
    let result = try await test(database)
    try await database.close()
    return result
}

/// Opens an empty database of any engine with the table `item`, runs the test on it, and closes it.
func onItems(_ engine: Engine, _ test: (any Database) async throws -> Void) async throws {
    try await engine.runUnmigrated { database in
        try await createItems(in: database)
        try await test(database)
    }
}

/// Creates the table `item`, and `part`, whose rows belong to an item.
func createItems(in database: some Database) async throws {
    try await database.write {
        try $0.executeScript(
            """
            CREATE TABLE IF NOT EXISTS item (
              id BIGINT PRIMARY KEY, name TEXT UNIQUE, body BYTEA, CHECK (length(name) < 10000));
            CREATE TABLE IF NOT EXISTS part (item BIGINT NOT NULL REFERENCES item (id));
            """)
    }
}

extension Database {
    func insertItem(_ id: Int, _ name: String) async throws {
        try await write { try $0.execute("INSERT INTO item (id, name) VALUES (\(id), \(name))") }
    }

    func itemIDs() async throws -> [Int64] {
        try await read { try $0.rows("SELECT id FROM item ORDER BY id") { try $0.integer() } }
    }
}

/// An error of the callers, unknown to the database.
struct DomainError: Error, Equatable {
    let reason: String
}

/// A door that a closure waits at, so that others can queue up behind it. Blocks its thread. Once open it stays
/// so, for a closure that runs again.
final class Door: Sendable {
    private let arrived = AsyncStream<Void>.makeStream()
    private let semaphore = DispatchSemaphore(value: 0)

    /// Waits inside a closure until the test opens the door.
    func waitInside() {
        arrived.continuation.yield()
        semaphore.wait()
        semaphore.signal()
    }

    /// Suspends the test until a closure waits.
    func closureArrived() async {
        for await _ in arrived.stream { return }
    }

    func open() { semaphore.signal() }
}

/// Numbers closures in the order in which they run. (A side effect, which only a test may have.)
final class Order: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}

/// Numbers closures in the order in which they run first; one that runs again keeps its turn.
final class Turns: Sendable {
    private let turns = Mutex<[Int: Int]>([:])

    func turn(of closure: Int) -> Int {
        turns.withLock { turns in
            let next = turns.count + 1
            turns[closure] = turns[closure] ?? next
            return turns[closure] ?? next
        }
    }
}
