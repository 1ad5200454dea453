package import ParryWire

// How the simulator decides whether an alert can be decided at all.
//
// It knows the true sale, so it does not search for it. It asks whether a reader who has only what
// the seller uploaded could tell that sale from every other:
//
// 1. A sale is out when it was never paid (declined, voided, failed), has another brand, or has an
//    ARN or an authorisation code on file that differs from the alert's.
// 2. A sale is out when its amount cannot be the alert's (neither equal, nor within 2 % at the
//    day's rate, nor larger in the same currency) or its time cannot (the alert's lies more than 26
//    hours before it or more than 98 hours behind it: settlement in three days, and a day of time
//    zones). An equal ARN overrides both.
// 3. What is left is ranked by what binds it to the card: ARN and last 4, ARN, code and last 4,
//    code or BIN and last 4, last 4 where no BIN is known, nothing.
// 4. The alert is undecidable when the true sale itself has too little (less than last 4), or when
//    a rival has more, or has as much and is not worse in amount, time or descriptor. Times differ
//    only when one is within six hours of the alert's and the other is not (CONTRACT.md 12).
// 5. An alert about no uploaded sale is undecidable when any sale is left with last 4 or more: a
//    reader would take that one.
//
// The rules are the generator's own: nothing here is shared with a matcher, and none may be tuned
// by the other.

/// What an alert tells of a sale, whichever network sent it.
package struct Evidence: Sendable, Hashable {
    package let arn: String?
    package let code: String?
    package let card: CardDigits
    package let brand: CardBrand
    package let amount: Money
    package let time: Timestamp
    package let descriptor: String

    /// Takes what an alert says.
    package init(
        arn: String?, code: String?, card: CardDigits, brand: CardBrand,
        about sale: (amount: Money, time: Timestamp, descriptor: String)
    ) {
        self.arn = arn
        self.code = code
        self.card = card
        self.brand = brand
        amount = sale.amount
        time = sale.time
        descriptor = sale.descriptor
    }

    /// What an Ethoca alert tells.
    package init(_ alert: EthocaAlertMessage) {
        self.init(
            arn: alert.acquirerReferenceNumber, code: alert.authCode,
            card: CardDigits(bin: alert.cardBIN, last4: alert.cardLast4),
            brand: alert.cardScheme,
            about: (
                alert.transactionAmount, alert.transactionTimestamp, alert.merchantDescriptor
            ))
    }

    /// What an RDR case tells: the sale's whole amount, whatever part of it is disputed.
    package init(_ request: VerifiDecisionMessage) {
        self.init(
            arn: request.arn, code: request.authCode,
            card: CardDigits(bin: request.cardBIN, last4: request.cardLast4),
            brand: request.paymentType,
            about: (request.transactionAmount, request.transactionDate, request.paymentDescriptor))
    }
}

/// How well one uploaded sale fits an alert; more is better in every member.
struct Fit: Sendable, Hashable {
    /// The least that lets a reader name a sale: the last four digits of a card.
    static let identityMin = 2

    let identity: Int
    let amount: Int
    let time: Int
    let descriptor: Int

    /// Whether a reader could take this sale for the one that fits like `truth`.
    func rivals(_ truth: Fit) -> Bool {
        guard identity == truth.identity else { return identity > truth.identity }
        return amount >= truth.amount && time >= truth.time && descriptor >= truth.descriptor
    }
}

extension Evidence {
    private static let hoursBeforeMax: Int64 = 26
    private static let hoursBehindMax: Int64 = 98
    private static let hoursEqualMax: Int64 = 6
    private static let foreignTolerance = 0.02

    /// How the sale fits, or nil when the alert cannot be about it.
    func fit(_ sale: SoldTransaction, rates: WorldRates) -> Fit? {
        guard sale.brand == brand, isPaid(sale),
            !differs(arn, sale.acquirerReferenceNumber), !differs(code, sale.authorisationCode)
        else { return nil }
        let amount = amountLevel(sale, rates)
        let time = timeLevel(sale)
        guard amount > 0 && time > 0 || has(arn, sale.acquirerReferenceNumber) else { return nil }
        let descriptor = StatementText.agree(descriptor, sale.descriptor) ? 1 : 0
        return Fit(identity: identity(sale), amount: amount, time: time, descriptor: descriptor)
    }

    private func isPaid(_ sale: SoldTransaction) -> Bool {
        switch sale.status {
        case .pending, .authorised, .settled: true
        case .declined, .voided, .failed: false
        }
    }

    private func differs(_ given: String?, _ known: String?) -> Bool {
        given != nil && known != nil && given != known
    }

    private func has(_ given: String?, _ known: String?) -> Bool {
        given != nil && given == known
    }

    private func identity(_ sale: SoldTransaction) -> Int {
        let hasLast4 = card.last4 == sale.card.last4
        if has(arn, sale.acquirerReferenceNumber) { return hasLast4 ? 6 : 5 }
        if has(code, sale.authorisationCode) { return hasLast4 ? 4 : 3 }
        guard hasLast4 else { return 0 }
        if sale.card.bin.isEmpty { return 2 }
        return card.bin.prefix(6) == sale.card.bin.prefix(6) ? 3 : 0
    }

    private func amountLevel(_ sale: SoldTransaction, _ rates: WorldRates) -> Int {
        if amount == sale.amount { return 3 }
        if amount.currency == sale.amount.currency {
            return amount.minorUnits < sale.amount.minorUnits ? 1 : 0
        }
        guard
            let converted = rates.convert(sale.amount, to: amount.currency, at: sale.authorisedAt)
        else { return 0 }
        let difference = Double(abs(converted.minorUnits - amount.minorUnits))
        // One minor unit may be more than the tolerance of a small amount.
        return difference <= max(1, Double(converted.minorUnits) * Self.foreignTolerance) ? 2 : 0
    }

    private func timeLevel(_ sale: SoldTransaction) -> Int {
        let behind = time.milliseconds - sale.authorisedAt.milliseconds
        if abs(behind) <= Self.hoursEqualMax * 3_600_000 { return 2 }
        let range = -Self.hoursBeforeMax * 3_600_000...Self.hoursBehindMax * 3_600_000
        return range ~= behind ? 1 : 0
    }
}

extension Evidence {
    /// Whether a reader of the uploaded sales could tell which one is meant.
    ///
    /// - Parameters:
    ///   - truth: The reference of the true sale's transaction; nil when it was never uploaded.
    ///   - sales: All that the seller uploaded, with the ARNs that it patched in.
    package func isDecidable(
        truth: String?, among sales: [SoldTransaction], rates: WorldRates
    ) -> Bool {
        let others = sales.filter { $0.referenceID != truth }.compactMap { fit($0, rates: rates) }
        guard let truth else { return !others.contains { $0.identity >= Fit.identityMin } }
        guard let sale = sales.first(where: { $0.referenceID == truth }),
            let own = fit(sale, rates: rates), own.identity >= Fit.identityMin
        else { return false }
        return !others.contains { $0.rivals(own) }
    }
}
