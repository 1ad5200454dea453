package import ParryWire

/// Reads amounts as the networks write them: decimal text in the currency's own number of decimals (NETWORKS.md).
package enum DecimalAmount {
    /// Reads minor units; nil for another number of decimals, a sign, spaces, or more than 2^53 - 1.
    package static func minorUnits(_ text: String, in currency: Currency) -> Int64? {
        let parts = text.utf8.split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let decimals = parts.count == 2 ? parts[1].count : 0
        guard decimals == currency.exponent, parts.count == 1 || decimals > 0,
            let whole = parts.first, !whole.isEmpty
        else { return nil }
        var units: Int64 = 0
        for byte in parts.joined() {
            guard (0x30...0x39).contains(byte) else { return nil }
            units = units * 10 + Int64(byte - 0x30)
            guard units <= RequestLimits.amount.upperBound else { return nil }
        }
        return units
    }
}
