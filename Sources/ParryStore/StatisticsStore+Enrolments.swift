package import ParryDatabase
import ParryDomain
package import ParryWire

extension StatisticsStore {
    /// How far enrolments have come.
    package struct EnrolmentCounts: Sendable, Hashable {
        package var statuses: [EnrolmentStatus: Int64] = [:]
        /// Those that were live at some time.
        package var enabledOnce: Int64 = 0
        /// From the request until they were live; nil when none was.
        package var medianMilliseconds: Int64?

        package init() {}

        /// All of them.
        package var all: Int64 { statuses.values.reduce(0, +) }
    }

    /// The enrolments of the scope's organisations, whenever they were made.
    package static func enrolments(
        in scope: StatisticsScope, _ tx: any ReadTransaction
    ) throws -> EnrolmentCounts {
        var counts = EnrolmentCounts()
        for part in scope.parts {
            let rows = try tx.rows(
                """
                SELECT status, count(*), count(enabled_at) FROM enrolment
                WHERE \(part.condition) GROUP BY status
                """
            ) { (try $0.word() as EnrolmentStatus, try $0.integer(), try $0.integer()) }
            for (status, all, once) in rows {
                counts.statuses[status, default: 0] += all
                counts.enabledOnce += once
            }
        }
        let whose = SQL.joined(scope.parts.map { "(\($0.condition))" }, separator: " OR ")
        guard counts.enabledOnce > 0 else { return counts }
        counts.medianMilliseconds = try tx.row(
            """
            SELECT enabled_at - created_at FROM enrolment
            WHERE (\(whose)) AND enabled_at IS NOT NULL
            ORDER BY 1 LIMIT 1 OFFSET \((counts.enabledOnce - 1) / 2)
            """
        ) { try $0.integer() }
        return counts
    }
}
