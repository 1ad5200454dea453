import ParryWire
import Testing

@testable import ParryPartner

@Suite("Refusals of a feed")
struct FeedRefusalTests {
    @Test(
        "Every reason against a row names its field",
        arguments: [
            ("A1,yesterday,1.00,EUR,,,,,,,,", ["order_datetime INVALID_VALUE"]),
            (
                ",2026-02-17,1.00,EUR,,,,,,,,",
                ["reference_id MISSING_FIELD", "order_number MISSING_FIELD"]
            ),
            (
                "A1,2026-02-17,-1.00,EUR,,,,,,,,",
                [
                    "order_total_amount_in_cents OUT_OF_RANGE",
                    "order_subtotal_amount_in_cents OUT_OF_RANGE",
                ]
            ),
            (
                "A1,2026-02-17,1.00,EUR,p1,,vi,42,,,,",
                [
                    "transactions[0].payment_method_card_last_4 INVALID_VALUE"
                ]
            ),
            (
                "A1,2026-02-17,1.00,EUR,p1,,,,,,,",
                [
                    "transactions[0].amount_in_cents MISSING_FIELD",
                    "transactions[0].payment_method_card_brand MISSING_FIELD",
                    "transactions[0].payment_method_card_last_4 MISSING_FIELD",
                ]
            ),
            (
                "A1,2026-02-17,1.00,EUR,p1,1.00,vi,4242,,,,card 4111 1111 1111 1111",
                ["transactions[0].descriptor CARD_NUMBER_REJECTED"]
            ),
            ("A1,2026-02-17,1.00", [" INVALID_REQUEST"]),
        ])
    func rows(row: String, expected: [String]) throws {
        let items = try FeedFixture.items(rows: [row])
        #expect(items.count == 1)
        #expect(items.first?.codes.sorted() == expected.sorted())
        #expect(items.first?.refusal?.line == 2)
    }

    @Test("A refusal of a row names column and field, and shows the row under its header")
    func json() throws {
        let items = try FeedFixture.items(rows: [
            "A1,2026-02-17 09:59,1.0x,EUR,p1,1.00,vi,4242,,,,\"a \"\"b\"\"\""
        ])
        let line = try #require(items.first?.json)
        #expect(line["line"]?.integer == 2)
        #expect(line["reference_id"]?.string == "A1")
        let error = try #require(line["errors"]?.elements.first { _ in true })
        #expect(error["field"]?.string == "order_subtotal_amount_in_cents")
        #expect(error["code"]?.string == "INVALID_VALUE")
        #expect(error["column"]?.string == "total")
        #expect(error["message"]?.string?.contains("1.0x") == false)
        #expect(line["record"]?["order"]?.string == "A1")
        #expect(line["record"]?["note"]?.string == "a \"b\"")
        #expect(line["record_omitted"] == nil)
    }

    @Test("A refusal of several rows shows them all, and the row of each reason")
    func group() throws {
        let items = try FeedFixture.items(rows: [
            "A1,2026-02-17,1.00,EUR,p1,1.00,vi,4242,,,,",
            "A1,2026-02-17,1.00,EUR,p2,x,vi,4242,,,,", "A1,2026-02-17,1.00,EUR,p3,1.00,vi,42,,,,",
        ])
        let refusal = try #require(items.first?.refusal)
        #expect(
            refusal.reasons.map { "\($0.field) \($0.line ?? 0) \($0.column ?? "")" } == [
                "transactions[1].amount_in_cents 3 paid",
                "transactions[2].payment_method_card_last_4 4 last4",
            ])
        #expect(
            items.first?.json?["record"]?.elements.map { $0["paid"]?.string } == [
                "1.00", "x", "1.00",
            ])
    }

    @Test("A missing member says which column to fill, or to map one")
    func advice() throws {
        let mapping = FeedFixture.yaml.replacing("  order_status: CLOSED_COMPLETE\n", with: "")
        let items = try FeedFixture.items(rows: ["A1,,1.00,EUR,,,,,,,,"], mapping: mapping)
        let reasons = items.first?.refusal?.reasons ?? []
        #expect(reasons.map(\.field) == ["order_datetime", "order_status"])
        #expect(reasons.first?.message.contains("Fill the column placed") == true)
        #expect(reasons.first?.column == "placed")
        #expect(reasons.last?.message.contains("Map a column to order_status") == true)
    }

    @Test("A record with a full card number is never written, whatever it was refused for")
    func cardNumbers() throws {
        let number = "4111 1111 1111 1111"
        let rejected = try FeedFixture.items(rows: [
            "A1,2026-02-17,1.00,EUR,p1,1.00,vi,4242,,,,\(number)",
            "A2,yesterday,1.00,EUR,p1,1.00,vi,4242,,,,\(number)", "A3,\(number)",
            "\(number),yesterday,1.00,EUR,,,,,,,,",
        ])
        let lines = try FeedFixture.items(json: [
            #"{"reference_id":"A1","customer_first_name":"\#(number)"}"#,
            #"{"reference_id":"A1","order_status":4111111111111111}"#,
            #"{"reference_id":"A1","order_status":1,"unknown":["4111\u0031111 11111111"]}"#,
            #"{"reference_id":"A1","note":"\#(number)""#,
        ])
        for item in rejected + lines {
            let refusal = try #require(item.refusal)
            let text = String(decoding: refusal.json, as: UTF8.self)
            #expect(!text.contains("1111"), "\(text)")
            #expect(item.json?["record"]?.isNull == true)
            #expect(item.json?["record_omitted"]?.string == "it holds a full card number")
        }
        #expect(rejected.count + lines.count == 8)
    }

    @Test("A row with a wrong number of fields is shown as a list")
    func fieldCount() throws {
        let items = try FeedFixture.items(rows: ["A1,2026"])
        #expect(items.first?.json?["record"]?.elements.map(\.string) == ["A1", "2026"])
        #expect(items.first?.refusal?.reasons.first?.message.contains("2 fields") == true)
    }
}
