import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

extension EventService {
    /// What was found in a stretch of the log.
    package struct Found: Sendable {
        package let items: [Logged]
        /// Behind which delivery the log goes on; nil at its end.
        package let next: DeliveryID?
        /// Whether the stretch ended before so many were found as were asked for.
        package let isCut: Bool
    }

    /// The newest deliveries whose events are of a type. That stands in the events alone, so a stretch of the log is looked
    /// through: the longest log keeps nobody waiting.
    ///
    /// - Parameter count: Deliveries of the stretch.
    /// - Throws: ``NotFound`` for an endpoint or event filter that the principal does not see.
    package func search(
        _ filter: DeliveryStore.Filter, limit: Int,
        among count: Int = Limits.deliveriesLookedThroughMax, by principal: Principal
    ) async throws -> Found {
        var stretch = filter
        stretch.isCounted = false
        stretch.downTo = try await database.read { tx in
            try DeliveryStore.end(ofNewest: count, filter, for: principal.owner, tx)
        }
        let found = try await log(
            stretch, page: Page(limit: limit + 1, offset: 0), by: principal
        ).items
        let items = Array(found.prefix(limit))
        let isFull = found.count > limit
        return Found(
            items: items, next: isFull ? items.last?.delivery.id : stretch.downTo,
            isCut: !isFull && stretch.downTo != nil)
    }
}
