import ParryWire

/// An amount as people type it: `49`, `49.00`, `1,234.50`.
enum DecimalAmount {
    /// In the currency's smallest unit; nil for what is no such amount, or has more places than the currency.
    static func minorUnits(_ text: String, in currency: Currency) -> Int64? {
        let plain = text.replacing(",", with: "")
        let parts = plain.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = parts.first, isDigits(whole) else {
            return nil
        }
        let fraction = parts.count > 1 ? parts[1] : ""
        guard parts.count == 1 || isDigits(fraction), fraction.count <= currency.exponent else {
            return nil
        }
        let zeros = String(repeating: "0", count: currency.exponent - fraction.count)
        return Int64(whole + fraction + zeros)
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
