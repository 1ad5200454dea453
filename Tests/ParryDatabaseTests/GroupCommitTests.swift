import ParryDatabase
import ParryTestSupport
import Synchronization
import Testing

@Suite("Group commit")
struct GroupCommitTests {
    @Test("writes that wait together share a commit, and one that throws rolls back alone")
    func neighbours() async throws {
        try await withDatabase { database in
            let outcomes = try await together(database, count: 10) { number, transaction in
                try transaction.execute("INSERT INTO item (id) VALUES (\(number))")
                if number == 5 { throw DomainError(reason: "five") }
                return number * 2
            }
            for (number, outcome) in outcomes {
                switch outcome {
                case .success(let value): #expect(number != 5 && value == number * 2)
                case .failure(let error):
                    #expect(number == 5 && error as? DomainError == DomainError(reason: "five"))
                }
            }
            #expect(try await database.itemIDs() == [1, 2, 3, 4, 6, 7, 8, 9, 10])
        }
    }

    @Test(
        "those beside one that throws run again and are written once, and the next groups run once")
    func runAgain() async throws {
        // However slow the machine is, all that waits is one group.
        var configuration = SQLiteConfiguration()
        configuration.groupDurationMax = .seconds(60)
        try await withDatabase(configuration: configuration) { database in
            let runs = Mutex<[Int: Int]>([:])
            let insert: @Sendable (Int, any WriteTransaction) throws -> Int = { number, tx in
                runs.withLock { $0[number, default: 0] += 1 }
                try tx.execute("INSERT INTO item (id) VALUES (\(number))")
                if number % 5 == 0 { throw DomainError(reason: "a fifth") }
                return number
            }
            _ = try await together(database, count: 6, insert)
            // Who comes after the fifth joins when the others have savepoints already.
            #expect(runs.withLock { $0[5] == 2 && $0.values.allSatisfy { (1...2).contains($0) } })
            #expect(try await database.itemIDs() == [1, 2, 3, 4, 6])
            _ = try await together(database, count: 6) { try insert($0 + 10, $1) }
            #expect(runs.withLock { $0.filter { $0.key > 10 }.values.allSatisfy { $0 == 1 } })
            #expect(try await database.itemIDs() == [1, 2, 3, 4, 6, 11, 12, 13, 14, 16])
        }
    }

    @Test("one that fails alone runs once")
    func failsAlone() async throws {
        try await withDatabase { database in
            let runs = Order()
            await #expect(throws: DomainError(reason: "alone")) {
                try await database.write { _ in
                    _ = runs.next()
                    throw DomainError(reason: "alone")
                }
            }
            #expect(runs.next() == 2)
        }
    }

    @Test("a swallowed statement error still fails its closure, with that error, and only it")
    func swallowed() async throws {
        try await withDatabase { database in
            let outcomes = try await together(database, count: 4) { number, transaction in
                try transaction.execute("INSERT INTO item (id) VALUES (\(number))")
                if number == 2 {
                    _ = try? transaction.execute("INSERT INTO item (id) VALUES (\(number))")
                    _ = try? transaction.execute("INSERT INTO item (id) VALUES (\(99))")
                }
                return number
            }
            let failed = outcomes.compactMap { number, outcome -> DatabaseError.Code? in
                guard case .failure(let error) = outcome else { return nil }
                #expect(number == 2)
                return (error as? DatabaseError)?.code
            }
            #expect(failed == [.uniqueViolation])
            #expect(try await database.itemIDs() == [1, 3, 4])
        }
    }

    @Test("an error of the closure's own comes back unchanged", arguments: Engine.allCases)
    func ownErrors(_ engine: Engine) async throws {
        try await onItems(engine) { database in
            await #expect(throws: DomainError(reason: "write")) {
                try await database.write { _ in throw DomainError(reason: "write") }
            }
            await #expect(throws: DomainError(reason: "read")) {
                try await database.read { transaction in
                    _ = try transaction.rows("SELECT 1") { _ in throw DomainError(reason: "read") }
                }
            }
        }
    }

    @Test(
        "2,000 writes of 64 tasks get their own results, in fewer commits",
        arguments: [Engine.memory, .file]
    )
    func crowd(_ home: Engine) async throws {
        try await withDatabase(home) { database in
            let before = database.statistics
            try await withThrowingTaskGroup { group in
                for task in 0..<64 {
                    group.addTask {
                        for number in stride(from: task, to: 2_000, by: 64) {
                            let id = try await database.write {
                                try $0.row("INSERT INTO item (id) VALUES (\(number)) RETURNING id")
                                {
                                    try $0.integer()
                                }
                            }
                            #expect(id == Int64(number))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let after = database.statistics
            #expect(try await database.itemIDs() == Array(0..<2_000))
            #expect(after.writes - before.writes == 2_000)
            #expect(after.commits - before.commits < 2_000)
        }
    }

    @Test("a group ends at its rows")
    func rowLimit() async throws {
        var configuration = SQLiteConfiguration()
        configuration.groupRowsMax = 3
        configuration.groupDurationMax = .seconds(60)
        try await withDatabase(configuration: configuration) { database in
            let before = database.statistics.commits
            _ = try await together(database, count: 9) { number, transaction in
                try transaction.execute("INSERT INTO item (id) VALUES (\(number))")
            }
            // The first, which keeps the door, changes nothing and shares the first three's commit.
            #expect(database.statistics.commits - before == 3)
        }
    }

    @Test("one write too many is refused as overloaded, at once and retryably")
    func overload() async throws {
        var configuration = SQLiteConfiguration()
        configuration.writersWaitingMax = 2
        try await withDatabase(configuration: configuration) { database in
            let outcomes = try await together(database, count: 5) { number, transaction in
                try transaction.execute("INSERT INTO item (id) VALUES (\(number))")
            }
            let refused = outcomes.compactMap { _, outcome -> DatabaseError? in
                guard case .failure(let error) = outcome else { return nil }
                return error as? DatabaseError
            }
            #expect(refused.map(\.code) == [.overloaded, .overloaded, .overloaded])
            #expect(refused.map(\.isRetryable) == [true, true, true])
            #expect(try await database.itemIDs().count == 2)
        }
    }

    @Test("cancelling the caller does not abort its write")
    func cancellation() async throws {
        try await withDatabase { database in
            let door = Door()
            let (left, leaving) = AsyncStream<Int>.makeStream()
            try await withThrowingTaskGroup { group in
                group.addTask {
                    let count = try await database.write {
                        door.waitInside()
                        return try $0.execute("INSERT INTO item (id) VALUES (1)")
                    }
                    #expect(Task.isCancelled)
                    leaving.yield(count)
                }
                await door.closureArrived()
                group.cancelAll()
                door.open()
                try await group.waitForAll()
            }
            leaving.finish()
            #expect(await left.reduce(into: []) { $0.append($1) } == [1])
            #expect(try await database.itemIDs() == [1])
        }
    }

    @Test("closing answers every write that was accepted, and refuses what comes later")
    func closing() async throws {
        let scratch = try ScratchDirectory()
        let database = try await SQLiteDatabase.open(.file(scratch.file()))
        try await createItems(in: database)
        let close: @Sendable () async throws -> Void = { try await database.close() }
        let outcomes = try await together(database, count: 20, meanwhile: close) {
            try $1.execute("INSERT INTO item (id) VALUES (\($0))")
        }
        let written = outcomes.filter { if case .success = $0.1 { true } else { false } }
        await #expect(throws: DatabaseError.Code.closed) {
            try await coded { try await database.insertItem(99, "late") }
        }
        await #expect(throws: DatabaseError.Code.closed) {
            try await coded { try await database.itemIDs() }
        }
        try await database.close()
        let again = try await SQLiteDatabase.open(.file(scratch.file()))
        #expect(try await again.itemIDs() == written.map { Int64($0.0) }.sorted())
        #expect(written.count == 20)
        try await again.close()
    }
}

/// Runs closures numbered from 1 that all wait before the first of them is run: a first write holds
/// a door shut until `count` others have been called. Returns every number with its outcome.
func together<T: Sendable>(
    _ database: SQLiteDatabase, count: Int,
    meanwhile: (@Sendable () async throws -> Void)? = nil,
    _ body: @escaping @Sendable (Int, any WriteTransaction) throws -> T
) async throws -> [(Int, Result<T, any Error>)] {
    let door = Door()
    return try await withThrowingTaskGroup(of: (Int, Result<T, any Error>)?.self) { group in
        group.addTask {
            // It may belong to a group that a test makes fail.
            try? await database.write { _ in door.waitInside() }
            return nil
        }
        await door.closureArrived()
        let refusedBefore = database.statistics.refused
        for number in 1...count {
            group.addTask {
                do {
                    return (number, .success(try await database.write { try body(number, $0) }))
                } catch {
                    return (number, .failure(error))
                }
            }
        }
        while database.statistics.waiting + database.statistics.refused - refusedBefore < count {
            await Task.yield()
        }
        if let meanwhile {
            group.addTask {
                try await meanwhile()
                return nil
            }
        }
        door.open()
        return try await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
    }
}
