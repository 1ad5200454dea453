/// The rules that make a match, strongest first: the steps of CONTRACT.md 12 and what was added to them.
///
/// A rule looks at evidence only, and better evidence never stops it: this is why a candidate that is worse
/// in every field cannot come before another.
package enum MatchRule: String, Sendable, CaseIterable {
    /// Step 1: the same ARN, and no other last 4. Recycled ARNs belong to another card.
    case arn = "ARN"
    /// Step 2: the same code and last 4 within 2 days, whatever the currency.
    case codeAndLast4 = "CODE_AND_LAST_4"
    /// The same ARN and an amount that fits, with digits that may be a wallet's token.
    case arnOfToken = "ARN_OF_TOKEN"
    /// Step 3: BIN, brand, last 4, amount and currency within 3 days.
    case card = "CARD"
    /// A code that this sale alone carries within 2 days, with amount, currency and descriptor, although the
    /// card's digits differ: the card was re-issued, or a wallet hides them.
    case codeAlone = "CODE_ALONE"
    /// A code that this sale alone carries within 2 days, with BIN and descriptor, its last 4 unknown; the
    /// amount may be a part.
    case codeAndBIN = "CODE_AND_BIN"
    /// As step 2, but another ARN: a sale that was cleared in parts, or another sale under a reused code.
    case codeOfOtherClearing = "CODE_OF_OTHER_CLEARING"
    /// Step 4: last 4, brand, amount and currency within 1 day.
    case last4 = "LAST_4"
    /// As step 3 where a time is not known: nothing tells this month's sale from the last one's.
    case cardWithoutTime = "CARD_WITHOUT_TIME"
    /// A code that this sale alone carries within 2 days, with amount and currency; nothing contradicts.
    case codeAndAmount = "CODE_AND_AMOUNT"
    /// Step 5: as step 3 with an amount within 2 % after conversion.
    case convertedCard = "CONVERTED_CARD"

    /// Strongest first; kept, because `allCases` makes a new array each time.
    static let strongestFirst = allCases

    /// How sure a match by this rule is.
    package var confidence: MatchConfidence {
        switch self {
        case .arn: .exact
        case .codeAndLast4, .arnOfToken, .card, .codeAlone, .codeAndBIN: .high
        case .codeOfOtherClearing, .last4, .cardWithoutTime, .codeAndAmount, .convertedCard: .low
        }
    }

    /// Its step in the table of CONTRACT.md 12, for what was added nil.
    package var step: Int? {
        switch self {
        case .arn: 1
        case .codeAndLast4: 2
        case .card: 3
        case .last4: 4
        case .convertedCard: 5
        case .arnOfToken, .codeAlone, .codeAndBIN, .codeOfOtherClearing, .cardWithoutTime,
            .codeAndAmount:
            nil
        }
    }
}
