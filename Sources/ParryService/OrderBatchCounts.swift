import ParryDomain
import ParryStore
import ParryWire

/// What a batch did to each integration, for the health of order feeds.
struct OrderBatchCounts: Sendable {
    private typealias Count = (part: String, tally: OrderFeedTally)

    private var counts: [IntegrationID: Count] = [:]
    /// Most batches go to one integration.
    private var last: (integration: IntegrationID, count: Count)?

    /// - Parameter rejection: nil for an order that was accepted.
    mutating func count(
        _ order: PreparedOrder, at integration: IntegrationID, _ rejection: OrderRejection? = nil
    ) {
        if last?.integration != integration {
            if let last { counts[last.integration] = last.count }
            guard let known = counts[integration] ?? order.id.map({ ($0.text, OrderFeedTally()) })
            else { return }
            last = (integration, known)
        }
        switch rejection {
        case nil: last?.count.tally.accepted += 1
        case .duplicateOrder, .duplicateTransaction: last?.count.tally.duplicate += 1
        default: last?.count.tally.failed += 1
        }
    }

    /// As what is stored.
    var entries: [OrderFeedDayStore.Entry] {
        var all = counts
        if let last { all[last.integration] = last.count }
        return all.map { OrderFeedDayStore.Entry($0.key, part: $0.value.part, $0.value.tally) }
    }
}
