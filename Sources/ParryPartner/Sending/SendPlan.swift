/// What is to be done about orders, by what is known of their references.
struct SendPlan: Sendable {
    /// Nobody sent them.
    private(set) var new: [SentOrder] = []
    /// They say something else than when they were sent.
    private(set) var changes: [(order: SentOrder, id: String)] = []
    /// Another version is on its way: plan again when that is known.
    private(set) var later: [SentOrder] = []
    /// Sent before, and the same.
    private(set) var known: Int64 = 0
    /// On their way already, and the same.
    private(set) var repeated: Int64 = 0

    /// What this plan does first about a reference.
    private var here: [String: First] = [:]

    private struct First {
        let digest: [UInt8]
        let isKnown: Bool
    }

    init(_ orders: [SentOrder], known store: [String: FeedStore.Known]) {
        for order in orders {
            // Versions of one order go out in their order: the second waits for what the first comes to.
            switch here[order.reference] {
            case let first? where first.digest != order.digest: later.append(order)
            case let first?: if first.isKnown { known += 1 } else { repeated += 1 }
            case nil:
                let knownBefore = known
                plan(order, store[order.reference])
                here[order.reference] = First(
                    digest: order.digest, isKnown: known > knownBefore)
            }
        }
    }

    private mutating func plan(_ order: SentOrder, _ before: FeedStore.Known?) {
        guard let before else { return new.append(order) }
        let isSame = before.digest == order.digest
        switch (before.orderID, before.isOnItsWay) {
        case (_, true) where before.orderID == nil && isSame: repeated += 1
        case (_, true), (nil, _):
            later.append(order)
        case (let id?, false):
            if isSame { known += 1 } else { changes.append((order, id)) }
        }
    }
}
