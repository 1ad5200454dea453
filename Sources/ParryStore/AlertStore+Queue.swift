package import ParryDatabase
package import ParryDomain
package import ParryWire

extension AlertStore {
    /// How many alerts wait for somebody.
    package struct Waiting: Sendable, Hashable {
        /// `ACTION_REQUIRED`.
        package let open: Int64
        /// That somebody has to look at.
        package let attention: Int64
    }

    /// How many alerts that this owner sees wait for somebody. What decides stands in the statement itself, because only
    /// then the small indexes of just these alerts are used.
    package static func waiting(
        for owner: Owner, _ tx: any ReadTransaction
    ) throws -> Waiting {
        let part = try OrganisationStore.parts(for: owner, only: nil, tx).condition
        let open = try tx.row(openCount(part, tx.dialect)) { try $0.integer() }
        let attention = try tx.row(
            """
            SELECT count(*) FROM alert \(tx.dialect.indexed(by: "alert_attention"))
            WHERE \(part) AND attention IS NOT NULL
            """
        ) { try $0.integer() }
        return Waiting(open: open ?? 0, attention: attention ?? 0)
    }

    /// How many alerts of some organisations are open.
    static func openCount(_ part: SQL, _ dialect: Dialect) -> SQL {
        """
        SELECT count(*) FROM alert \(dialect.indexed(by: "alert_open"))
        WHERE \(part) AND status = 'ACTION_REQUIRED'
        """
    }

    /// The alerts behind one of a list, in its order, uncounted: what a file is read by.
    ///
    /// - Parameter last: nil for the first ones.
    package static func next(
        _ filter: Filter, behind last: Alert?, for owner: Owner, limit: Int,
        _ tx: any ReadTransaction
    ) throws -> [Alert] {
        var query = try query(filter, for: owner, page: Page(limit: limit, offset: 0), tx)
        if let last { query.conditions.append(filter.isBehind(last)) }
        if case .few(let streams)? = query.parts?.found, streams.isEmpty { return [] }
        return try tx.rows(query.pageQuery(tx.dialect), read)
    }

    /// Those of some alerts that this owner sees, in any order.
    package static func find(
        _ ids: [AlertID], for owner: Owner, _ tx: any ReadTransaction
    ) throws -> [Alert] {
        guard !ids.isEmpty else { return [] }
        return try tx.rows(
            """
            SELECT \(columns) FROM alert WHERE id IN \(anyOf: ids.map(\.text))
            \(tx.dialect.inSlots(Set(ids.map { Int64($0.slot) }).sorted()))
            AND \(owner.sees(rowOf: "alert"))
            """, read)
    }
}

extension AlertStore.Filter {
    /// A condition on the rows that come after an alert.
    fileprivate func isBehind(_ last: Alert) -> SQL {
        let id = last.id.text
        switch (sort, direction, last.actionRequiredDeadline?.milliseconds) {
        case (.receivedAt, .descending, _):
            return "(alert_received_at, id) < (\(last.receivedAt.milliseconds), \(id))"
        case (.receivedAt, .ascending, _):
            return "(alert_received_at, id) > (\(last.receivedAt.milliseconds), \(id))"
        case (.deadline, .ascending, let deadline?):
            return """
                ((action_required_deadline, id) > (\(deadline), \(id))
                OR action_required_deadline IS NULL)
                """
        case (.deadline, .descending, let deadline?):
            return """
                ((action_required_deadline, id) < (\(deadline), \(id))
                OR action_required_deadline IS NULL)
                """
        case (.deadline, .ascending, nil): return "action_required_deadline IS NULL AND id > \(id)"
        case (.deadline, .descending, nil): return "action_required_deadline IS NULL AND id < \(id)"
        }
    }
}
