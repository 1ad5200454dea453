import ParryWire

/// Turns decimal amounts into minor units of their currency (ISO 4217), digit by digit: no rounding, ever.
struct FeedMoney: Sendable, Equatable {
    /// The currency of a file with one; nil where a column has it.
    let currency: Currency?
    /// The sign before decimals, where the mapping tells it; then the other one may group thousands.
    let decimal: UInt8?

    /// Writes an amount in the fixed currency.
    func write(_ cell: UnsafeBufferPointer<UInt8>, into json: inout [UInt8]) -> FeedOffence? {
        guard let currency else { return Self.noCurrency }
        return write(cell, exponent: currency.exponent, into: &json)
    }

    static let noCurrency = FeedOffence(
        code: "INVALID_CURRENCY",
        message: "needs a currency: the cell that the mapping takes it from must have an active "
            + "ISO 4217 code in upper case, such as EUR")

    /// Writes an amount in a currency with so many decimals.
    func write(
        _ cell: UnsafeBufferPointer<UInt8>, exponent: Int, into json: inout [UInt8]
    ) -> FeedOffence? {
        guard cell.count <= FeedLimits.digitsMax else { return form }
        if cell.first == UInt8(ascii: "-") { return Self.negative }
        let point = decimal ?? UInt8(ascii: ".")
        let mark = cell.firstIndex(of: point)
        let whole = cell[..<(mark ?? cell.endIndex)]
        let fraction = mark.map { cell[($0 + 1)...] } ?? cell[cell.endIndex...]
        guard isWhole(whole), fraction.allSatisfy(\.isDigit), mark == nil || !fraction.isEmpty
        else { return form }
        guard fraction.count <= exponent else { return Self.decimals(exponent) }
        var digits = whole.filter(\.isDigit) + fraction
        digits += repeatElement(UInt8(ascii: "0"), count: exponent - fraction.count)
        FeedConversion.appendNumber(digits, into: &json)
        return nil
    }

    /// Digits, in groups of three where a sign for that is known.
    private func isWhole(_ part: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let group = decimal.map { $0 == UInt8(ascii: ",") ? UInt8(ascii: ".") : UInt8(ascii: ",") }
        var digits = 0
        var isGrouped = false
        for byte in part {
            if byte.isDigit {
                digits += 1
            } else {
                guard byte == group, isGrouped ? digits == 3 : 1...3 ~= digits else { return false }
                isGrouped = true
                digits = 0
            }
        }
        return isGrouped ? digits == 3 : digits > 0
    }

    private static let negative = FeedOffence(
        code: "OUT_OF_RANGE",
        message: "must not be negative. What was paid back belongs to refunds.amount_in_cents, "
            + "without a sign")

    private static func decimals(_ exponent: Int) -> FeedOffence {
        FeedOffence(
            code: "INVALID_VALUE",
            message: "has more decimals than its currency, which has \(exponent)")
    }

    private var form: FeedOffence {
        let example = decimal == UInt8(ascii: ",") ? "49,00" : "49.00"
        let hint =
            decimal == nil
            ? ". If the file has decimal commas or groups thousands, give the column `decimal`" : ""
        return FeedOffence(
            code: "INVALID_VALUE",
            message: "must be an amount such as \(example), without a currency's sign\(hint)")
    }
}
