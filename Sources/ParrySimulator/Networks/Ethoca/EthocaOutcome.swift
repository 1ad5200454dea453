import ParryWire

/// One outcome of `POST /outcomes`, as far as it says what became of the alert.
///
/// Two of them are the same outcome when they are equal: the timestamp and the comments may differ.
package struct EthocaOutcome: Sendable, Equatable {
    /// The words for both types of alert (NETWORKS.md, CONTRACT.md 9.5).
    package enum Word: String, Sendable, CaseIterable {
        case stopped = "STOPPED"
        case partiallyStopped = "PARTIALLY_STOPPED"
        case previouslyCancelled = "PREVIOUSLY_CANCELLED"
        case missed = "MISSED"
        case notFound = "NOT_FOUND"
        case accountSuspended = "ACCOUNT_SUSPENDED"
        case other = "OTHER"
        case resolved = "RESOLVED"
        case resolvedPreviouslyRefunded = "RESOLVED_PREVIOUSLY_REFUNDED"
        case unresolvedDispute = "UNRESOLVED_DISPUTE"

        /// Whether alerts of this type take it.
        package func isMeant(for type: EthocaAlertMessage.AlertType) -> Bool {
            switch (self, type) {
            case (.notFound, _), (.other, _): true
            case (.resolved, .customerDispute), (.resolvedPreviouslyRefunded, .customerDispute),
                (.unresolvedDispute, .customerDispute):
                true
            case (.resolved, _), (.resolvedPreviouslyRefunded, _), (.unresolvedDispute, _): false
            default: type == .confirmedFraud
            }
        }
    }

    /// Whether the cardholder has the money back.
    package enum RefundStatus: String, Sendable, CaseIterable {
        case refunded = "REFUNDED"
        case notRefunded = "NOT_REFUNDED"
        case notSettled = "NOT_SETTLED"
    }

    package let alertID: String
    package let word: Word
    package let refundStatus: RefundStatus
    /// In the currency's own number of decimals; nil when nothing was refunded.
    package let amount: String?
    package let currency: String?

    private static let members = [
        "alertId", "outcome", "refundStatus", "amount", "currency", "timestamp", "comments",
    ]

    /// Reads one element of `outcomes`; what is wrong with it is the reader's.
    ///
    /// All members have to be there. A refund says how much, in what currency and when; for the
    /// others these three may be null, and `comments` may always be.
    init?(_ part: MessagePart, _ reader: inout MessageReader) {
        reader.only(part, members: Self.members)
        let alertID = reader.text(part, "alertId", 1...64)
        let word: Word? = reader.word(part, "outcome")
        let refundStatus: RefundStatus? = reader.word(part, "refundStatus")
        _ = reader.textOrNull(part, "comments", 0...SimulatorLimits.commentMax)
        let time = reader.textOrNull(part, "timestamp", 1...64)
        if let time, Timestamp(iso8601: time) == nil {
            reader.fault(part, "timestamp", "is no time of RFC 3339 with its zone")
        }
        currency = reader.textOrNull(part, "currency", 3...3)
        amount = reader.textOrNull(part, "amount", 1...20)
        Self.check(amount, currency, part, &reader)
        if refundStatus == .refunded, amount == nil || currency == nil || time == nil {
            reader.fault(part, "", "is a refund and says not how much, in what currency and when")
        }
        guard let alertID, let word, let refundStatus else { return nil }
        self.alertID = alertID
        self.word = word
        self.refundStatus = refundStatus
    }

    private static func check(
        _ amount: String?, _ currency: String?, _ part: MessagePart, _ reader: inout MessageReader
    ) {
        guard let currency else {
            if amount != nil { reader.fault(part, "currency", "has to be with the amount") }
            return
        }
        guard let known = Currency(code: currency) else {
            return reader.fault(part, "currency", "is no active code of ISO 4217")
        }
        guard let amount, !isWritten(amount, in: known) else { return }
        reader.fault(
            part, "amount", "is no decimal with the \(known.exponent) places of \(currency)")
    }

    /// Whether a text is an amount with just the currency's decimals: `500` in JPY, `1.250` in KWD.
    static func isWritten(_ amount: String, in currency: Currency) -> Bool {
        let parts = amount.utf8.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isNumber = parts.allSatisfy { part in
            !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) }
        }
        guard isNumber, let whole = parts.first else { return false }
        guard whole.count == 1 || whole.first != UInt8(ascii: "0") else { return false }
        guard currency.exponent > 0 else { return parts.count == 1 }
        return parts.count == 2 && parts[1].count == currency.exponent
    }

    /// Reads an outcome of the ledger again.
    init?(stored body: [UInt8]) {
        var reader = MessageReader()
        guard let part = reader.root(body, members: nil) else { return nil }
        self.init(part, &reader)
    }
}
