import ParryDatabase
import ParryTestSupport
import Testing

@Suite("A full disk")
struct StorageFailureTests {
    /// `max_page_count` is the connection's own and outlives a rollback: a disk of a chosen size.
    private func limit(_ database: SQLiteDatabase, pages: Int) async throws {
        try await database.write { transaction in
            _ = try transaction.row("PRAGMA max_page_count = 1") { try $0.integer() }
            let used = try transaction.row("PRAGMA page_count") { try $0.integer() } ?? 0
            let script = "PRAGMA max_page_count = \(used + Int64(pages))"
            try transaction.executeScript(script)
        }
    }

    private func lift(_ database: SQLiteDatabase) async throws {
        try await database.write { try $0.executeScript("PRAGMA max_page_count = 1000000") }
    }

    @Test("nothing told of success is missing, nothing told of failure is there, and work goes on")
    func fullDisk() async throws {
        try await withDatabase { database in
            try await limit(database, pages: 40)
            let outcomes = try await together(database, count: 200) { number, transaction in
                try transaction.insertBody(number)
            }
            var written: [Int64] = []
            var codes: Set<DatabaseError.Code> = []
            for (number, outcome) in outcomes {
                switch outcome {
                case .success: written.append(Int64(number))
                case .failure(let error): codes.insert((error as? DatabaseError)?.code ?? .closed)
                }
            }
            #expect(codes == [.full])
            #expect(!written.isEmpty)
            #expect(try await database.itemIDs() == written.sorted())
            try await lift(database)
            try await database.write { try $0.insertBody(1_000) }
            #expect(try await database.itemIDs() == written.sorted() + [1_000])
        }
    }

    @Test("a group that lost its transaction fails as a whole, its own errors included")
    func lostGroup() async throws {
        var configuration = SQLiteConfiguration()
        configuration.groupDurationMax = .seconds(60)
        try await withDatabase(configuration: configuration) { database in
            try await limit(database, pages: 20)
            let turns = Turns()
            let outcomes = try await together(database, count: 3) { number, transaction in
                switch turns.turn(of: number) {
                case 1: try transaction.execute("INSERT INTO item (id) VALUES (1)")
                case 2: throw DomainError(reason: "judged by the first one's row")
                default: try transaction.fillDisk()
                }
            }
            for (_, outcome) in outcomes {
                guard case .failure(let error) = outcome else {
                    Issue.record("a member of a lost group was told of success")
                    continue
                }
                #expect((error as? DatabaseError)?.code == .full)
            }
            #expect(try await database.itemIDs() == [])
            try await lift(database)
            try await database.insertItem(1, "a")
        }
    }

    @Test("a closure that swallows the error of a full disk cannot go on outside its transaction")
    func swallowedFullDisk() async throws {
        try await withDatabase { database in
            try await limit(database, pages: 20)
            await #expect(throws: DatabaseError.Code.full) {
                try await coded {
                    try await database.write { transaction in
                        try? transaction.fillDisk()
                        _ = try? transaction.execute("INSERT INTO item (id) VALUES (5)")
                    }
                }
            }
            try await lift(database)
            #expect(try await database.itemIDs() == [])
        }
    }

    @Test("those still waiting when a group is lost are written by the next")
    func successors() async throws {
        try await withDatabase { database in
            try await limit(database, pages: 20)
            let turns = Turns()
            let outcomes = try await together(database, count: 5) { number, transaction in
                let turn = turns.turn(of: number)
                if turn == 2 { try transaction.fillDisk() }
                try transaction.execute("INSERT INTO item (id) VALUES (\(number))")
                return turn
            }
            var written: [Int64] = []
            for (number, outcome) in outcomes {
                guard case .success(let turn) = outcome else { continue }
                #expect(turn != 2)
                written.append(Int64(number))
            }
            #expect(written.count >= 3)
            #expect(try await database.itemIDs() == written.sorted())
        }
    }
}

extension WriteTransaction {
    fileprivate func insertBody(_ id: Int) throws {
        try execute(
            "INSERT INTO item (id, body) VALUES (\(id), \([UInt8](repeating: 7, count: 3_000)))")
    }

    /// Inserts row by row until the disk is full: a single row, which SQLite does not undo alone,
    /// takes the whole transaction with it.
    fileprivate func fillDisk() throws {
        for id in 10_000..<20_000 { try insertBody(id) }
    }
}
