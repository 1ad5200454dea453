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

    init(_ orders: [SentOrder], known store: [String: FeedStore.Known]) {
        var here: [String: [UInt8]] = [:]
        for order in orders {
            if let digest = here[order.reference] {
                if digest == order.digest { repeated += 1 } else { later.append(order) }
            } else if let before = store[order.reference] {
                plan(order, before)
            } else {
                new.append(order)
                here[order.reference] = order.digest
            }
        }
    }

    private mutating func plan(_ order: SentOrder, _ before: FeedStore.Known) {
        switch (before.orderID, before.digest == order.digest) {
        case (_?, true): known += 1
        case (let id?, false):
            // Of two changes of one order the second waits for the first.
            if changes.contains(where: { $0.id == id }) {
                later.append(order)
            } else {
                changes.append((order, id))
            }
        case (nil, true): repeated += 1
        case (nil, false): later.append(order)
        }
    }
}
