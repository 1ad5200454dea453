package import ParryWire

/// An alert as the issuer of a sale would raise it, and what feeds do to alerts.
extension EthocaAlertMessage {
    /// The alert in which every field agrees with the sale, distorted afterwards where a feed
    /// would.
    ///
    /// - Parameter time: When the issuer raises it.
    package init(
        about sale: SoldTransaction, at time: Timestamp, using random: inout SeededGenerator
    ) {
        let type: AlertType =
            random.chance(WorldShares.confirmedFraud) ? .confirmedFraud : .customerDispute
        let id = NetworkIDs.alert(using: &random)
        self.init(
            alertID: id, alertType: type, alertTimestamp: time.truncatedToSecond,
            issuer: sale.hidden.issuer, cardBIN: String(sale.hidden.account.bin.prefix(6)),
            cardLast4: sale.hidden.account.last4, cardScheme: sale.brand,
            acquirerReferenceNumber: sale.hidden.arn, authCode: sale.authorisationCode,
            transactionTimestamp: sale.authorisedAt, transactionAmount: sale.amount,
            merchantDescriptor: sale.descriptor, mcc: sale.hidden.mcc,
            is3DSecure: random.chance(WorldShares.threeDSecure),
            chargebackReasonCode: ReasonCode.of(sale.brand, type))
    }

    /// Leaves out what names the sale by itself.
    mutating func dropIdentifiers() {
        acquirerReferenceNumber = nil
        authCode = nil
    }

    /// Gives the settlement's date; the issuer sees it at the end of the acquirer's day.
    mutating func useSettlementDate(of sale: SoldTransaction) {
        if let settledAt = sale.hidden.settledAt { transactionTimestamp = settledAt }
    }

    /// Disputes part of the amount: a quarter to nine tenths of it.
    mutating func disputePart(using random: inout SeededGenerator) {
        let part = transactionAmount.minorUnits * Int64(random.within(25...90)) / 100
        transactionAmount.minorUnits = max(1, part)
    }

    /// States the amount in another currency, with up to 1.5 % of the issuer's own rate on it.
    mutating func useForeignCurrency(
        of sale: SoldTransaction, rates: WorldRates, using random: inout SeededGenerator
    ) {
        let codes = WorldShares.cardholderCurrencies.filter { $0 != sale.amount.currency.code }
        let factor = 1 + (random.fraction() * 2 - 1) * WorldShares.foreignNoise
        guard let currency = Currency(code: random.pick(codes)),
            let amount = rates.convert(
                sale.amount, to: currency, at: sale.authorisedAt, factor: factor)
        else { return }
        transactionAmount = amount
    }

    /// Gives the number of the card that replaced the sale's: the same BIN, other last four.
    mutating func reissueCard(using random: inout SeededGenerator) {
        let old = cardLast4
        while cardLast4 == old { cardLast4 = random.digits(4) }
    }

    /// Takes another card altogether: another issuer's BIN, other last four, another code.
    mutating func useAnotherCard(using random: inout SeededGenerator) {
        cardBIN = String(cardBIN.prefix(1)) + random.digits(5)
        reissueCard(using: &random)
        acquirerReferenceNumber = nil
        if authCode != nil { authCode = random.digits(6) }
    }
}

/// The schemes' reason codes that the simulator uses.
enum ReasonCode {
    static func of(_ brand: CardBrand, _ type: EthocaAlertMessage.AlertType) -> String {
        switch (brand, type) {
        case (.mastercard, .confirmedFraud): "4837"
        case (.mastercard, .customerDispute): "4853"
        case (.amex, .confirmedFraud): "F29"
        case (.amex, .customerDispute): "C08"
        case (_, .confirmedFraud): "10.4"
        case (_, .customerDispute): "13.1"
        }
    }
}
