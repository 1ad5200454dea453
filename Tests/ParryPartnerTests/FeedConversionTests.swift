import ParryWire
import Testing

@testable import ParryPartner

@Suite("Reading the cells of a feed")
struct FeedConversionTests {
    /// The JSON that a cell becomes, or the code of what is wrong with it.
    private func read(_ text: String, _ conversion: FeedConversion) -> String {
        var json: [UInt8] = []
        var text = text
        let offence = text.withUTF8 { conversion.write($0, into: &json) }
        if let offence {
            #expect(json.isEmpty)
            return offence.code
        }
        return String(decoding: json, as: UTF8.self)
    }

    private func money(_ code: String, decimal: Character? = nil) -> FeedConversion {
        .money(FeedMoney(currency: Currency(code: code), decimal: decimal?.asciiValue))
    }

    @Test(
        "Money becomes minor units by the currency's own exponent",
        arguments: [
            ("49.00", "EUR", "4900"), ("49", "EUR", "4900"), ("49.5", "EUR", "4950"),
            ("0.05", "EUR", "5"), ("0", "EUR", "0"), ("0.00", "USD", "0"), ("007.10", "EUR", "710"),
            (" 12.34 ", "EUR", "1234"), ("500", "JPY", "500"), ("1.250", "KWD", "1250"),
            ("1.2", "KWD", "1200"), ("1.2345", "CLF", "12345"),
            ("90071992547409.91", "EUR", "9007199254740991"),
        ])
    func money(text: String, code: String, expected: String) {
        #expect(read(text, money(code)) == expected)
    }

    @Test(
        "Money that could mean something else is refused",
        arguments: [
            ("-1.00", "EUR", "OUT_OF_RANGE"), ("49.000", "EUR", "INVALID_VALUE"),
            ("500.00", "JPY", "INVALID_VALUE"), ("1.2345", "KWD", "INVALID_VALUE"),
            ("1,234.56", "EUR", "INVALID_VALUE"), ("49,00", "EUR", "INVALID_VALUE"),
            ("1.234.56", "EUR", "INVALID_VALUE"), ("€49", "EUR", "INVALID_VALUE"),
            ("49.", "EUR", "INVALID_VALUE"), (".5", "EUR", "INVALID_VALUE"),
            ("+1", "EUR", "INVALID_VALUE"), ("1e3", "EUR", "INVALID_VALUE"),
            ("(1.00)", "EUR", "INVALID_VALUE"), ("free", "EUR", "INVALID_VALUE"),
            ("1", "XXX", "INVALID_CURRENCY"),
            (String(repeating: "9", count: 31), "EUR", "INVALID_VALUE"),
        ])
    func refusedMoney(text: String, code: String, expected: String) {
        #expect(read(text, money(code)) == expected)
    }

    @Test("Thousands are grouped only where the mapping tells the decimal sign")
    func groupedMoney() {
        #expect(read("1.234,56", money("EUR", decimal: ",")) == "123456")
        #expect(read("1.234.567", money("EUR", decimal: ",")) == "123456700")
        #expect(read("49,00", money("EUR", decimal: ",")) == "4900")
        #expect(read("1,234.56", money("EUR", decimal: ".")) == "123456")
        #expect(read("49.00", money("EUR", decimal: ",")) == "INVALID_VALUE")
        #expect(read("1.23,00", money("EUR", decimal: ",")) == "INVALID_VALUE")
        #expect(read("1234.567,00", money("EUR", decimal: ",")) == "INVALID_VALUE")
        #expect(read(".123,00", money("EUR", decimal: ",")) == "INVALID_VALUE")
    }

    @Test(
        "Times become RFC 3339, with the mapping's zone only where they have none",
        arguments: [
            ("2026-02-17", "2026-02-17T00:00:00+02:00"),
            ("2026-02-17 09:59", "2026-02-17T09:59:00+02:00"),
            ("2026-02-17 09:59:05", "2026-02-17T09:59:05+02:00"),
            ("2026-02-17T09:59:05.123", "2026-02-17T09:59:05.123+02:00"),
            ("2026-02-17T09:59:05Z", "2026-02-17T09:59:05Z"),
            ("2026-02-17 09:59:05 UTC", "2026-02-17T09:59:05Z"),
            ("2026-02-17 09:59:05+01", "2026-02-17T09:59:05+01:00"),
            ("2026-02-17 09:59:05 -0530", "2026-02-17T09:59:05-05:30"),
            ("2026-02-17t09:59:05+01:00", "2026-02-17T09:59:05+01:00"),
        ])
    func times(text: String, expected: String) {
        #expect(read(text, .moment(zone: "+02:00")) == "\"\(expected)\"")
    }

    @Test(
        "Times that the calendar has not, or of another form, are refused",
        arguments: [
            "2026-02-30", "2026-2-17", "17.02.2026", "2026-02-17 25:00:00", "2026-02-17 9:59",
            "2026-02-17 09:59:05 CET", "2026-02-17 09:59:05 +1", "2026-02-17x09:59:05",
            "2026-02-17 09:59:61", "2026-02-17 09:59:05.", "yesterday", "2026-02-17 09:59:05Z now",
        ])
    func refusedTimes(text: String) {
        #expect(read(text, .moment(zone: "Z")) == "INVALID_VALUE")
    }

    @Test("A time without a zone needs the mapping's")
    func zone() {
        #expect(read("2026-02-17 09:59:05", .moment(zone: nil)) == "INVALID_VALUE")
        #expect(read("2026-02-17", .moment(zone: nil)) == "INVALID_VALUE")
        let own = "2026-02-17T09:59:05Z"
        #expect(read(own, .moment(zone: nil)) == "\"\(own)\"")
    }

    @Test("Seconds and milliseconds since 1970 are not taken for each other")
    func epochs() {
        let time = "\"2026-02-17T09:59:05Z\""
        #expect(read("1771322345", .epoch(isMilliseconds: false)) == time)
        #expect(read("1771322345000", .epoch(isMilliseconds: true)) == time)
        #expect(read("1771322345000", .epoch(isMilliseconds: false)) == "INVALID_VALUE")
        #expect(read("1771322345", .epoch(isMilliseconds: true)) == "INVALID_VALUE")
        #expect(read("-1", .epoch(isMilliseconds: false)) == "INVALID_VALUE")
        #expect(read("1e9", .epoch(isMilliseconds: false)) == "INVALID_VALUE")
    }

    @Test("Integers and truth values are written as JSON has them")
    func scalars() {
        #expect(read("007", .integer) == "7")
        #expect(read("000", .integer) == "0")
        #expect(read(" 12 ", .integer) == "12")
        #expect(read("-12", .integer) == "-12")
        #expect(read("49.00", .integer) == "INVALID_TYPE")
        #expect(read("-", .integer) == "INVALID_TYPE")
        #expect(read("1 000", .integer) == "INVALID_TYPE")
        #expect(["true", "YES", "1", "y"].allSatisfy { read($0, .boolean) == "true" })
        #expect(["False", "no", "0", "N"].allSatisfy { read($0, .boolean) == "false" })
        #expect(read("maybe", .boolean) == "INVALID_TYPE")
    }

    @Test("Texts are escaped as JSON wants it, and bytes that are no UTF-8 refused")
    func texts() {
        #expect(read(" a b ", .text(isTrimmed: false)) == "\" a b \"")
        #expect(read(" a b ", .text(isTrimmed: true)) == "\"a b\"")
        #expect(read("5\" \\ ä\n", .text(isTrimmed: false)) == #""5\" \\ ä\n""#)
        var json: [UInt8] = []
        let latin: [UInt8] = [0x61, 0xE4]
        let offence = latin.withUnsafeBufferPointer {
            FeedConversion.text(isTrimmed: false).write($0, into: &json)
        }
        #expect(offence?.code == "INVALID_CHARACTER")
    }
}
