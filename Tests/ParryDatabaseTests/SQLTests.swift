import ParryDatabase
import ParryTestSupport
import Testing

@Suite("SQL fragments")
struct SQLTests {
    @Test("every interpolation becomes a placeholder and an argument of its kind")
    func kinds() {
        let none: String? = nil
        let noBytes: [UInt8]? = nil
        let sql: SQL =
            "a \("x") \(none) \(7) \(Int64(8)) \(Int?.none) \(true) \([1, 2] as [UInt8])\(noBytes)"
        #expect(sql.text == "a ? ? ? ? ? ? ??")
        #expect(
            sql.arguments == [
                .text("x"), .null, .integer(7), .integer(8), .null, .integer(1), .blob([1, 2]),
                .null,
            ])
    }

    @Test(
        "a quote or a statement in a value is data",
        arguments: ["it's", "'; DROP TABLE item; --", "\" OR 1=1", "?", "\\", "naïve 💳"])
    func injection(name: String) async throws {
        try await withDatabase(.memory) { database in
            try await database.insertItem(1, name)
            let found = try await database.read {
                try $0.rows("SELECT name FROM item WHERE name = \(name)") { try $0.text() }
            }
            #expect(found == [name])
        }
    }

    @Test("fragments nest, add up and join with their arguments in order")
    func composition() {
        let conditions: [SQL] = ["a = \(1)", "b = \(2)", "c = \(3)"]
        let sql: SQL = "SELECT x WHERE \(SQL.joined(conditions, separator: " AND ")) LIMIT \(4)"
        #expect(sql.text == "SELECT x WHERE a = ? AND b = ? AND c = ? LIMIT ?")
        #expect(sql.arguments == [.integer(1), .integer(2), .integer(3), .integer(4)])
        #expect(("a\(1)" as SQL) + "b\(2)" == "a\(1)b\(2)")
        #expect(SQL.joined([]).isEmpty)
        #expect(Dialect.sqlite.suffix(.update).isEmpty)
    }

    @Test("Slots are named for shards alone, not where each id would be looked for in each slot")
    func slots() {
        #expect(Dialect.sqlite.inSlots([1, 2]).isEmpty)
        let named = Dialect.postgreSQL.inSlots([1, 2], "d.slot")
        #expect(named.text == "AND d.slot IN (?, ?)")
        #expect(named.arguments == [.integer(1), .integer(2)])
    }

    @Test("lists are padded to powers of two with repeats of their last element")
    func lists() {
        let counts = (1...9).map { count -> Int in
            let sql: SQL = "\(anyOf: (1...count).map { "\($0)" })"
            #expect(sql.text.filter { $0 == "?" }.count == sql.arguments.count)
            #expect(sql.arguments.dropFirst(count).allSatisfy { $0 == .text("\(count)") })
            return sql.arguments.count
        }
        #expect(counts == [1, 2, 4, 4, 8, 8, 8, 8, 16])
        #expect(("\(anyOf: ["a", "b", "c"])" as SQL).text == "(?, ?, ?, ?)")
    }

    @Test("a padded list finds what it names, an empty one nothing")
    func listsInQueries() async throws {
        try await withDatabase(.memory) { database in
            for id in 1...5 { try await database.insertItem(id, "n\(id)") }
            let found = try await database.read {
                (
                    try $0.rows("SELECT id FROM item WHERE name IN \(anyOf: ["n1", "n3", "n5"])") {
                        try $0.integer()
                    },
                    try $0.rows("SELECT id FROM item WHERE id IN \(anyOf: [Int64]())") {
                        try $0.integer()
                    }
                )
            }
            #expect(found.0 == [1, 3, 5])
            #expect(found.1 == [])
        }
    }
}
