import Foundation
import ParryDatabase
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

/// Both homes of a database; tests that concern every driver run on each.
enum Home: CaseIterable, Sendable {
    case memory, file
}

/// Opens an empty database with the table `item`, runs the test on it, and closes it.
func withDatabase<T: Sendable>(
    _ home: Home = .file, configuration: SQLiteConfiguration = SQLiteConfiguration(),
    _ test: (SQLiteDatabase) async throws -> T
) async throws -> T {
    let scratch = try ScratchDirectory()
    let database = try await SQLiteDatabase.open(
        home == .memory ? .memory : .file(scratch.file()), configuration: configuration)
    try await createItems(in: database)
    let result = try await test(database)
    try await database.close()
    return result
}

/// Creates the table `item`, and `part`, whose rows belong to an item.
func createItems(in database: SQLiteDatabase) async throws {
    try await database.write {
        try $0.executeScript(
            """
            CREATE TABLE IF NOT EXISTS item (
              id INTEGER PRIMARY KEY, name TEXT UNIQUE, body BLOB, CHECK (length(name) < 10000));
            CREATE TABLE IF NOT EXISTS part (item INTEGER NOT NULL REFERENCES item (id));
            """)
    }
}

extension SQLiteDatabase {
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

/// A door that a closure waits at, so that others can queue up behind it. Blocks its thread.
final class Door: Sendable {
    private let arrived = AsyncStream<Void>.makeStream()
    private let semaphore = DispatchSemaphore(value: 0)

    /// Waits inside a closure until the test opens the door.
    func waitInside() {
        arrived.continuation.yield()
        semaphore.wait()
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
