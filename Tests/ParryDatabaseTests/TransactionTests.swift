import ParryDatabase
import ParryTestSupport
import Testing

@Suite("Transactions")
struct TransactionTests {
    @Test("values of every kind come back as they went in", arguments: Engine.allCases)
    func roundTrip(_ engine: Engine) async throws {
        try await onItems(engine) { database in
            try await database.write {
                try $0.insert(
                    [
                        [.integer(.max), .text("päy 💳"), .blob([0, 255, 0])],
                        [.integer(.min), .null, .null],
                    ],
                    by: Insertion(
                        into: "item",
                        [
                            Column("id", .integer), Column("name", .text), Column("body", .blob),
                        ]))
            }
            let rows = try await database.read {
                try $0.rows("SELECT id, name, body, id > 0 FROM item ORDER BY id DESC") { row in
                    (
                        try row.integer(), try row.textOrNull(), try row.blobOrNull(),
                        try row.boolean()
                    )
                }
            }
            #expect(rows.count == 2)
            #expect(rows[0] == (.max, "päy 💳", [0, 255, 0], true))
            #expect(rows[1] == (.min, nil, nil, false))
        }
    }

    @Test(
        "a column of the wrong kind, an unexpected null and a column too many are refused",
        arguments: Engine.allCases)
    func wrongKinds(_ engine: Engine) async throws {
        try await onItems(engine) { database in
            let reads: [@Sendable (inout RowReader) throws -> Void] = [
                { _ = try $0.text() }, { _ = try $0.blob() }, { _ = try $0.boolean() },
                { row in for _ in 1...3 { _ = try row.integer() } },
                { row in
                    _ = try row.integer()
                    _ = try row.integer()
                },
            ]
            for read in reads {
                await #expect(throws: DatabaseError.Code.unexpectedValue) {
                    try await coded {
                        try await database.read { try $0.row("SELECT 2, NULL", read) }
                    }
                }
            }
        }
    }

    @Test(
        "a floating-point number is refused, as are text with U+0000 and a misfitting bulk row",
        arguments: Engine.allCases)
    func refusedValues(_ engine: Engine) async throws {
        try await onItems(engine) { database in
            await #expect(throws: DatabaseError.Code.unexpectedValue) {
                try await coded {
                    try await database.read { try $0.row("SELECT 0.5") { try $0.value() } }
                }
            }
            await #expect(throws: DatabaseError.Code.unexpectedValue) {
                try await coded { try await database.insertItem(1, "a\0b") }
            }
            for row: [SQLValue] in [[.text("1")], [], [.integer(1), .integer(2)]] {
                await #expect(throws: DatabaseError.Code.unexpectedValue) {
                    try await coded {
                        try await database.write {
                            try $0.insert(
                                [[.integer(9)], row],
                                by: Insertion(into: "item", [Column("id", .integer)]))
                        }
                    }
                }
            }
            let ids = try await database.itemIDs()
            #expect(ids == [])
        }
    }

    @Test(
        "execute counts the rows it changed, and none for a statement that changes none",
        arguments: Engine.allCases)
    func counts(_ engine: Engine) async throws {
        try await onItems(engine) { database in
            for id in 1...3 { try await database.insertItem(id, "n\(id)") }
            let counts = try await database.write {
                [
                    try $0.execute("UPDATE item SET body = NULL WHERE id > \(1)"),
                    try $0.execute("CREATE TABLE other (id INTEGER)"),
                    try $0.execute("UPDATE item SET body = NULL WHERE id > \(9)"),
                    try $0.execute("INSERT INTO item (id) VALUES (1) ON CONFLICT DO NOTHING"),
                    try $0.execute("DELETE FROM item"),
                ]
            }
            #expect(counts == [2, 0, 0, 0, 3])
        }
    }

    @Test(
        "row gives the first row or nil, and carries a RETURNING out to its end",
        arguments: Engine.allCases)
    func returning(_ engine: Engine) async throws {
        try await onItems(engine) { database in
            let first = try await database.write {
                try $0.row("INSERT INTO item (id) VALUES (1), (2), (3) RETURNING id") {
                    try $0.integer()
                }
            }
            #expect(first == 1)
            #expect(try await database.itemIDs() == [1, 2, 3])
            let none = try await database.read {
                try $0.row("SELECT id FROM item WHERE id = \(9)") { try $0.integer() }
            }
            #expect(none == nil)
        }
    }

    @Test(
        "a violated unique key, foreign key, CHECK and NOT NULL are told apart",
        arguments: Engine.allCases)
    func constraints(_ engine: Engine) async throws {
        try await onItems(engine) { database in
            try await database.insertItem(1, "a")
            let long = String(repeating: "x", count: 12_000)
            let cases: [(SQL, DatabaseError.Code)] = [
                ("INSERT INTO item (id, name) VALUES (2, 'a')", .uniqueViolation),
                ("INSERT INTO item (id, name) VALUES (1, 'b')", .uniqueViolation),
                ("INSERT INTO part VALUES (77)", .constraintViolation),
                ("INSERT INTO part VALUES (NULL)", .constraintViolation),
                ("UPDATE item SET name = \(long)", .constraintViolation),
                ("INSERT INTO nowhere VALUES (1)", .internalFailure),
            ]
            for (sql, code) in cases {
                await #expect(throws: code) {
                    try await coded { try await database.write { try $0.execute(sql) } }
                }
            }
        }
    }

    @Test("a read cannot write", arguments: Engine.allCases)
    func readOnly(_ engine: Engine) async throws {
        try await onItems(engine) { database in
            await #expect(throws: DatabaseError.Code.unavailable) {
                try await coded {
                    try await database.read {
                        try $0.rows("INSERT INTO item (id) VALUES (1) RETURNING id") {
                            try $0.integer()
                        }
                    }
                }
            }
            let ids = try await database.itemIDs()
            #expect(ids == [])
        }
    }

    @Test(
        "a statement is refused while rows are read, and transaction control always",
        arguments: Engine.allCases)
    func misuse(_ engine: Engine) async throws {
        try await onItems(engine) { database in
            await #expect(throws: DatabaseError.Code.internalFailure) {
                try await coded {
                    try await database.read { transaction in
                        try transaction.rows("SELECT 1") { _ in
                            try transaction.row("SELECT 2") { try $0.integer() }
                        }
                    }
                }
            }
            for sql: SQL in [
                "COMMIT", " begin", "Rollback;", "END", "SAVEPOINT x", "RELEASE member",
            ] {
                await #expect(throws: DatabaseError.Code.internalFailure) {
                    try await coded { try await database.write { try $0.execute(sql) } }
                }
            }
            await #expect(throws: DatabaseError.Code.internalFailure) {
                try await coded {
                    try await database.write { try $0.executeScript("DELETE FROM item; COMMIT;") }
                }
            }
            try await database.insertItem(1, "still works")
        }
    }
}

/// Runs a call and throws the code of its `DatabaseError` instead.
func coded<T>(_ call: () async throws -> T) async throws -> T {
    do {
        return try await call()
    } catch let error as DatabaseError {
        throw error.code
    }
}

extension DatabaseError.Code: Error {}
