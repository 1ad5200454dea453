import ParryWire

/// The banks whose cards a world is paid with. A few have most cards, as in life; BINs lie in their
/// brands' ranges but belong to nobody in particular.
struct CardIssuer: Sendable {
    /// How issuers write themselves: the first is the usual way.
    let names: [String]
    let brand: CardBrand
    /// Six digits each; the first has most cards.
    let bins: [String]
    /// Its part of all cards, in hundredths.
    let weight: Double

    private init(_ names: [String], _ brand: CardBrand, _ bins: [String], _ weight: Double) {
        self.names = names
        self.brand = brand
        self.bins = bins
        self.weight = weight
    }

    static let all: [CardIssuer] = [
        CardIssuer(
            ["JPMorgan Chase", "CHASE", "JPMORGAN CHASE BANK N.A."], .visa,
            ["414720", "426684", "438857"], 15),
        CardIssuer(
            ["Bank of America", "BANK OF AMERICA, N.A.", "BOFA"], .visa,
            ["480011", "474476", "414734"], 10),
        CardIssuer(
            ["Capital One", "CAPITAL ONE BANK (USA)"], .mastercard,
            ["517805", "515676", "529149"], 9),
        CardIssuer(["Citibank", "CITIBANK N.A.", "CITI"], .mastercard, ["542418", "546616"], 7),
        CardIssuer(["Wells Fargo", "WELLS FARGO BANK"], .visa, ["434256", "446542"], 6),
        CardIssuer(["American Express", "AMEX"], .amex, ["379738", "372888", "341142"], 6),
        CardIssuer(["Barclays", "BARCLAYS BANK PLC"], .visa, ["465943", "492942"], 5),
        CardIssuer(["Lloyds Bank", "LLOYDS"], .visa, ["492181", "456475"], 4),
        CardIssuer(["BNP Paribas", "BNP PARIBAS SA"], .visa, ["497401", "497040"], 4),
        CardIssuer(["Deutsche Bank", "DEUTSCHE BANK AG"], .mastercard, ["523250"], 3),
        CardIssuer(["Revolut", "REVOLUT BANK UAB"], .mastercard, ["535585", "528570"], 5),
        CardIssuer(["Monzo", "MONZO BANK LIMITED"], .mastercard, ["535522"], 3),
        CardIssuer(["Discover", "DISCOVER BANK"], .discover, ["601100", "601120"], 3),
        CardIssuer(["U.S. Bank", "US BANK N.A."], .visa, ["403766"], 3),
        CardIssuer(["USAA", "USAA FEDERAL SAVINGS"], .visa, ["440393"], 2),
        CardIssuer(["Navy Federal", "NAVY FEDERAL CREDIT UNION"], .visa, ["400344"], 2),
        CardIssuer(["ING", "ING BANK N.V."], .mastercard, ["524886"], 2),
        CardIssuer(["Santander", "BANCO SANTANDER S.A."], .visa, ["454638"], 3),
        CardIssuer(["N26", "N26 BANK SE"], .mastercard, ["533896"], 2),
        CardIssuer(["SMBC", "SUMITOMO MITSUI CARD"], .visa, ["498020"], 2),
        CardIssuer(["JCB", "JCB CO. LTD."], .jcb, ["354095"], 1),
        CardIssuer(["National Bank of Kuwait", "NBK"], .visa, ["464452"], 1),
        CardIssuer(["TD Bank", "TD BANK N.A."], .visa, ["472409"], 1),
        CardIssuer(["Sparkasse", "SPARKASSEN-FINANZGRUPPE"], .mastercard, ["521999"], 1),
    ]

    static let weights = all.map(\.weight)

    /// A BIN: the first two times in three.
    func drawBIN(using random: inout SeededGenerator) -> String {
        bins.count == 1 || random.chance(0.66) ? bins[0] : bins[1 + random.below(bins.count - 1)]
    }
}
