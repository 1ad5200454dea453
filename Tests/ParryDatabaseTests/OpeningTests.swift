import Foundation
import ParryDatabase
import ParryTestSupport
import Testing

@Suite("Opening and closing")
struct OpeningTests {
    @Test("FULL, WAL and foreign keys are read back")
    func settings() async throws {
        try await withDatabase { database in
            let settings = try await database.settings()
            #expect(settings.synchronous == 2)
            #expect(settings.foreignKeys)
            #expect(settings.journalMode == "wal")
        }
        try await withDatabase(.memory) { database in
            let settings = try await database.settings()
            #expect(settings.journalMode == "memory")
        }
    }

    @Test("file and directory are created for their owner alone")
    func modes() async throws {
        let scratch = try ScratchDirectory()
        let path = scratch.path + "/a/b/parry.db"
        let database = try await SQLiteDatabase.open(.file(path))
        try await createItems(in: database)
        #expect(try mode(path) == 0o600)
        #expect(try mode(path + "-wal") == 0o600)
        #expect(try mode(scratch.path + "/a/b") == 0o700)
        try await database.close()
    }

    @Test("after closing no WAL is left, and the rows are in the file")
    func noWAL() async throws {
        let scratch = try ScratchDirectory()
        let path = scratch.file()
        let database = try await SQLiteDatabase.open(.file(path))
        try await createItems(in: database)
        try await database.insertItem(1, "a")
        _ = try await database.itemIDs()
        try await database.close()
        #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
        #expect(!FileManager.default.fileExists(atPath: path + "-shm"))
        let again = try await SQLiteDatabase.open(.file(path))
        #expect(try await again.itemIDs() == [1])
        try await again.close()
    }

    @Test("no WAL is left by readers that have only just answered", arguments: 0..<20)
    func noWALOfReaders(round: Int) async throws {
        let scratch = try ScratchDirectory()
        let database = try await SQLiteDatabase.open(.file(scratch.file()))
        try await createItems(in: database)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { _ = try await database.itemIDs() } }
            try await group.waitForAll()
        }
        try await database.close()
        #expect(!FileManager.default.fileExists(atPath: scratch.file() + "-wal"))
    }

    @Test("a path that cannot be opened gives one error that names it")
    func cannotOpen() async throws {
        let scratch = try ScratchDirectory()
        try Data("no database".utf8 + [UInt8](repeating: 65, count: 5_000))
            .write(to: URL(fileURLWithPath: scratch.file("text")))
        let cases: [(String, DatabaseError.Code)] = [
            (scratch.path, .unavailable), (scratch.file("text"), .corrupt),
            (scratch.file("text/below.db"), .unavailable), ("/proc/nowhere/x.db", .unavailable),
        ]
        for (path, code) in cases {
            do {
                _ = try await SQLiteDatabase.open(.file(path))
                Issue.record("\(path) was opened")
            } catch let error as DatabaseError {
                #expect(error.code == code, "\(error)")
                #expect(error.message.contains(path))
            }
        }
    }

    @Test("another application's file is refused")
    func foreignFile() async throws {
        let scratch = try ScratchDirectory()
        let database = try await SQLiteDatabase.open(.file(scratch.file()))
        try await database.write { try $0.executeScript("PRAGMA application_id = 7") }
        try await database.close()
        await #expect(throws: DatabaseError.Code.unavailable) {
            try await coded { try await SQLiteDatabase.open(.file(scratch.file())) }
        }
    }

    @Test("two databases on one file write at the same time and see each other's rows")
    func twoWriters() async throws {
        let scratch = try ScratchDirectory()
        let first = try await SQLiteDatabase.open(.file(scratch.file()))
        let second = try await SQLiteDatabase.open(.file(scratch.file()))
        try await createItems(in: first)
        try await withThrowingTaskGroup { group in
            for number in 0..<200 {
                group.addTask {
                    try await (number.isMultiple(of: 2) ? first : second)
                        .insertItem(number, "n\(number)")
                }
            }
            try await group.waitForAll()
        }
        #expect(try await first.itemIDs() == Array(0..<200))
        #expect(try await second.itemIDs() == Array(0..<200))
        try await first.close()
        try await second.insertItem(200, "after the other closed")
        try await second.close()
    }

    @Test("another writer that does not let go gives busy to all that wait, and work goes on after")
    func busy() async throws {
        let scratch = try ScratchDirectory()
        var impatient = SQLiteConfiguration()
        impatient.busyTimeoutMilliseconds = 20
        let holder = try await SQLiteDatabase.open(.file(scratch.file()))
        let database = try await SQLiteDatabase.open(
            .file(scratch.file()), configuration: impatient)
        try await createItems(in: holder)
        let door = Door()
        async let held: Void = holder.write { _ in door.waitInside() }
        await door.closureArrived()
        for number in 1...2 {
            await #expect(throws: DatabaseError.Code.busy) {
                try await coded { try await database.insertItem(number, "n\(number)") }
            }
        }
        #expect(try await database.itemIDs() == [])
        door.open()
        try await held
        try await database.insertItem(3, "free")
        #expect(try await holder.itemIDs() == [3])
        try await database.close()
        try await holder.close()
    }

    @Test("a read sees every write that returned before it, and a cancelled task's does not begin")
    func reads() async throws {
        try await withDatabase { database in
            for number in 1...50 {
                try await database.insertItem(number, "n\(number)")
                #expect(try await database.itemIDs().count == number)
            }
            await withThrowingTaskGroup(of: Void.self) { group in
                group.cancelAll()
                group.addTask { _ = try await database.itemIDs() }
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
            #expect(try await database.itemIDs().count == 50)
        }
    }

    @Test("a look-up that stops at its first row is over: the next one sees what was written since")
    func lookUpsEnd() async throws {
        try await withDatabase { database in
            for number in 1...3 { try await database.insertItem(number, "n\(number)") }
            let first: @Sendable (any ReadTransaction) throws -> Int64? = {
                try $0.row("SELECT id FROM item ORDER BY id DESC") { try $0.integer() }
            }
            #expect(try await database.lookUp(first) == 3)
            try await database.insertItem(4, "n4")
            #expect(try await database.lookUp(first) == 4)
        }
    }

    @Test("closing twice, and at the same time, waits for the same end")
    func closeTwice() async throws {
        let database = try await SQLiteDatabase.open(.memory)
        try await withThrowingTaskGroup { group in
            for _ in 1...4 { group.addTask { try await database.close() } }
            try await group.waitForAll()
        }
        try await database.close()
        for look in [database.read, database.lookUp] as [Look] {
            let error = await #expect(throws: DatabaseError.self) {
                try await look { try $0.row("SELECT 1") { try $0.integer() } }
            }
            #expect(error?.code == .closed)
        }
    }

    private typealias Look = (
        @escaping @Sendable (any ReadTransaction) throws -> Int64?
    ) async throws -> Int64?

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}
