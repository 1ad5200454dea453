import ParryWire

/// A cardholder and what is bought: drawn again whenever a subscriber pays, instead of being kept.
struct Buyer: Sendable {
    let organisation: Int
    let merchant: WorldMerchant
    let descriptor: String
    let amount: Money
    let issuer: CardIssuer
    /// The card that the issuer knows, with eight digits of BIN.
    let account: CardDigits
    /// What the seller's books show: a token, or the card.
    let books: CardDigits
    let wallet: HiddenFacts.Wallet?
    /// The second of the day at which this buyer pays.
    let second: Int

    /// Draws a buyer.
    ///
    /// - Parameter isSubscriber: Subscribers pay a price point by the merchant's first descriptor.
    init(_ market: Market, isSubscriber: Bool, using random: inout SeededGenerator) {
        organisation = random.weighted(market.weights)
        let merchants = market.organisations[organisation].merchants
        merchant = merchants[random.below(merchants.count)]
        descriptor =
            isSubscriber ? merchant.descriptors[0].text : random.pick(merchant.descriptors).text
        let weights = Array(PriceList.currencyWeights.prefix(merchant.currencies.count))
        let currency = merchant.currencies[random.weighted(weights)]
        var amount = PriceList.draw(currency, using: &random)
        if !isSubscriber, random.chance(WorldShares.oddPrices) {
            amount.minorUnits = amount.minorUnits / 2 + Int64(random.below(Int(amount.minorUnits)))
        }
        self.amount = amount
        issuer = CardIssuer.all[random.weighted(CardIssuer.weights)]
        let bin = issuer.drawBIN(using: &random)
        account = CardDigits(bin: bin + random.digits(2), last4: random.digits(4))
        let hasWallet = random.chance(WorldShares.walletTokens)
        wallet = hasWallet ? random.pick(HiddenFacts.Wallet.allCases) : nil
        let shown = random.chance(WorldShares.eightDigitBINs) ? 8 : 6
        books = Self.books(account, shown, hasWallet, &random)
        second = random.weighted(SaleCalendar.hourWeights) * 3_600 + random.below(3_600)
    }

    /// A token's BIN is one of the issuer's token ranges, near its card's.
    private static func books(
        _ account: CardDigits, _ shown: Int, _ hasWallet: Bool, _ random: inout SeededGenerator
    ) -> CardDigits {
        guard hasWallet else {
            return CardDigits(bin: String(account.bin.prefix(shown)), last4: account.last4)
        }
        let bin = String(account.bin.prefix(4)) + random.digits(shown - 4)
        return CardDigits(bin: bin, last4: random.digits(4))
    }
}
