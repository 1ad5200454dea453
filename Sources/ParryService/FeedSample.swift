package import ParryWire

/// What the newest orders of a feed have of what matching looks for, and how late they came.
package struct FeedSample: Sendable, Hashable {
    package private(set) var orders: Int64 = 0
    /// Transactions by card: other ones are never disputed at a card network.
    package private(set) var transactions: Int64 = 0
    package private(set) var withARN: Int64 = 0
    package private(set) var withCode: Int64 = 0
    package private(set) var withBIN: Int64 = 0
    /// From the authorisation to the upload: as long or shorter it was for one half. nil where no time is known.
    package private(set) var medianLagMilliseconds: Int64?
    /// When the newest order was stored.
    package private(set) var newestAt: Timestamp?

    /// - Parameter orders: Their documents, each with when it was stored.
    package init(_ orders: [(createdAt: Timestamp, document: [UInt8])]) {
        var lags: [Int64] = []
        for order in orders {
            guard let root = try? JSONDocument.parse(order.document).root else { continue }
            self.orders += 1
            newestAt = max(newestAt ?? order.createdAt, order.createdAt)
            guard let all = root["transactions"]?.elements else { continue }
            for transaction in all where Self.isCard(transaction) {
                count(transaction)
                let time = transaction["authorised_at"]?.string.flatMap { Timestamp(iso8601: $0) }
                if let time {
                    lags.append(order.createdAt.milliseconds - time.milliseconds)
                }
            }
        }
        medianLagMilliseconds = Self.median(lags)
    }

    private mutating func count(_ transaction: JSONValue) {
        transactions += 1
        if transaction["acquirer_reference_number"]?.string != nil { withARN += 1 }
        if transaction["authorisation_code"]?.string != nil { withCode += 1 }
        if transaction["payment_method_card_bin"]?.string != nil { withBIN += 1 }
    }

    private static func isCard(_ transaction: JSONValue) -> Bool {
        switch transaction["payment_method_type"]?.string {
        case "BANK_TRANSFER", "BUY_NOW_PAY_LATER": false
        default: true
        }
    }

    /// The middle one, of two the lower; nil of none.
    static func median(_ values: [Int64]) -> Int64? {
        guard !values.isEmpty else { return nil }
        return values.sorted()[(values.count - 1) / 2]
    }
}
