import ParryWire
import Testing

@testable import ParryDashboard

@Suite("Files of lists")
struct ExportTests {
    private func text(_ format: ExportFormat, _ rows: [[(String, ExportValue)]]) -> String {
        var bytes = format.beginning(rows.first?.map(\.0) ?? [])
        for (number, row) in rows.enumerated() {
            format.append(row, isFirst: number == 0, to: &bytes)
        }
        return String(decoding: bytes + format.end, as: UTF8.self)
    }

    @Test("CSV quotes what would break a line, and disarms what a spreadsheet would compute")
    func csv() {
        let rows: [[(String, ExportValue)]] = [
            [("a", .text("plain")), ("b", .number(-5)), ("c", .flag(true))],
            [("a", .text("a \"b\", c\nd")), ("b", .number(nil)), ("c", .flag(nil))],
            [("a", .text("=1+1")), ("b", .number(0)), ("c", .flag(false))],
        ]
        #expect(
            text(.csv, rows)
                == "a,b,c\r\nplain,-5,true\r\n\"a \"\"b\"\", c\nd\",,\r\n\"'=1+1\",0,false\r\n")
    }

    @Test(
        "What begins as a formula is disarmed, whatever stands behind its first byte",
        arguments: ["=\u{301}1", "@x", "\tx", "\r\nx", "-1", "+1"])
    func formulas(_ cell: String) {
        #expect(text(.csv, [[("a", .text(cell))]]) == "a\r\n\"'\(cell)\"\r\n")
    }

    @Test("Ends of lines inside a cell are quoted, letters of any language stand as they are")
    func quoting() {
        #expect(text(.csv, [[("a", .text("x\r\ny"))]]) == "a\r\n\"x\r\ny\"\r\n")
        #expect(text(.csv, [[("é", .text("Zoë – 東京"))]]) == "é\r\nZoë – 東京\r\n")
    }

    @Test("JSON is one array, also of nothing")
    func json() throws {
        let time = Timestamp(milliseconds: 1_771_322_400_000)
        let rows: [[(String, ExportValue)]] = [
            [("a", .text("x")), ("t", .time(time))], [("a", .text(nil)), ("t", .time(nil))],
        ]
        let root = try JSONDocument.parse(Array(text(.json, rows).utf8)).root
        #expect(root.count == 2)
        #expect(root.elements.map { $0["t"]?.string } == [time.iso8601, nil])
        #expect(try JSONDocument.parse(Array(text(.json, []).utf8)).root.count == 0)
    }
}

@Suite("Money on pages")
struct MoneyTests {
    @Test(
        "Amounts have their currency's places",
        arguments: [
            (123_456, "USD", "1,234.56 USD"), (500, "JPY", "500 JPY"), (1_250, "KWD", "1.250 KWD"),
            (5, "EUR", "0.05 EUR"), (-100, "EUR", "-1.00 EUR"),
            (1_000_000_00, "GBP", "1,000,000.00 GBP"),
        ] as [(Int64, String, String)])
    func text(_ amount: Int64, _ currency: String, _ expected: String) {
        #expect(Money.text(amount, currency) == expected)
    }
}

@Suite("Addresses to come back to")
struct ReturnAddressTests {
    @Test(
        "Only pages of the dashboard are gone on to",
        arguments: [
            "https://evil.example/dashboard", "//evil.example/dashboard", "/\\evil.example",
            "/dashboardx", "/dashboard\\..", "/dash", "javascript:alert(1)", "/dashboard/\nx", "",
        ])
    func refused(_ path: String) {
        #expect(SignInPages.safe(path) == "")
    }

    @Test("Pages of the dashboard are, with their query")
    func taken() {
        #expect(SignInPages.safe("/dashboard/org_x/alerts?q=1") == "/dashboard/org_x/alerts?q=1")
        #expect(SignInPages.safe("/dashboard") == "/dashboard")
    }
}

@Suite("Fields of forms")
struct FormFieldsTests {
    @Test("Names and values are decoded, repeated ones kept in order")
    func parsing() {
        let form = FormFields(parsing: "a=1&b=x+y%26z&a=2&empty=&bad=%zz&=no")
        #expect(form.all("a") == ["1", "2"])
        #expect(form["b"] == "x y&z")
        #expect(form.text("empty") == nil)
        #expect(form.isSet("empty"))
        #expect(form["bad"] == nil)
    }

    @Test("A query written is a query read")
    func roundTrip() {
        let fields = [(name: "q", value: "é & ?=#"), (name: "page", value: "2")]
        let query = FormFields.query(fields)
        let read = FormFields(parsing: query.dropFirst())
        #expect(read["q"] == "é & ?=#")
        #expect(read["page"] == "2")
    }
}
