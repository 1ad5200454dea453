import ParryWire

/// Sales made from another sale, for plays that need more than one.
extension SoldTransaction {
    /// Another sale of the same card and amount: references, code and ARN of its own.
    ///
    /// - Parameters:
    ///   - suffix: What its references end in.
    ///   - seconds: How much later it is; negative for earlier.
    func sibling(
        _ suffix: String, seconds: Int64, using random: inout SeededGenerator
    ) -> SoldTransaction {
        var sale = moved(seconds: seconds, using: &random)
        sale.orderReferenceID += "-" + suffix
        sale.referenceID += "-" + suffix
        sale.orderNumber += "-" + suffix
        sale.paymentReferenceID += "-" + suffix
        sale.authorisationCode = random.digits(6)
        sale.refunds = []
        sale.disputes = []
        return sale
    }

    /// The same sale at another time, with an ARN of that time.
    func moved(seconds: Int64, using random: inout SeededGenerator) -> SoldTransaction {
        var sale = self
        sale.authorisedAt = authorisedAt.adding(seconds: seconds)
        sale.hidden.settledAt = hidden.settledAt?.adding(seconds: seconds)
        if let arn = hidden.arn, let settledAt = sale.hidden.settledAt {
            sale.hidden.arn = AcquirerReference.make(
                acquirerBIN: String(arn.dropFirst().prefix(6)), settledAt: settledAt,
                sequence: random.below(100_000_000_000))
        }
        if acquirerReferenceNumber != nil { sale.acquirerReferenceNumber = sale.hidden.arn }
        return sale
    }

    /// The attempt that the issuer declined before it let this sale through.
    func declinedAttempt(
        _ suffix: String, seconds: Int64, using random: inout SeededGenerator
    ) -> SoldTransaction {
        var attempt = sibling(suffix, seconds: seconds, using: &random)
        attempt.status = .declined
        attempt.authorisationCode = nil
        attempt.acquirerReferenceNumber = nil
        attempt.hidden.arn = nil
        attempt.hidden.settledAt = nil
        return attempt
    }

    /// The sale as a Visa card's, because RDR is Visa's.
    var onVisa: SoldTransaction {
        guard brand != .visa else { return self }
        var sale = self
        sale.brand = .visa
        if !card.bin.isEmpty { sale.card.bin = "4" + card.bin.dropFirst() }
        sale.hidden.account.bin = "4" + hidden.account.bin.dropFirst()
        return sale
    }

    /// The sale through a wallet, whose token stands on the seller's books in the card's place.
    func tokenised(using random: inout SeededGenerator) -> SoldTransaction {
        var sale = self
        sale.hidden.wallet = sale.hidden.wallet ?? .applePay
        while sale.card.last4 == sale.hidden.account.last4 { sale.card.last4 = random.digits(4) }
        return sale
    }
}
