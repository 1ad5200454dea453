import Foundation
import ParryDatabase
import Testing

@Suite("The write-ahead log", .timeLimit(.minutes(2)))
struct CheckpointTests {
    private static let pageBytes = 4_096
    private let text = String(repeating: "x", count: 5_000)

    private func open(_ path: String, apart: Int = 10, max: Int = 40) async throws -> SQLiteDatabase
    {
        var configuration = SQLiteConfiguration()
        configuration.walPagesApart = apart...apart
        configuration.walPagesMax = max
        return try await SQLiteDatabase.open(.file(path), configuration: configuration)
    }

    /// A database of a file with the table `item`, closed after the test on it.
    private func onFile(
        apart: Int = 10, max: Int = 40, _ test: (SQLiteDatabase, String) async throws -> Void
    ) async throws {
        let scratch = try ScratchDirectory()
        let database = try await open(scratch.file(), apart: apart, max: max)
        try await createItems(in: database)
        try await test(database, scratch.file())
        try await database.close()
    }

    private func insert(_ ids: Range<Int>, into database: SQLiteDatabase) async throws {
        for id in ids { try await database.insertItem(id, "\(id) \(text)") }
    }

    private func pages(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.size] as? Int ?? 0) / Self.pageBytes
    }

    @Test("It is begun anew before it is long, and what it had is in the file")
    func bounded() async throws {
        try await onFile { database, path in
            try await insert(0..<400, into: database)
            // Without any copying it would have over 1,000.
            #expect(try pages(of: path + "-wal") < 800)
            #expect(try pages(of: path) > 400)
        }
    }

    @Test("Without a round beside the writer, commits copy it")
    func commitsCopy() async throws {
        try await onFile(apart: 40) { database, path in
            try await insert(0..<200, into: database)
            // 40 new pages are 40 pages at all: it is always the commit that copies.
            #expect(try pages(of: path + "-wal") < 80)
        }
    }

    @Test("Rounds beside the writer copy it before it is too long")
    func roundsCopy() async throws {
        try await onFile(max: .max) { database, path in
            let before = try pages(of: path)
            var next = 0
            while try pages(of: path) == before, next < 20_000 {
                try await insert(next..<next + 1, into: database)
                next += 1
            }
            #expect(try pages(of: path) > before)
        }
    }

    @Test("A reader of an old state holds up neither commits nor, once it has gone, the log")
    func reader() async throws {
        try await onFile { database, path in
            try await insert(0..<10, into: database)
            let door = Door()
            async let seen = database.read { tx in
                let before = try tx.row("SELECT count(*) FROM item") { try $0.integer() }
                door.waitInside()
                return (before, try tx.row("SELECT count(*) FROM item") { try $0.integer() })
            }
            await door.closureArrived()
            do {
                defer { door.open() }
                try await insert(10..<200, into: database)
            }
            let (before, after) = try await seen
            #expect(before == 10 && after == 10)
            let grown = try pages(of: path + "-wal")
            try await insert(200..<600, into: database)
            #expect(try pages(of: path + "-wal") < grown + 800)
        }
    }

    @Test("Two that write to one file copy it in turns, and lose nothing")
    func two() async throws {
        let scratch = try ScratchDirectory()
        let first = try await open(scratch.file())
        try await createItems(in: first)
        let second = try await open(scratch.file())
        async let one: Void = insert(0..<300, into: first)
        async let other: Void = insert(300..<600, into: second)
        _ = try await (one, other)
        #expect(try await second.itemIDs() == Array(0..<600))
        try await first.close()
        try await second.close()
        let again = try await SQLiteDatabase.open(.file(scratch.file()))
        #expect(try await again.itemIDs().count == 600)
        try await again.close()
    }

    @Test("Who has written little copies nothing, however long the log is")
    func bystander() async throws {
        let scratch = try ScratchDirectory()
        let server = try await open(scratch.file(), apart: 1_000_000)
        try await createItems(in: server)
        try await insert(0..<100, into: server)
        let before = try pages(of: scratch.file())
        let command = try await open(scratch.file(), apart: 10)
        try await insert(100..<101, into: command)
        try await command.close()
        #expect(try pages(of: scratch.file()) == before)
        #expect(try await server.itemIDs().count == 101)
        try await server.close()
    }

    @Test("What a round has copied and what it has not is there after the file is opened again")
    func reopened() async throws {
        let scratch = try ScratchDirectory()
        for turn in 0..<5 {
            let database = try await open(scratch.file())
            try await createItems(in: database)
            try await insert(turn * 40..<(turn + 1) * 40, into: database)
            // A round may be under way.
            try await database.close()
            #expect(!FileManager.default.fileExists(atPath: scratch.file() + "-wal"))
        }
        let database = try await open(scratch.file())
        #expect(try await database.itemIDs() == Array(0..<200))
        try await database.close()
    }
}
