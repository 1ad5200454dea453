package import ParryDomain
package import ParryWire

/// Why an alert is invalid (CONTRACT.md 13); internal, no alert shows it.
package enum InvalidReason: String, Sendable, CaseIterable {
    case duplicate = "DUPLICATE"
    case alreadyRefunded = "ALREADY_REFUNDED"
    case alreadyDisputed = "ALREADY_DISPUTED"
    case wrongMerchant = "WRONG_MERCHANT"
    case notFound = "NOT_FOUND"
}

/// What the validity of an alert is judged by; who gathers it owns the look-ups.
package struct ValidityFacts: Sendable {
    /// The alert's `alertTimestamp`: what happened *before the alert* happened before it.
    package var alertedAt: Timestamp
    /// The disputed amount in minor units; nil is unknown, and then only a refund of the whole sale
    /// covers it.
    package var amount: Int64?
    package var currency: String?
    /// Another, earlier Ethoca alert is about the same transaction and amount.
    package var isDuplicate = false
    /// The descriptor belongs to no enrolment that is ENABLED still.
    package var isWrongMerchant = false
    package var mode: MatchingMode
    package var outcome: MatchOutcome
    /// The matched sale's own amount and currency, nil without a match.
    package var saleAmount: Int64?
    package var saleCurrency: String?
    /// Of the matched transaction, see ``OrderHistory/refunds(of:)``; empty without a match.
    package var refunds: [KnownReversal] = []
    package var disputes: [KnownReversal] = []

    /// Knows the alert's time and what became of its match; the rest is set where it is known.
    package init(alertedAt: Timestamp, mode: MatchingMode, outcome: MatchOutcome) {
        self.alertedAt = alertedAt
        self.mode = mode
        self.outcome = outcome
    }
}

/// The invalid-alert checks in their order (CONTRACT.md 13).
package enum AlertValidity {
    /// The first reason that applies; nil for a valid alert.
    package static func judge(_ facts: ValidityFacts, rates: ExchangeRates) -> InvalidReason? {
        if facts.isDuplicate { return .duplicate }
        if isRefunded(facts, rates: rates) { return .alreadyRefunded }
        if facts.disputes.contains(where: { isBefore($0.at, facts) }) { return .alreadyDisputed }
        if facts.isWrongMerchant { return .wrongMerchant }
        // An ambiguous alert has too many transactions, not none: a person looks at it.
        return facts.mode == .strict && facts.outcome == .none ? .notFound : nil
    }

    /// Without a date nobody can say that it was before the alert; calling it invalid would let a dispute
    /// pass that may be real.
    private static func isBefore(_ time: Timestamp?, _ facts: ValidityFacts) -> Bool {
        time.map { $0 < facts.alertedAt } ?? false
    }

    /// The SUCCEEDED refunds before the alert cover its amount, or the whole sale, which covers every amount
    /// of it in whatever currency.
    private static func isRefunded(_ facts: ValidityFacts, rates: ExchangeRates) -> Bool {
        let refunds = facts.refunds.filter { $0.status == "SUCCEEDED" && isBefore($0.at, facts) }
        guard !refunds.isEmpty else { return false }
        return coversSale(refunds, facts) || coversAlert(refunds, facts, rates: rates)
    }

    private static func coversSale(_ refunds: [KnownReversal], _ facts: ValidityFacts) -> Bool {
        guard let sale = facts.saleAmount, sale > 0, let currency = facts.saleCurrency,
            currency != facts.currency
        else { return false }
        let own = refunds.filter { $0.currency == currency }.compactMap(\.amount)
        return sum(own) >= Int128(sale)
    }

    /// Refunds in another currency are converted by the rate of their day, without one they do not count; with
    /// such a refund the tolerance of matching applies, since the rates are not the issuer's.
    private static func coversAlert(
        _ refunds: [KnownReversal], _ facts: ValidityFacts, rates: ExchangeRates
    ) -> Bool {
        guard let amount = facts.amount, amount > 0, let currency = facts.currency else {
            return false
        }
        let own = refunds.filter { $0.currency == currency }.compactMap(\.amount)
        let total = sum(own)
        if total >= Int128(amount) { return true }
        let foreign = refunds.compactMap { refund -> Int64? in
            guard refund.currency != currency, let value = refund.amount,
                let other = refund.currency, let time = refund.at
            else { return nil }
            return rates.convert(value, from: other, to: currency, on: time)
        }
        guard !foreign.isEmpty else { return false }
        let tolerated = Int128(100 - MatchingRules.convertedPercentMax) * Int128(amount)
        return 100 * (total + sum(foreign)) >= tolerated
    }

    /// Cannot overflow: an order has few refunds, each of at most 64 bits.
    private static func sum(_ amounts: [Int64]) -> Int128 {
        amounts.reduce(Int128(0)) { $0 + Int128($1) }
    }
}
