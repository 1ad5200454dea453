package import ParryWire

/// What one unit of a currency was worth on one day.
///
/// The worth is an integer, so that every machine computes the same to the last digit.
package struct ExchangeRate: Sendable, Hashable {
    /// Days since 1970-01-01, UTC.
    package let day: Int64
    /// ISO 4217, upper case.
    package let currency: String
    /// USD for one unit, times ``ExchangeRates/scale``; 1 to ``ExchangeRates/scaledMax``.
    package let usdPerUnit: Int64

    /// - Parameter usdPerUnit: USD for one unit, times ``ExchangeRates/scale``.
    package init(day: Int64, currency: String, usdPerUnit: Int64) {
        self.day = day
        self.currency = currency
        self.usdPerUnit = usdPerUnit
    }
}

/// The rate table that amounts of different currencies are compared by (CONTRACT.md 21, row 41).
///
/// A missing rate is no rate: nothing is guessed, and what needed it says that it could not be compared.
package struct ExchangeRates: Sendable, Hashable {
    /// Rates are kept to 12 decimals: the cheapest currencies still have eight digits.
    package static let scale: Int64 = 1_000_000_000_000
    /// A million USD for one unit: no currency is near it, and no product overflows 128 bits.
    package static let scaledMax: Int64 = 1_000_000 * scale
    /// A rate serves this many days after its own: over the longest holidays of the publishing banks, but
    /// not so long that a stale table goes unnoticed.
    package static let daysUsableMax: Int64 = 10

    /// No rates at all: only amounts of one currency can be compared.
    package static let none = ExchangeRates([])

    private struct Point: Sendable, Hashable {
        let day: Int64
        let usdPerUnit: Int64
    }

    /// Of each currency its days, ascending.
    private let points: [String: [Point]]

    /// Takes rates in any order; of two for one currency and day the later one in the list holds, and those
    /// that are not positive or beyond ``scaledMax`` are left out.
    package init(_ rates: [ExchangeRate]) {
        var days: [String: [Int64: Int64]] = [:]
        for rate in rates where 1...Self.scaledMax ~= rate.usdPerUnit {
            days[rate.currency, default: [:]][rate.day] = rate.usdPerUnit
        }
        points = days.mapValues { known in
            known.map(Point.init).sorted { $0.day < $1.day }
        }
    }

    /// Whether there is no rate at all.
    package var isEmpty: Bool { points.isEmpty }

    /// The day of an instant, in days since 1970-01-01 UTC.
    package static func day(of time: Timestamp) -> Int64 {
        let (days, rest) = time.milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        return rest < 0 ? days - 1 : days
    }

    /// An amount in another currency, both in minor units (amendment 10), rounded to the nearest one,
    /// halves up.
    ///
    /// - Returns: nil when a currency is unknown, either has no rate on that day or in the
    ///   ``daysUsableMax`` days before it, the amount is negative, or the result does not fit.
    package func convert(
        _ amount: Int64, from source: String, to target: String, on time: Timestamp
    ) -> Int64? {
        guard amount >= 0, let source = Currency(code: source), let target = Currency(code: target)
        else { return nil }
        if source == target { return amount }
        let day = Self.day(of: time)
        guard let worth = usdPerUnit(source, on: day), let price = usdPerUnit(target, on: day)
        else { return nil }
        return Self.quotient(
            amount, times: worth, shiftedBy: target.exponent - source.exponent, over: price)
    }

    private func usdPerUnit(_ currency: Currency, on day: Int64) -> Int64? {
        if currency.code == "USD" { return Self.scale }
        guard let known = points[currency.code], let point = Self.last(known, until: day),
            day - point.day <= Self.daysUsableMax
        else { return nil }
        return point.usdPerUnit
    }

    private static func last(_ points: [Point], until day: Int64) -> Point? {
        var low = 0
        var high = points.count
        while low < high {
            let middle = (low + high) / 2
            if points[middle].day <= day { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? points[low - 1] : nil
    }

    private static func quotient(
        _ amount: Int64, times worth: Int64, shiftedBy exponent: Int, over price: Int64
    ) -> Int64? {
        let power = (0..<abs(exponent)).reduce(Int128(1)) { power, _ in power * 10 }
        let product = Int128(amount) * Int128(worth)
        let (dividend, overflow) = product.multipliedReportingOverflow(by: exponent > 0 ? power : 1)
        guard !overflow else { return nil }
        let divisor = Int128(price) * (exponent < 0 ? power : 1)
        let (whole, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
        return Int64(exactly: rest >= divisor - rest ? whole + 1 : whole)
    }
}

/// Why a file of rates is refused; nothing of it is taken then.
package enum ExchangeRateFileError: Error, Equatable {
    /// The first line is not ``ExchangeRates/fileHeader``.
    case header
    /// More than ``ExchangeRates/fileLinesMax`` lines.
    case tooManyLines
    /// The line's number, the first one being 1, and what is wrong in it.
    case line(Int, Fault)

    /// What is wrong in a line.
    package enum Fault: String, Sendable {
        case columns = "it does not have three columns"
        case date = "the date is not a day as in 2026-02-17"
        case currency = "the currency is not an active ISO 4217 code in upper case"
        case rate = "the rate is not a positive decimal of at most a million, such as 1.0834"
        case dollar = "USD is worth 1 USD"
        case repeated = "this day of this currency stands in the file twice"
    }
}

extension ExchangeRateFileError: CustomStringConvertible {
    /// In one sentence.
    package var description: String {
        switch self {
        case .header: "the first line must be \(ExchangeRates.fileHeader)"
        case .tooManyLines: "a file may have \(ExchangeRates.fileLinesMax) lines"
        case .line(let number, let fault): "line \(number): \(fault.rawValue)"
        }
    }
}

extension ExchangeRates {
    /// The first line of a file of rates.
    package static let fileHeader = "date,currency,usd_per_unit"
    /// Every currency for eight years: bounds the memory of an import.
    package static let fileLinesMax = 500_000

    /// Reads a file of rates: ``fileHeader``, then a line for each day and currency such as
    /// `2026-02-17,EUR,1.0834`; empty lines and a byte order mark are passed over.
    ///
    /// Decimals beyond the twelfth are cut off.
    /// - Throws: ``ExchangeRateFileError`` for the first line that cannot be taken.
    package static func parse(
        csv text: String
    ) throws(ExchangeRateFileError) -> [ExchangeRate] {
        let lines = text.utf8.split(
            separator: UInt8(ascii: "\n"), maxSplits: fileLinesMax + 1,
            omittingEmptySubsequences: false)
        guard let first = lines.first, header(first) == fileHeader else { throw .header }
        guard lines.count <= fileLinesMax + 1 else { throw .tooManyLines }
        var rates: [ExchangeRate] = []
        var seen: Set<[String]> = []
        for (index, bytes) in lines.enumerated().dropFirst() {
            let line = trimmed(Substring(bytes))
            if line.isEmpty { continue }
            let columns = line.split(separator: ",", omittingEmptySubsequences: false)
            let rate: ExchangeRate
            do throws(Refusal) { rate = try read(columns) } catch {
                throw .line(index + 1, error.fault)
            }
            guard seen.insert(columns.prefix(2).map { String(trimmed($0)) }).inserted else {
                throw .line(index + 1, .repeated)
            }
            rates.append(rate)
        }
        return rates
    }

    private struct Refusal: Error {
        let fault: ExchangeRateFileError.Fault
    }

    private static func header(_ bytes: Substring.UTF8View) -> Substring {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        return trimmed(Substring(bytes.starts(with: mark) ? bytes.dropFirst(3) : bytes))
    }

    private static func read(_ columns: [Substring]) throws(Refusal) -> ExchangeRate {
        guard columns.count == 3 else { throw Refusal(fault: .columns) }
        let date = trimmed(columns[0])
        guard date.utf8.count == 10, let start = Timestamp(iso8601: date + "T00:00:00Z") else {
            throw Refusal(fault: .date)
        }
        guard let currency = Currency(code: String(trimmed(columns[1]))) else {
            throw Refusal(fault: .currency)
        }
        guard let worth = scaled(trimmed(columns[2])) else { throw Refusal(fault: .rate) }
        guard currency.code != "USD" || worth == scale else { throw Refusal(fault: .dollar) }
        return ExchangeRate(day: day(of: start), currency: currency.code, usdPerUnit: worth)
    }

    /// A plain decimal times ``scale``; nil when it is none or out of range.
    private static func scaled(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, digits(whole), whole.utf8.count <= 7,
            parts.count == 1 || digits(parts[1])
        else { return nil }
        var decimals = parts.count == 2 ? String(parts[1].prefix(12)) : ""
        decimals += String(repeating: "0", count: 12 - decimals.utf8.count)
        guard let units = Int64(whole), let rest = Int64(decimals) else { return nil }
        let value = units * scale + rest
        return 1...scaledMax ~= value ? value : nil
    }

    private static func digits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        var bytes = text.utf8.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return Substring(bytes)
    }
}
