package import ParryDatabase
import ParryDomain
import ParryWire

/// What overviews count of alerts and enrolments. Every query walks one stretch of an index for each organisation, or
/// few rows.
package struct StatisticsStore {
    /// Alerts of one day that are alike.
    package struct AlertCount: Sendable, Hashable {
        /// 0 for the present day.
        package let daysAgo: Int64
        package let tally: AlertTally
        package let count: Int64

        package init(daysAgo: Int64, tally: AlertTally, count: Int64) {
            self.daysAgo = daysAgo
            self.tally = tally
            self.count = count
        }
    }

    /// The alerts of the scope's days.
    package static func alerts(
        in scope: StatisticsScope, _ tx: any ReadTransaction
    ) throws -> [AlertCount] {
        try scope.parts.flatMap { part in
            let last = scope.lastDay(part)
            return try tx.rows(
                """
                SELECT received_day, tally, CAST(sum(n) AS BIGINT) FROM (
                    SELECT received_day, tally, count(*) AS n
                    FROM alert \(tx.dialect.indexed(by: "alert_tally"))
                    WHERE \(scope.received(part)) GROUP BY organisation_id, received_day, tally
                ) AS part GROUP BY received_day, tally
                """
            ) { row -> AlertCount? in
                let (day, packed) = (try row.integer(), try row.integer())
                let count = try row.integer()
                return AlertTally(packed: packed).map {
                    AlertCount(daysAgo: last - day, tally: $0, count: count)
                }
            }.compactMap(\.self)
        }
    }

    /// The alerts that a card's issuer raised.
    package struct IssuerCount: Sendable, Hashable {
        /// nil where no network said.
        package let issuer: String?
        package let alerts: Int64
        package let invalid: Int64

        package init(issuer: String?, alerts: Int64, invalid: Int64) {
            self.issuer = issuer
            self.alerts = alerts
            self.invalid = invalid
        }
    }

    /// The issuers with the most alerts, those first.
    package static func issuers(
        in scope: StatisticsScope, limit: Int, _ tx: any ReadTransaction
    ) throws -> [IssuerCount] {
        let found = try scope.parts.flatMap { part in
            try tx.rows(
                """
                SELECT issuer, CAST(sum(n) AS BIGINT), CAST(sum(bad) AS BIGINT) FROM (
                    SELECT transaction_card_issuer AS issuer, count(*) AS n,
                        sum(CASE WHEN \(AlertTally.invalid) THEN 1 ELSE 0 END) AS bad
                    FROM alert \(tx.dialect.indexed(by: "alert_issuer"))
                    WHERE \(scope.received(part))
                    GROUP BY organisation_id, received_day, transaction_card_issuer
                ) AS part GROUP BY issuer ORDER BY 2 DESC, 1 LIMIT \(issuersReadMax)
                """
            ) { row in
                IssuerCount(
                    issuer: try row.textOrNull(), alerts: try row.integer(),
                    invalid: try row.integer())
            }
        }
        let sums = Dictionary(grouping: found, by: \.issuer).map { issuer, counts in
            IssuerCount(
                issuer: issuer, alerts: counts.reduce(0) { $0 + $1.alerts },
                invalid: counts.reduce(0) { $0 + $1.invalid })
        }
        let sorted = sums.sorted {
            ($1.alerts, $0.issuer ?? "") < ($0.alerts, $1.issuer ?? "")
        }
        return Array(sorted.prefix(limit))
    }

    /// More issuers than that are not told apart.
    private static let issuersReadMax = 1_000

    /// What waits for somebody now, whenever it came.
    package struct Waiting: Sendable, Hashable {
        package var open: Int64 = 0
        /// Of those, whose deadline is near.
        package var endingSoon: Int64 = 0
        package var needsAttention: Int64 = 0
    }

    /// - Parameter soon: A deadline within so many seconds is near.
    package static func waiting(
        in scope: StatisticsScope, soon: Int64, _ tx: any ReadTransaction
    ) throws -> Waiting {
        var sum = Waiting()
        for part in scope.parts {
            let near = scope.time(part).adding(seconds: soon).milliseconds
            let open = try tx.row(
                """
                SELECT count(*), coalesce(CAST(sum(CASE WHEN action_required_deadline <= \(near)
                    THEN 1 ELSE 0 END) AS BIGINT), 0)
                FROM alert \(tx.dialect.indexed(by: "alert_open"))
                WHERE \(part.condition) AND status = 'ACTION_REQUIRED'
                """
            ) { (all: try $0.integer(), near: try $0.integer()) }
            let flagged = try tx.row(
                """
                SELECT count(*) FROM alert \(tx.dialect.indexed(by: "alert_attention"))
                WHERE \(part.condition) AND attention IS NOT NULL
                """
            ) { try $0.integer() }
            sum.open += open?.all ?? 0
            sum.endingSoon += open?.near ?? 0
            sum.needsAttention += flagged ?? 0
        }
        return sum
    }
}
