import Testing

@testable import ParryPartner

@Suite("Mappings of a feed")
struct FeedMappingTests {
    private func problem(_ yaml: String) -> FeedProblem? {
        do {
            _ = try FeedMapping(yaml: yaml)
            return nil
        } catch {
            return error
        }
    }

    @Test("A mapping says separator, constants and columns; the type is COMPLETE unless it says so")
    func reads() throws {
        let mapping = try FeedMapping(
            yaml: """
                separator: ";"
                constants: {order_status: OTHER}
                columns:
                  id: reference_id
                  "no": {to: [order_number, customer_id]}
                """)
        #expect(mapping.separator == 0x3B)
        #expect(
            mapping.constants.map { "\($0.target.text)=\($0.value)" } == [
                "order_status=OTHER", "type=COMPLETE",
            ])
        #expect(mapping.columns.map(\.name) == ["id", "no"])
        #expect(mapping.columns[1].targets.map(\.text) == ["order_number", "customer_id"])
        #expect(mapping.columns[1].line == 5)
        #expect(mapping.unmapped(["id", "no", "colour", ""]) == ["colour"])
        let tab = try FeedMapping(yaml: "{separator: \"\\t\", columns: {id: reference_id}}")
        #expect(tab.separator == 9)
        #expect(
            try FeedMapping(
                yaml: "{constants: {type: PARTIAL}, columns: {id: reference_id}}"
            ).constants.map(\.value) == ["PARTIAL"])
    }

    @Test(
        "A mistake in a mapping is told with its line and with what was meant",
        arguments: [
            ("columns:\n  id: reference_id\nseperator: ','", 3, "Did you mean separator?"),
            ("columns:\n  id: reference_idd", 2, "Did you mean reference_id?"),
            (
                "columns:\n  id: reference_id\n  s: transactions.authorization_status", 3,
                "Did you mean transactions.authorisation_status?"
            ),
            ("columns:\n  id: {to: reference_id, az: text}", 2, "Did you mean as?"),
            ("columns:\n  id: transactions", 2, "transactions.reference_id"),
            ("columns:\n  id: organisation_id", 2, "by the program"),
            ("columns:\n  id: reference_id\n  id: order_number", 2, "twice"),
            ("columns:\n  id: reference_id\n  no: {as: text}", 3, "needs `to`"),
            ("columns:\n  id: {to: reference_id, as: number}", 2, "as is one of"),
            ("columns:\n  id: {to: reference_id, as: money}", 2, "takes no money"),
            (
                "columns:\n  id: reference_id\n  t: {to: order_total_amount_in_cents, as: money}",
                3,
                "needs `currency`"
            ),
            ("columns:\n  id: {to: reference_id, decimal: ','}", 2, "as: money"),
            ("columns:\n  id: {to: reference_id, zone: UTC}", 2, "is no time"),
            (
                "columns:\n  id: reference_id\n  t: {to: order_datetime, zone: Europe/Berlin}", 3,
                "+02:00"
            ),
            ("columns:\n  id: reference_id\n  no: reference_id", 3, "id and no"),
            ("columns:\n  id: reference_id\nconstants:\n  order_status: DONE", 4, "must be one of"),
            ("columns:\n  id: reference_id\nconstants:\n  refunds.status: FAILED", 4, "never used"),
            ("columns:\n  id: reference_id\nconstants:\n  reference_id: A", 4, "cannot be"),
            ("separator: '|'\ncolumns:\n  id: reference_id", 1, "tab"),
            ("columns: [id]", 1, "keys with values"),
        ])
    func mistakes(yaml: String, line: Int, part: String) throws {
        let found = try #require(problem(yaml))
        #expect(found.line == line, "\(found)")
        #expect(found.message.contains(part), "\(found)")
    }

    @Test("A mapping without columns, or without the order's reference, is refused")
    func incomplete() {
        #expect(problem("") != nil)
        #expect(problem("separator: ','")?.message.contains("columns") == true)
        #expect(problem("columns: {no: order_number}")?.message.contains("reference_id") == true)
        #expect(problem("columns: {a: reference_id") != nil)
    }

    @Test("What every order would lack is known from the mapping alone")
    func lacking() throws {
        #expect(try FeedMapping(yaml: FeedFixture.yaml).lacking.isEmpty)
        let lacking = try FeedMapping(
            yaml: """
                constants: {transactions.payment_method_type: CARD}
                columns: {id: reference_id, last4: transactions.payment_method_card_last_4}
                """
        ).lacking
        #expect(lacking.contains("order_number"))
        #expect(lacking.contains("transactions.currency"))
        #expect(lacking.contains("transactions.payment_method_card_brand"))
        #expect(!lacking.contains("transactions.payment_method_card_last_4"))
        #expect(!lacking.contains { $0.hasPrefix("refunds") })
    }

    @Test("A file whose header lacks a column is refused with the header's names")
    func header() throws {
        let error = #expect(throws: FeedProblem.self) {
            _ = try FeedFixture.items(rows: [], header: "order,placed,tot")
        }
        #expect(error?.message.contains("no column total") == true)
        #expect(error?.message.contains("order, placed, tot") == true)
        #expect(error?.line == 9)
        let twice = #expect(throws: FeedProblem.self) {
            _ = try FeedFixture.items(rows: [], header: FeedFixture.header + ",order")
        }
        #expect(twice?.message.contains("two columns called order") == true)
        let card = #expect(throws: FeedProblem.self) {
            _ = try FeedFixture.items(rows: [], header: "A1,4111111111111111")
        }
        #expect(card?.message.contains("4111") == false)
    }
}
