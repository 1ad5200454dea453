import ParryWire

/// Amounts as people write them: `1,234.50 USD`, `500 JPY`, `1.250 KWD`.
enum Money {
    /// - Parameters:
    ///   - amount: In the currency's smallest unit.
    ///   - currency: ISO 4217.
    static func text(_ amount: Int64, _ currency: String) -> String {
        guard let known = Currency(code: currency) else { return "\(amount) \(currency)" }
        let parts = known.decimal(Int64(clamping: amount.magnitude)).split(separator: ".")
        let fraction = parts.count > 1 ? "." + parts[1] : ""
        return (amount < 0 ? "-" : "") + grouped(parts.first ?? "") + fraction + " " + currency
    }

    /// `1234567` as `1,234,567`.
    static func grouped(_ digits: some StringProtocol) -> String {
        var parts: [String] = []
        var rest = String(digits)
        while rest.count > 3 {
            parts.insert(String(rest.suffix(3)), at: 0)
            rest = String(rest.dropLast(3))
        }
        return ([rest] + parts).joined(separator: ",")
    }

    /// A count with its thousands apart.
    static func count(_ number: Int64) -> String {
        (number < 0 ? "-" : "") + grouped(String(number.magnitude))
    }
}
