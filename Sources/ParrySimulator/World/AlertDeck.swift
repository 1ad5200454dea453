/// The situations of a world's alerts, dealt without putting back, so that each share is met
/// exactly.
struct AlertDeck: Sendable {
    private var kinds: [Scenario] = []
    private var left: [Double] = []
    /// Sales to dispute; each duplicate is a second alert on one of them.
    let disputedCount: Int
    /// Sales older than 120 days, which are chosen by their day instead of being dealt.
    let oldCount: Int

    init(alerts: Int, lookAlikes: Double) {
        func count(_ share: Double) -> Int { Int((Double(alerts) * share).rounded()) }
        let shares: [(Scenario, Double)] = [
            (.partialAmount, WorldShares.partialAmounts),
            (.foreignCurrency, WorldShares.foreignCurrency),
            (.reissuedCard, WorldShares.reissuedCards),
            (.anotherMerchantsDescriptor, WorldShares.anotherMerchants),
            (.noSuchSale, WorldShares.noSuchSale), (.chanceLookAlike, lookAlikes),
            (.twoAlertIDs, WorldShares.duplicates),
            (.alreadyRefunded, WorldShares.alreadyRefunded),
            (.alreadyDisputed, WorldShares.alreadyDisputed),
            (.orderAfterAlert, WorldShares.ordersAfterAlert),
        ]
        disputedCount = alerts - count(WorldShares.duplicates)
        oldCount = count(WorldShares.olderThan120Days)
        for (kind, share) in shares {
            kinds.append(kind)
            left.append(Double(count(share)))
        }
        let rest = Double(disputedCount - oldCount) - left.reduce(0, +)
        kinds.append(.cleanMatch)
        left.append(max(0, rest))
    }

    /// The situation of the next sale to dispute; `cleanMatch` stands for a sale without a story of
    /// its own.
    mutating func deal(using random: inout SeededGenerator) -> Scenario {
        let place = random.weighted(left)
        left[place] = max(0, left[place] - 1)
        return kinds[place]
    }
}
