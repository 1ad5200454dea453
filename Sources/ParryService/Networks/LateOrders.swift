import ParryDatabase
import ParryDomain
import ParryStore
import ParryWire

/// Notes, in the commit of an order, which alerts it may be about that came before it.
enum LateOrders {
    /// - Parameters:
    ///   - isChange: Whether the orders were there before, so that alerts can be matched to them already.
    ///   - now: The real time, at which the alerts are due.
    static func note(
        _ orders: [Order], isChange: Bool = false, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        var found: [AlertID] = []
        for (organisation, orders) in Dictionary(grouping: orders, by: \.organisationID) {
            let shown = orders.map(\.updatedAt).max() ?? now
            let since = shown.adding(seconds: -Limits.lateDataDays * 86_400)
            if try AlertReviewStore.hasSeeking(organisation, since: since, tx) {
                found += try AlertReviewStore.seeking(
                    traces(orders), of: organisation, since: since, tx)
            }
            if isChange { found += try AlertReviewStore.matched(to: traces(orders), tx) }
        }
        try AlertReviewStore.plan(found, at: now, tx)
    }

    private static func traces(_ orders: [Order]) -> AlertReviewStore.Traces {
        var traces = AlertReviewStore.Traces()
        for order in orders {
            for transaction in order.content.transactions {
                traces.references.append((order.integrationID, transaction.referenceID))
                // As the order has them, and as they are compared: networks mostly send the latter.
                let arn = transaction.acquirerReferenceNumber
                traces.acquirerReferenceNumbers.formUnion(
                    [arn, MatchKey.acquirerReferenceNumber(arn)].compactMap(\.self))
                let code = transaction.authorisationCode
                traces.authorisationCodes.formUnion(
                    [code, MatchKey.authorisationCode(code)].compactMap(\.self))
                if let last4 = transaction.cardLast4 { traces.cardLast4s.insert(last4) }
            }
        }
        return traces
    }
}
