package import ParryWire

/// A month of the calendar, in UTC.
package struct CalendarMonth: Sendable, Hashable, CustomStringConvertible {
    /// As `2026-02`.
    package let description: String
    package let begin: Timestamp
    /// The first instant of the next month.
    package let end: Timestamp

    /// - Parameter text: As `2026-02`; nil for anything else.
    package init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 7, digits[4] == UInt8(ascii: "-"),
            (digits[..<4] + digits[5...]).allSatisfy(MatchKey.isDigit),
            let year = Int(text.prefix(4)), let month = Int(text.suffix(2)),
            (1...12).contains(month), (1970...9998).contains(year)
        else { return nil }
        let next = month == 12 ? (year + 1, 1) : (year, month + 1)
        guard let begin = Self.begin(year, month), let end = Self.begin(next.0, next.1) else {
            return nil
        }
        description = text
        self.begin = begin
        self.end = end
    }

    private static func begin(_ year: Int, _ month: Int) -> Timestamp? {
        Timestamp(iso8601: "\(year)-\(month < 10 ? "0" : "")\(month)-01T00:00:00Z")
    }
}

/// An alert that the network does not charge for, because it was invalid (CONTRACT.md 13).
package struct Credit: Sendable, Hashable {
    /// Why, where no check found it: the network took the case back.
    package static let takenBack = "TAKEN_BACK"

    package let alertID: AlertID
    /// The alert's id at the network.
    package let networkID: String
    package let network: CardNetwork
    package let receivedAt: Timestamp
    /// A word of CONTRACT.md 13, or ``takenBack``.
    package let reason: String
    /// Whose duplicate it is.
    package let originalID: AlertID?
    /// The disputed amount in minor units.
    package let amount: Int64
    package let currency: String
    package let integrationID: IntegrationID?
    package let transactionID: String?
    /// When the network took the outcome; nil while it waits, and for what needs none.
    package let toldAt: Timestamp?

    package init(
        alertID: AlertID, networkID: String, network: CardNetwork, receivedAt: Timestamp,
        reason: String, originalID: AlertID?, amount: Int64, currency: String,
        integrationID: IntegrationID?, transactionID: String?, toldAt: Timestamp?
    ) {
        self.alertID = alertID
        self.networkID = networkID
        self.network = network
        self.receivedAt = receivedAt
        self.reason = reason
        self.originalID = originalID
        self.amount = amount
        self.currency = currency
        self.integrationID = integrationID
        self.transactionID = transactionID
        self.toldAt = toldAt
    }
}
