import ParryDomain
import ParryWire
import Testing

@Suite("Exchange rates")
struct ExchangeRatesTests {
    private static let time = Cases.saleAt
    private static let day = ExchangeRates.day(of: time)

    private static func rates(_ known: [(String, Int64)]) -> ExchangeRates {
        ExchangeRates(known.map { ExchangeRate(day: day, currency: $0.0, usdPerUnit: $0.1) })
    }

    private static let table = rates([
        ("EUR", 1_083_400_000_000), ("JPY", 6_500_000_000), ("KWD", 3_260_000_000_000),
        ("VND", 39_000_000), ("CLF", 38_000_000_000_000),
    ])

    @Test(
        "Amounts in minor units of every exponent",
        arguments: [
            (10_000, "EUR", "USD", 10_834), (10_834, "USD", "EUR", 10_000),
            (4_900, "USD", "USD", 4_900),
            (1_000, "JPY", "USD", 650), (650, "USD", "JPY", 1_000), (1_250, "KWD", "USD", 408),
            (1_000_000, "VND", "USD", 3_900), (10_000, "EUR", "JPY", 16_668),
            (10_000, "CLF", "USD", 3_800),
            (0, "EUR", "USD", 0), (-1, "EUR", "USD", nil), (1, "GBP", "USD", nil),
            (1, "USD", "GBP", nil),
            (1, "eur", "USD", nil), (1, "XXX", "XXX", nil), (1, "GBP", "GBP", 1),
            (.max, "KWD", "VND", nil),
            (1 << 53, "EUR", "USD", 9_758_399_672_586_391),
        ] as [(Int64, String, String, Int64?)])
    func conversion(_ amount: Int64, _ source: String, _ target: String, _ result: Int64?) {
        #expect(Self.table.convert(amount, from: source, to: target, on: Self.time) == result)
    }

    @Test("Halves are rounded up")
    func halves() {
        let half = Self.rates([("EUR", ExchangeRates.scale / 2)])
        #expect(half.convert(1, from: "EUR", to: "USD", on: Self.time) == 1)
        #expect(half.convert(3, from: "EUR", to: "USD", on: Self.time) == 2)
        let less = Self.rates([("EUR", ExchangeRates.scale / 2 - 1)])
        #expect(less.convert(1, from: "EUR", to: "USD", on: Self.time) == 0)
    }

    @Test("The rate of the day, or the nearest before it, for 10 days")
    func days() {
        let rates = ExchangeRates([
            ExchangeRate(day: Self.day, currency: "EUR", usdPerUnit: 2 * ExchangeRates.scale),
            ExchangeRate(day: Self.day - 5, currency: "EUR", usdPerUnit: ExchangeRates.scale),
        ])
        let expected: [(Int64, Int64?)] = [
            (-6, nil), (-5, 100), (-1, 100), (0, 200), (1, 200), (10, 200), (11, nil),
        ]
        for (offset, amount) in expected {
            let time = Self.time.adding(seconds: offset * Cases.day)
            #expect(rates.convert(100, from: "EUR", to: "USD", on: time) == amount, "\(offset)")
        }
    }

    @Test(
        "The order of the rates makes no difference, what cannot be is left out, the last one holds"
    )
    func equality() {
        let one = ExchangeRate(day: 1, currency: "EUR", usdPerUnit: 5)
        let other = ExchangeRate(day: 2, currency: "EUR", usdPerUnit: 6)
        let impossible = ExchangeRate(day: 3, currency: "EUR", usdPerUnit: 0)
        #expect(ExchangeRates([one, other]) == ExchangeRates([impossible, other, one]))
        #expect(ExchangeRates([one]) != ExchangeRates([other]))
        let again = ExchangeRate(day: 1, currency: "EUR", usdPerUnit: 7)
        #expect(ExchangeRates([one, again]) == ExchangeRates([again]))
        #expect(ExchangeRates.none.isEmpty)
    }

    @Test("Days before 1970 begin at midnight too")
    func earlyDays() {
        #expect(ExchangeRates.day(of: Timestamp(milliseconds: -1)) == -1)
        #expect(ExchangeRates.day(of: Timestamp(milliseconds: -86_400_000)) == -1)
        #expect(ExchangeRates.day(of: Timestamp(milliseconds: 86_399_999)) == 0)
    }

    @Test("A file with a byte order mark, Windows line ends and empty lines")
    func file() throws {
        let text =
            "\u{FEFF}date,currency,usd_per_unit\r\n2026-02-10, EUR ,1.0834\r\n\r\n1970-01-02,JPY,0.0065\n2026-02-10,USD,1\n"
        let expected = [
            ExchangeRate(day: Self.day, currency: "EUR", usdPerUnit: 1_083_400_000_000),
            ExchangeRate(day: 1, currency: "JPY", usdPerUnit: 6_500_000_000),
            ExchangeRate(day: Self.day, currency: "USD", usdPerUnit: ExchangeRates.scale),
        ]
        #expect(try ExchangeRates.parse(csv: text) == expected)
    }

    @Test("Decimals beyond the twelfth are cut off")
    func decimals() throws {
        let text = "date,currency,usd_per_unit\n2026-02-10,EUR,1.08345678901299999"
        #expect(try ExchangeRates.parse(csv: text).map(\.usdPerUnit) == [1_083_456_789_012])
    }

    @Test(
        "A line that cannot be taken is named",
        arguments: [
            ("2026-02-10,EUR", ExchangeRateFileError.Fault.columns),
            ("2026-02-10,EUR,1,0834", .columns), ("2026-02-30,EUR,1", .date),
            ("10.02.2026,EUR,1", .date), ("2026-2-10,EUR,1", .date), (",EUR,1", .date),
            ("2026-02-10,eur,1", .currency), ("2026-02-10,XAU,1", .currency),
            ("2026-02-10,EUR,", .rate), ("2026-02-10,EUR,0", .rate), ("2026-02-10,EUR,-1", .rate),
            ("2026-02-10,EUR,1e3", .rate), ("2026-02-10,EUR,1.", .rate),
            ("2026-02-10,EUR,.5", .rate),
            ("2026-02-10,EUR,1.0.1", .rate), ("2026-02-10,EUR,1000000.1", .rate),
            ("2026-02-10,EUR,99999999999999999999", .rate),
            ("2026-02-10,EUR,0.0000000000009", .rate), ("2026-02-10,USD,1.01", .dollar),
            ("2026-02-09,EUR,2", .repeated),
        ])
    func faults(_ line: String, _ fault: ExchangeRateFileError.Fault) {
        let text = "date,currency,usd_per_unit\n2026-02-09,EUR,1\n\(line)\n"
        #expect(throws: ExchangeRateFileError.line(3, fault)) {
            try ExchangeRates.parse(csv: text)
        }
    }

    @Test(
        "A file without its header is refused",
        arguments: ["", "2026-02-10,EUR,1", "date;currency"])
    func header(_ text: String) {
        #expect(throws: ExchangeRateFileError.header) { try ExchangeRates.parse(csv: text) }
    }

    @Test("A file of too many lines is refused")
    func tooLong() {
        let lines = String(repeating: "\n", count: ExchangeRates.fileLinesMax + 1)
        #expect(throws: ExchangeRateFileError.tooManyLines) {
            try ExchangeRates.parse(csv: ExchangeRates.fileHeader + lines)
        }
    }
}
