package import ParryDatabase
package import ParryDomain
package import ParryWire

/// Whose alerts are counted, and of which days: as many as are asked for, the present one last. Days are those of UTC, by
/// the clock that each organisation shows.
package struct StatisticsScope: Sendable {
    /// Organisations whose clocks show the same time.
    struct Part: Sendable {
        /// Holds for the rows of these organisations.
        let condition: SQL
        /// By how many milliseconds their test clocks are ahead.
        let lead: Int64
    }

    /// One statement names no more organisations one by one; the test clocks of more are not looked at.
    private static let namedMax = 128

    let parts: [Part]
    let now: Timestamp
    package let days: Int64

    /// - Parameters:
    ///   - organisation: One alone; nil for all that the owner sees.
    ///   - now: In real time.
    package init(
        of owner: Owner, only organisation: OrganisationID?, days: Int, now: Timestamp,
        _ tx: any ReadTransaction
    ) throws {
        self.now = now
        self.days = Int64(days)
        let one: SQL = organisation.map { "AND o.id = \($0.text)" } ?? .empty
        let seen: SQL = "FROM organisation o WHERE \(owner.sees(organisation: "o")) \(one)"
        let found = try tx.rows("SELECT o.id, o.clock_lead \(seen) LIMIT \(Self.namedMax + 1)") {
            (id: try $0.text(), lead: try $0.integer())
        }
        guard found.count <= Self.namedMax else {
            parts = [Part(condition: "organisation_id IN (SELECT o.id \(seen))", lead: 0)]
            return
        }
        parts = Dictionary(grouping: found, by: \.lead).sorted { $0.key < $1.key }.map {
            Part(condition: "organisation_id IN \(anyOf: $0.value.map(\.id))", lead: $0.key)
        }
    }

    /// The present day as the organisations' clocks show it, in days since 1970; the real one where they differ.
    package var lastDay: Int64 {
        parts.count == 1 ? lastDay(parts[0]) : OrderFeedDayStore.day(now)
    }

    /// The present day of a part.
    func lastDay(_ part: Part) -> Int64 { OrderFeedDayStore.day(time(part)) }

    /// What a part's clocks show.
    func time(_ part: Part) -> Timestamp { now.adding(milliseconds: part.lead) }

    /// Holds for the alerts of a part that were received on the days.
    func received(_ part: Part) -> SQL {
        let last = lastDay(part)
        return """
            \(part.condition) AND received_day BETWEEN \(last - days + 1) AND \(last)
            """
    }
}
