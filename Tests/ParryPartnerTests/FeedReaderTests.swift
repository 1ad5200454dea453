import ParryWire
import Testing

@testable import ParryPartner

@Suite("Reading orders from CSV")
struct FeedReaderTests {
    private static let chunks = [1, 2, 3, 7, 64, FeedLimits.chunkBytes]

    private func document(_ item: FeedItem?) throws -> JSONValue {
        let order = try #require(item?.order, "\(item.map(FeedFixture.text) ?? "none")")
        return try JSONDocument.parse(order.document).root
    }

    @Test("A row becomes an order, normalised as the server stores it")
    func row() throws {
        let items = try FeedFixture.items(rows: [FeedFixture.row])
        let order = try #require(items.first?.order)
        #expect(items.count == 1)
        #expect(String(decoding: order.document, as: UTF8.self) == FeedFixture.document)
        #expect(order.line == 2)
        #expect(order.referenceID == "A1")
        #expect(order.coverage == [.card])
    }

    @Test("Whatever chunks a file comes in, it gives the same")
    func chunks() throws {
        let rows = [
            FeedFixture.row, "A2,2026-02-17,1.00,EUR,,,,,,,,",
            "\"A\"\"3\",2026-02-17,1.00,EUR,p3,1.00,VISA,4242,arn,,,\"two\nlines, ä\"",
            "A4,2026-02-17,1.00", "A5,yesterday,x,EUR,,,,,,,,", "",
            "A6,2026-02-17,1.00,EUR,p6,1.00,mc,4242,,r6,0.50,",
            "A6,,,EUR,,,,,,r7,0.25,",
        ]
        let whole = try FeedFixture.items(rows: rows).map(FeedFixture.text)
        #expect(whole.count == 6)
        for chunk in Self.chunks {
            let items = try FeedFixture.items(rows: rows, chunkBytes: chunk)
            #expect(items.map(FeedFixture.text) == whole, "chunks of \(chunk)")
        }
    }

    @Test("Empty cells leave members out, and a nested element without any of its own cells")
    func emptyCells() throws {
        let items = try FeedFixture.items(rows: [
            "A1,2026-02-17,1.00,EUR,,,,,,,,", "A2,2026-02-17,1.00,EUR,,,,,, ,,",
        ])
        for item in items {
            let order = try document(item)
            #expect(order["transactions"] == nil)
            #expect(order["refunds"] == nil)
            #expect(order["order_currency"]?.string == "EUR")
        }
        #expect(items.count == 2)
    }

    @Test("A constant stands where no column or an empty cell gives the member")
    func constants() throws {
        let mapping = FeedFixture.yaml.replacing(
            "note: transactions.descriptor", with: "note: order_status")
        let items = try FeedFixture.items(
            rows: ["A1,2026-02-17,1.00,EUR,,,,,,,,", "A2,2026-02-17,1.00,EUR,,,,,,,,OTHER"],
            mapping: mapping)
        #expect(try document(items.first)["order_status"]?.string == "CLOSED_COMPLETE")
        #expect(try document(items.last)["order_status"]?.string == "OTHER")
    }

    @Test("Words are put into the order's, which may stand in the file as well")
    func words() throws {
        let items = try FeedFixture.items(rows: [
            FeedFixture.row,
            FeedFixture.row.replacing("A1", with: "A2").replacing("vi", with: "VISA"),
            FeedFixture.row.replacing("A1", with: "A3").replacing("vi", with: "visa"),
        ])
        let brands = try items.prefix(2).map { item in
            let transaction = try document(item)["transactions"]?.elements.first { _ in true }
            return transaction?["payment_method_card_brand"]?.string
        }
        #expect(brands == ["VISA", "VISA"])
        #expect(items.last?.codes == ["transactions[0].payment_method_card_brand INVALID_VALUE"])
    }

    @Test("Rows that follow each other with one reference are one order")
    func group() throws {
        let items = try FeedFixture.items(rows: [
            "A1,2026-02-17,3.00,EUR,p1,1.00,vi,4242,,r1,0.50,",
            "A1,2026-02-17,3.00,EUR,p2,2.00,vi,4242,,r1,0.50,",
            "A1,2026-02-17,3.00,EUR,p1,1.00,vi,4242,,r2,0.25,",
            "A1,2026-02-17,3.00,EUR,p2,2.00,vi,4242,,r2,0.25,", "A2,2026-02-17,3.00,EUR,,,,,,,,",
        ])
        #expect(items.map { $0.order?.line } == [2, 6])
        let order = try document(items.first)
        let names = ["transactions", "refunds"].map { list in
            order[list]?.elements.compactMap { $0["reference_id"]?.string } ?? []
        }
        #expect(names == [["p1", "p2"], ["r1", "r2"]])
    }

    @Test("Later rows may leave the order's own members empty, and fill what the first left so")
    func filledGroup() throws {
        let items = try FeedFixture.items(rows: [
            "A1,2026-02-17,,EUR,,,,,,,,", "A1,,3.00,EUR,,,,,,,,",
        ])
        #expect(items.count == 1)
        #expect(try document(items.first)["order_total_amount_in_cents"]?.integer == 300)
    }

    @Test("Rows of one order that contradict each other are refused with the row")
    func contradiction() throws {
        let items = try FeedFixture.items(rows: [
            "A1,2026-02-17,3.00,EUR,,,,,,,,", "A1,2026-02-17,4.00,EUR,,,,,,,,",
        ])
        #expect(items.count == 1)
        let reasons = items.first?.refusal?.reasons ?? []
        #expect(
            Set(reasons.map(\.field)) == [
                "order_total_amount_in_cents", "order_subtotal_amount_in_cents",
            ])
        #expect(reasons.allSatisfy { $0.column == "total" && $0.line == 3 })
        #expect(items.first?.refusal?.line == 2)
    }

    @Test("An order of more than 1,000 rows is refused once, and the next one is read")
    func tooManyRows() throws {
        let rows = (1...1_500).map { "A1,2026-02-17,3.00,EUR,p\($0),1.00,vi,4242,,,," }
        let items = try FeedFixture.items(rows: rows + ["A2,2026-02-17,3.00,EUR,,,,,,,,"])
        #expect(items.map(\.codes) == [[" ORDER_TOO_LARGE"], []])
        #expect(items.first?.refusal?.referenceID == "A1")
        #expect(items.first?.json?["record"]?.isNull == true)
        #expect(items.last?.order?.referenceID == "A2")
    }

    @Test("An unreadable row between those of an order refuses the order too, and only then")
    func gap() throws {
        let good = "A1,2026-02-17,3.00,EUR,,,,,,,,"
        let between = try FeedFixture.items(rows: [good, "A1,2026", good])
        #expect(between.map { $0.refusal?.line } == [3, 2])
        #expect(between.last?.refusal?.reasons.map(\.line) == [3])
        let behind = try FeedFixture.items(rows: [good, "A1,2026"])
        #expect(behind.map { $0.refusal?.line } == [3, nil])
        #expect(behind.last?.order?.referenceID == "A1")
    }

    @Test("Coverage counts what all card transactions of an order have")
    func coverage() throws {
        let items = try FeedFixture.items(rows: [
            "A1,2026-02-17,1.00,EUR,p1,1.00,vi,4242,arn1,,,", "A2,2026-02-17,1.00,EUR,,,,,,,,",
            "A3,2026-02-17,1.00,EUR,p3,1.00,vi,4242,arn3,,,",
            "A3,2026-02-17,1.00,EUR,p4,1.00,vi,4242,,,,",
        ])
        #expect(
            items.map { $0.order?.coverage } == [[.card, .acquirerReferenceNumber], [], [.card]])
    }

    @Test("Money takes its currency from the row, and is refused without one")
    func currency() throws {
        let items = try FeedFixture.items(rows: [
            "A1,2026-02-17,500,JPY,,,,,,,,", "A2,2026-02-17,1.250,KWD,,,,,,,,",
            "A3,2026-02-17,5.00,eur,,,,,,,,",
        ])
        let totals = try items.prefix(2).map {
            try document($0)["order_total_amount_in_cents"]?.integer
        }
        #expect(totals == [500, 1_250])
        #expect(
            Set(items.last?.codes ?? []) == [
                "order_total_amount_in_cents INVALID_CURRENCY",
                "order_subtotal_amount_in_cents INVALID_CURRENCY",
                "order_currency INVALID_CURRENCY",
            ])
    }

    @Test("An address is there when one of its own cells is")
    func address() throws {
        let mapping = FeedFixture.yaml.replacing(
            "note: transactions.descriptor", with: "note: billing_address.city"
        )
        .replacing(
            "refunds.status: SUCCEEDED",
            with: "refunds.status: SUCCEEDED\n  billing_address.country: DE")
        let items = try FeedFixture.items(
            rows: ["A1,2026-02-17,1.00,EUR,,,,,,,,Berlin", "A2,2026-02-17,1.00,EUR,,,,,,,,"],
            mapping: mapping)
        let address = try document(items.first)["billing_address"]
        #expect(
            address.map { String(decoding: $0.raw, as: UTF8.self) }
                == #"{"city":"Berlin","country":"DE"}"#)
        #expect(try document(items.last)["billing_address"] == nil)
    }
}
