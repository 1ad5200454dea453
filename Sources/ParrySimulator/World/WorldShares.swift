/// How often things happen in a generated world, each with its reason. All are shares of 1.
///
/// They are chosen to be as bad as real feeds are said to be (NETWORKS.md), not as bad as possible.
package enum WorldShares {
    // MARK: Sales

    /// Days of sales before the world's date: 120 that a network may still dispute, and 30 that are
    /// too old.
    static let days = 150
    /// Sales by subscribers: the businesses that use alerts most bill monthly, which makes rebill
    /// twins.
    static let rebills = 0.7
    /// Subscribers that leave, or change card or plan, in a month: usual for consumer
    /// subscriptions.
    static let churn = 0.12
    /// A declined attempt minutes before the sale: issuers decline about one in ten, and shops
    /// retry some.
    package static let declinedAttempts = 0.04
    /// A second purchase of the same thing on the same day with the same card, by haste or by a
    /// double click.
    package static let sameDayTwins = 0.004
    /// Sales through wallets, whose token hides the card's digits: about what web shops see.
    package static let walletTokens = 0.10
    /// Sales that state eight digits of the BIN: few processors have followed the schemes yet.
    package static let eightDigitBINs = 0.08
    /// Settled sales whose ARN the seller knows at upload; the others' comes by PATCH from a
    /// settlement file.
    package static let arnAtUpload = 0.60
    /// Refunds of sales that nobody disputed: what shops of this kind pay back.
    package static let refunds = 0.02
    /// Refunds that return part of the amount.
    static let partialRefunds = 0.20
    /// Chargebacks that came without an alert: below the schemes' threshold of about 0.9 %.
    package static let disputes = 0.003
    /// Refunds that come by PATCH after the order was uploaded: most shops upload before they
    /// refund.
    static let refundsByPatch = 0.5
    /// Authorisation codes from a small stock: small issuers' systems and test cards reuse theirs.
    static let stockCodes = 0.01
    /// One-off sales of a price of their own instead of a price point: baskets, shipping, tax.
    static let oddPrices = 0.35

    // MARK: Alerts

    /// Visa's cases that come by RDR instead of an Ethoca alert, where a seller has both.
    package static let rdr = 0.20
    /// Alerts for fraud instead of a customer's dispute.
    static let confirmedFraud = 0.45
    /// Sales that were authenticated; disputes of those are rarer, but happen.
    static let threeDSecure = 0.15
    /// Ethoca alerts without ARN: issuers raise them before clearing has matched. RDR always has
    /// it.
    package static let arnAbsent = 0.55
    /// Ethoca alerts without authorisation code. RDR always has it.
    package static let codeAbsent = 0.35
    /// Alerts with the settlement's date, one to three days later: issuers that work from posted
    /// items.
    package static let settlementDates = 0.15
    /// Dates of authorisation that are the issuer's local time, written as if it were UTC.
    static let localTimes = 0.10
    /// Ethoca alerts with a descriptor that suffered on its way.
    package static let mangledDescriptors = 0.60
    /// Alerts that state eight digits of the BIN, independently of the sale.
    static let alertEightDigitBINs = 0.08
    /// Alerts whose issuer is written in another way than in other alerts.
    static let issuerVariants = 0.40
    /// Alerts that dispute part of the sale: one item of several.
    package static let partialAmounts = 0.03
    /// Alerts in the cardholder's currency: cards abroad.
    package static let foreignCurrency = 0.03
    /// What the issuer's own rate adds to or takes from the day's, at most.
    static let foreignNoise = 0.015
    /// Currencies in which issuers state foreign amounts.
    static let cardholderCurrencies = ["USD", "EUR", "GBP", "CAD", "AUD", "CHF", "SEK"]
    /// Alerts with the number of the card that replaced the sale's.
    package static let reissuedCards = 0.02
    /// Alerts about a sale of another merchant, misrouted by its descriptor.
    package static let anotherMerchants = 0.03
    /// Alerts about a sale that the seller never uploaded: a gap in its feed.
    package static let noSuchSale = 0.02
    /// The same, where another card's uploaded sale looks just like it: one in a thousand of them has another sale
    /// with its BIN, last 4 and amount among 100,000 (NETWORKS.md). A plan can ask for more.
    package static let lookAlikes = noSuchSale * 0.001
    /// Second alerts about the same sale under another id.
    package static let duplicates = 0.02
    /// Alerts about sales that had been refunded in full.
    package static let alreadyRefunded = 0.03
    /// Alerts about sales that had been charged back.
    package static let alreadyDisputed = 0.01
    /// Alerts about sales older than 120 days: beyond the schemes' usual limit.
    package static let olderThan120Days = 0.02
    /// Alerts whose order is uploaded only afterwards: sellers that upload by night.
    package static let ordersAfterAlert = 0.03
    /// How much less likely a sale is disputed with each day of its age; half of all come within 17
    /// days.
    static let dailyDecay = 0.96
}
