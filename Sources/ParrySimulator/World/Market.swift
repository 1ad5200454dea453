package import ParryWire

/// Who sells what in a world: its organisations and their merchants.
struct Market: Sendable {
    let organisations: [WorldOrganisation]
    /// Sales by organisation: the first has most, the n-th one n-th of it.
    let weights: [Double]

    init(_ plan: WorldPlan) {
        var organisations: [WorldOrganisation] = []
        var brands = 0
        for (number, account) in plan.accounts.enumerated() {
            var random = SeededGenerator(seed: plan.seed, WorldTag.market, UInt64(number))
            let count = random.within(2...4)
            organisations.append(
                WorldOrganisation(
                    account: account,
                    merchants: (0..<count).map {
                        WorldMerchant.draw(brand: brands + $0, using: &random)
                    }))
            brands += count
        }
        self.organisations = organisations
        weights = organisations.indices.map { 1 / Double($0 + 1) }
    }
}

/// One organisation of a world.
package struct WorldOrganisation: Sendable {
    package let account: WorldAccount
    package let merchants: [WorldMerchant]
}

/// One merchant of a world, as its enrolments have to name it.
package struct WorldMerchant: Sendable {
    package let name: String
    /// Descriptors as enrolled with Ethoca; sales carry the text, so `STARTS_WITH` and exact ones
    /// both fit.
    package let descriptors: [WorldDescriptor]
    package let mcc: String
    /// The acquirer's BIN, six digits, as enrolled with RDR.
    package let acquirerBIN: String
    /// The card acceptor id at the acquirer, at most 16 letters and digits.
    package let cardAcceptorID: String
    package let currencies: [Currency]

    /// Draws a merchant with a name that no other brand number has.
    static func draw(brand number: Int, using random: inout SeededGenerator) -> WorldMerchant {
        let name = brandName(number)
        let upper = name.uppercased()
        var descriptors = [WorldDescriptor(text: upper + " MONTHLY", matchType: .startsWith)]
        if random.chance(0.5) {
            let text = random.pick([" SHOP", ".COM", " PREMIUM"])
            descriptors.append(WorldDescriptor(text: upper + text, matchType: .exactMatch))
        }
        let codes = PriceList.codes.prefix(random.within(2...PriceList.codes.count))
        return WorldMerchant(
            name: name, descriptors: descriptors,
            mcc: random.pick(["7997", "5968", "5816", "5734", "4899"]),
            acquirerBIN: random.pick(["402701", "424242", "455871", "468901", "479126"]),
            cardAcceptorID: String(upper.prefix(8)) + "CA" + Padded.text("", number, width: 4),
            currencies: codes.compactMap(Currency.init(code:)))
    }

    private static let starts = [
        "Acme", "Luma", "Nord", "Vita", "Pixel", "Orbit", "Cedar", "Mango", "Delta", "Royal",
        "Swift", "Tango", "Ember", "Ivory", "Koala", "Quill", "Raven", "Solar", "Umbra", "Zenit",
    ]
    private static let ends = ["Fit", "Box", "Cast", "Play", "Cloud", "Books", "Diet", "Learn"]

    private static func brandName(_ number: Int) -> String {
        let (round, rest) = number.quotientAndRemainder(dividingBy: starts.count * ends.count)
        let name = starts[rest % starts.count] + ends[(rest / starts.count + rest) % ends.count]
        return round == 0 ? name : name + String(round)
    }
}

/// A descriptor of a merchant, and how it is enrolled.
package struct WorldDescriptor: Sendable, Hashable {
    package let text: String
    package let matchType: DescriptorMatchType
}

/// What things cost: real price points, because a price of its own would separate every sale from
/// every other.
enum PriceList {
    /// A world's currencies, the most used first.
    static let codes = ["USD", "EUR", "GBP", "JPY", "KWD"]
    static let currencyWeights = [0.52, 0.24, 0.15, 0.06, 0.03]

    private static let points: [String: [Int64]] = [
        "USD": [499, 999, 1_499, 1_999, 2_999, 4_900, 9_900],
        "EUR": [499, 999, 1_499, 1_999, 2_999, 4_900, 9_900],
        "GBP": [399, 799, 1_199, 1_799, 2_499, 3_900, 7_900],
        "JPY": [500, 980, 1_480, 1_980, 2_980, 4_980, 9_800],
        "KWD": [1_500, 2_990, 4_500, 5_900, 8_900, 14_900, 29_900],
    ]
    private static let weights = [0.16, 0.28, 0.12, 0.18, 0.10, 0.12, 0.04]

    /// One of the currency's price points.
    static func draw(_ currency: Currency, using random: inout SeededGenerator) -> Money {
        let list = points[currency.code] ?? [500]
        return Money(list[random.weighted(weights) % list.count], currency)
    }
}
