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

    /// What this plan does first about a reference, by its content.
    private var here: [String: [UInt8]] = [:]

    init(_ orders: [SentOrder], known store: [String: FeedStore.Known]) {
        for order in orders {
            // Versions of one order go out in their order: the second waits for what the first comes to.
            if let digest = here[order.reference] {
                if digest == order.digest { repeated += 1 } else { later.append(order) }
            } else {
                here[order.reference] = order.digest
                plan(order, store[order.reference])
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
