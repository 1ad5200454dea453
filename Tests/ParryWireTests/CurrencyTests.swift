import ParryWire
import Testing

@Suite("Currencies and countries")
struct CurrencyTests {
    @Test(
        "A currency has the exponent of its minor unit",
        arguments: [
            ("EUR", 2), ("USD", 2), ("CHF", 2), ("JPY", 0), ("ISK", 0), ("UGX", 0), ("CLP", 0),
            ("KRW", 0), ("VND", 0), ("KWD", 3), ("BHD", 3), ("JOD", 3), ("OMR", 3), ("TND", 3),
            ("IQD", 3), ("LYD", 3), ("CLF", 4), ("UYW", 4), ("XCG", 2), ("ZWG", 2),
        ])
    func exponents(_ code: String, _ exponent: Int) {
        #expect(Currency(code: code)?.exponent == exponent)
        #expect(Currency(code: code)?.code == code)
    }

    @Test(
        "A code that is unknown, withdrawn, unitless or not in upper case is no currency",
        arguments: [
            "", "EU", "EURO", "eur", "Eur", "DEM", "HRK", "XAU", "XXX", "XTS", "ABC", "€UR",
        ])
    func refuses(_ code: String) {
        #expect(Currency(code: code) == nil)
    }

    @Test("Country codes are the assigned ones, in upper case")
    func countries() {
        #expect(["DE", "GB", "US", "AX", "ZW", "SS"].allSatisfy(Country.isCode))
        let others = ["UK", "EU", "XX", "de", "D", "DEU", "", "AN", "SU"]
        #expect(!others.contains(where: Country.isCode))
        let letters = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map { String(Unicode.Scalar($0)) }
        let codes = letters.flatMap { first in letters.map { first + $0 } }
        #expect(codes.filter(Country.isCode).count == 249)
    }
}
