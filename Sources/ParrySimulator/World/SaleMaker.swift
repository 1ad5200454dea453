import ParryWire

/// Makes one sale of a buyer: references, code, ARN, state, and what was paid back.
struct SaleMaker {
    /// Places from here on belong to sales that were never uploaded, so that no ARN is given twice.
    static let strangersFrom = 50_000_000_000

    /// Codes that come again and again.
    private static let stockCodes = ["000000", "123456", "OK1234", "T00001", "831000"]
    private static let codeAlphabet = Array("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ".utf8)
    private static let settlementDays = [0.5, 0.35, 0.15]

    let buyer: Buyer
    let position: Int
    let now: Timestamp
    var random: SeededGenerator

    mutating func make(
        at authorisedAt: Timestamp, settlementDay: Timestamp, role: WorldSale.Role,
        hasDeclinedAttempt: Bool, isTwin: Bool
    ) -> WorldSale {
        let isDeclined = role == .declinedAttempt
        let settledAt = settlement(settlementDay)
        let isSettled = !isDeclined && settledAt <= now
        let isARNLate = !random.chance(WorldShares.arnAtUpload)
        // A settlement file takes another two days.
        let knowsARN = isSettled && (!isARNLate || settledAt.adding(seconds: 2 * 86_400) <= now)
        let arn = AcquirerReference.make(
            acquirerBIN: buyer.merchant.acquirerBIN, settledAt: settledAt, sequence: position)
        var sale = blank(authorisedAt, code: isDeclined ? nil : code())
        sale.status = isDeclined ? .declined : isSettled ? .settled : .authorised
        sale.acquirerReferenceNumber = knowsARN ? arn : nil
        sale.hidden.arn = isDeclined ? nil : arn
        sale.hidden.settledAt = isDeclined ? nil : settledAt
        if isSettled { payBack(&sale) }
        return WorldSale(
            sale: sale, organisation: buyer.organisation, position: position, role: role,
            hasDeclinedAttempt: hasDeclinedAttempt, isTwin: isTwin,
            isARNLate: isARNLate && knowsARN,
            areRefundsLate: random.chance(WorldShares.refundsByPatch))
    }

    /// One to three days later, early in the acquirer's day.
    private mutating func settlement(_ day: Timestamp) -> Timestamp {
        let days = 1 + random.weighted(Self.settlementDays)
        return day.adding(seconds: Int64(days * 86_400 + random.below(6 * 3_600)))
    }

    private mutating func code() -> String {
        if random.chance(WorldShares.stockCodes) { return random.pick(Self.stockCodes) }
        return random.chance(0.8) ? random.digits(6) : random.text(6, of: Self.codeAlphabet)
    }

    private mutating func blank(_ authorisedAt: Timestamp, code: String?) -> SoldTransaction {
        let hidden = HiddenFacts(
            account: buyer.account, settledAt: nil, issuer: buyer.issuer.names[0], arn: nil,
            mcc: buyer.merchant.mcc, wallet: buyer.wallet,
            cardAcceptorID: buyer.merchant.cardAcceptorID,
            networkTransactionID: NetworkIDs.visaTransaction(using: &random))
        return SoldTransaction(
            orderReferenceID: Padded.text("order-", position, width: 11),
            referenceID: Padded.text("txn-", position, width: 11),
            orderNumber: Padded.text("#", position, width: 11),
            paymentReferenceID: Padded.text("pay_", position, width: 11),
            amount: buyer.amount, authorisedAt: authorisedAt, card: buyer.books,
            brand: buyer.issuer.brand, authorisationCode: code, acquirerReferenceNumber: nil,
            descriptor: buyer.descriptor, status: .authorised, hidden: hidden)
    }

    /// What happens to sales that nobody raises an alert about; an alert's sale gets its own story.
    private mutating func payBack(_ sale: inout SoldTransaction) {
        let seconds = Int64(random.within(2 * 86_400...25 * 86_400))
        let time = min(sale.authorisedAt.adding(seconds: seconds), now)
        if random.chance(WorldShares.refunds) {
            let isPartial = random.chance(WorldShares.partialRefunds)
            sale.refund(at: time, amount: isPartial ? max(1, sale.amount.minorUnits / 2) : nil)
        } else if random.chance(WorldShares.disputes) {
            sale.dispute(at: time)
        }
    }
}

extension SoldTransaction {
    /// Pays back the sale, or part of it.
    mutating func refund(at time: Timestamp, amount minorUnits: Int64? = nil) {
        refunds = [
            SaleRefund(
                referenceID: referenceID + "-refund",
                amount: Money(minorUnits ?? amount.minorUnits, amount.currency), refundedAt: time)
        ]
    }

    /// Charges the sale back.
    mutating func dispute(at time: Timestamp) {
        disputes = [
            SaleDispute(
                referenceID: referenceID + "-dispute", amount: amount, disputedAt: time,
                reasonCode: ReasonCode.of(brand, .customerDispute))
        ]
    }
}
