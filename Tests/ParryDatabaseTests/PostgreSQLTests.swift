import Foundation
import ParryDatabase
import ParryTestSupport
import Testing

@Suite("PostgreSQL is part of the run")
struct PostgreSQLPresenceTests {
    @Test("in CI the engine is never skipped")
    func present() {
        let isCI = ProcessInfo.processInfo.environment["CI"] != nil
        #expect(!isCI || PostgreSQLServer.url != nil, "start the tests with scripts/with-postgres")
    }

    @Test("a URL that libpq does not understand is refused without showing its password")
    func badURL() async throws {
        for url in [
            "postgres://parry:geheim@localhost/x?nonsense=1", "postgres://parry:geheim@[::1/x",
            "postgres://parry:geheim@localhost:nine/x", "postgres://parry:geheim@127.0.0.1:1/x",
            "postgres://localhost/x?user=parry&password=geheim%zz", "postgres://p:a:geheim%zz@h/x",
            "postgres://parry:a@geheim@h/x", "postgres://parry:geheim/a@h/x",
            "postgres://parry:a/geheim?x@h/x",
        ] {
            let error = await #expect(throws: DatabaseError.self) {
                try await PostgreSQLDatabase.open(url)
            }
            #expect(error?.code == .unavailable)
            #expect(error?.description.contains("geheim") == false, "\(String(describing: error))")
        }
    }
}

@Suite("PostgreSQL", .enabled(if: PostgreSQLServer.url != nil))
struct PostgreSQLTests {
    @Test("a wrong password and a missing database are told apart from a server that is not there")
    func refusals() async throws {
        let url = try #require(PostgreSQLServer.url)
        let parts = try #require(URLComponents(string: url))
        var wrong = parts
        wrong.password = "geheim"
        var missing = parts
        missing.path = "/nowhere"
        for (components, words) in [(wrong, "password authentication"), (missing, "nowhere")] {
            let error = await #expect(throws: DatabaseError.self) {
                try await PostgreSQLDatabase.open(try #require(components.string))
            }
            #expect(error?.code == .unavailable)
            #expect(error?.description.contains(words) == true)
            #expect(error?.description.contains("geheim") == false)
        }
    }

    @Test("the server says that it is durable")
    func settings() async throws {
        try await onPostgreSQL { database, _ in
            let settings = try await database.settings()
            #expect(settings.isDurable)
            #expect(settings.serverVersion.hasPrefix("15"))
        }
    }

    @Test("two transactions that deadlock are both carried out, one of them again")
    func deadlock() async throws {
        try await onPostgreSQL { database, _ in
            for id in 1...2 { try await database.insertItem(id, "n\(id)") }
            let (doors, ends) = ([Door(), Door()], [Door(), Door()])
            let runs = Order()
            try await withThrowingTaskGroup { group in
                for (task, order) in [[1, 2], [2, 1]].enumerated() {
                    group.addTask {
                        let own = Order()
                        try await database.write { tx in
                            _ = runs.next()
                            let isFirst = own.next() == 1
                            // Faster than the other awakes it would take the row again.
                            if !isFirst { ends[1 - task].waitInside() }
                            try tx.append("\(task)", to: order[0])
                            if isFirst { doors[task].waitInside() }
                            try tx.append("\(task)", to: order[1])
                        }
                        ends[task].open()
                    }
                }
                for door in doors { await door.closureArrived() }
                for door in doors { door.open() }
                try await group.waitForAll()
            }
            #expect(runs.next() == 4)
            let names = try await database.read {
                try $0.rows("SELECT name FROM item ORDER BY id") { try $0.text() }
            }
            #expect(names.map { $0.dropFirst(2).sorted() } == [["0", "1"], ["0", "1"]])
        }
    }

    @Test("a transaction whose connection breaks before COMMIT runs again, and once only counts")
    func brokenConnection() async throws {
        try await onPostgreSQL { database, url in
            let runs = Order()
            let admin = try await PostgreSQLDatabase.open(url)
            let (killing, kill) = AsyncStream<Int64>.makeStream()
            let killed = DispatchSemaphore(value: 0)
            let killer = Task {
                for await process in killing {
                    try await admin.write {
                        _ = try $0.row("SELECT pg_terminate_backend(\(process)::bigint::int)") {
                            try $0.boolean()
                        }
                    }
                    killed.signal()
                }
            }
            try await database.write { tx in
                let run = runs.next()
                try tx.execute("INSERT INTO item (id) VALUES (\(run))")
                if run < 3 {
                    kill.yield(try tx.row("SELECT pg_backend_pid()") { try $0.integer() } ?? 0)
                    killed.wait()
                }
                try tx.execute("INSERT INTO item (id) VALUES (\(100 + run))")
            }
            kill.finish()
            try await killer.value
            #expect(try await database.itemIDs() == [3, 103])
            try await admin.close()
        }
    }

    @Test(
        "a row that another transaction holds for too long gives busy, and a free one is found by SKIP"
    )
    func locks() async throws {
        var impatient = PostgreSQLConfiguration()
        impatient.lockTimeoutMilliseconds = 50
        try await onPostgreSQL(impatient) { database, _ in
            for id in 1...2 { try await database.insertItem(id, "n\(id)") }
            let door = Door()
            async let held: Void = database.write { tx in
                try tx.append("x", to: 1)
                door.waitInside()
            }
            await door.closureArrived()
            await #expect(throws: DatabaseError.Code.busy) {
                try await coded { try await database.write { try $0.append("y", to: 1) } }
            }
            let free = try await database.write {
                try $0.rows(
                    "SELECT id FROM item ORDER BY id \($0.dialect.forUpdateSkipLocked)"
                ) { try $0.integer() }
            }
            #expect(free == [2])
            door.open()
            try await held
        }
    }

    @Test(
        "with every connection in use, what waits too long or is one too many is refused as overloaded"
    )
    func exhausted() async throws {
        var small = PostgreSQLConfiguration()
        small.connectionCountMax = 1
        small.waitingMax = 2
        small.waitMax = .milliseconds(500)
        try await onPostgreSQL(small) { database, _ in
            let door = Door()
            async let held: Void = database.write { tx in
                try tx.execute("INSERT INTO item (id) VALUES (1)")
                door.waitInside()
            }
            await door.closureArrived()
            let codes = await withTaskGroup(of: DatabaseError.Code?.self) { group in
                for id in 2...6 {
                    group.addTask {
                        do {
                            try await database.insertItem(id, "n\(id)")
                            return nil
                        } catch {
                            return (error as? DatabaseError)?.code
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes == Array(repeating: .overloaded, count: 5))
            door.open()
            try await held
            #expect(try await database.itemIDs() == [1])
        }
    }

    @Test("a read has one snapshot, a look-up sees what was committed before each statement")
    func snapshots() async throws {
        try await onPostgreSQL { database, _ in
            for isSnapshot in [true, false] {
                let door = Door()
                let look: @Sendable (any ReadTransaction) throws -> [Int64?] = { tx in
                    let first = try tx.row("SELECT count(*) FROM item") { try $0.integer() }
                    door.waitInside()
                    return [first, try tx.row("SELECT count(*) FROM item") { try $0.integer() }]
                }
                async let counts =
                    isSnapshot ? database.read(look) : database.lookUp(look)
                await door.closureArrived()
                try await database.insertItem(isSnapshot ? 1 : 2, "\(isSnapshot)")
                door.open()
                #expect(try await counts == (isSnapshot ? [0, 0] : [1, 2]))
            }
        }
    }

    @Test("more distinct statements than are kept prepared all work")
    func manyStatements() async throws {
        var few = PostgreSQLConfiguration()
        few.preparedStatementsMax = 3
        try await onPostgreSQL(few) { database, _ in
            for width in 0..<8 {
                let names = (0...(1 << width)).map { "n\($0)" }
                try await database.insertItem(width, "n\(width)")
                let found = try await database.read {
                    try $0.rows("SELECT id FROM item WHERE name IN \(anyOf: names)") {
                        try $0.integer()
                    }
                }
                #expect(found.count == min(width + 1, names.count))
            }
        }
    }

    private func onPostgreSQL(
        _ configuration: PostgreSQLConfiguration = PostgreSQLConfiguration(),
        _ test: (PostgreSQLDatabase, String) async throws -> Void
    ) async throws {
        try await Engine.postgreSQL.withURL { url in
            let database = try await PostgreSQLDatabase.open(url, configuration: configuration)
            try await createItems(in: database)
            try await test(database, url)
            try await database.close()
        }
    }
}

extension WriteTransaction {
    fileprivate func append(_ text: String, to id: Int) throws {
        try execute("UPDATE item SET name = name || \(text) WHERE id = \(id)")
    }
}
