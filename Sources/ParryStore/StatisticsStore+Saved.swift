package import ParryDatabase
import ParryDomain
import ParryWire

extension StatisticsStore {
    /// Money that went back before a chargeback, in one currency.
    package struct Saved: Sendable, Hashable {
        package let currency: String
        /// In the currency's smallest unit.
        package let amount: Int64
        /// Each sale once.
        package let sales: Int64

        package init(currency: String, amount: Int64, sales: Int64) {
            self.currency = currency
            self.amount = amount
            self.sales = sales
        }
    }

    /// The amounts of alerts of the scope's days that were refunded, the most sales first. A sale that several alerts
    /// refunded counts with the first of them.
    package static func saved(
        in scope: StatisticsScope, _ tx: any ReadTransaction
    ) throws -> [Saved] {
        var sums: [String: (amount: Int64, sales: Int64)] = [:]
        for part in scope.parts {
            let all = try tx.rows(
                """
                SELECT transaction_currency_code, count(*),
                    CAST(sum(transaction_amount_in_cents) AS BIGINT)
                FROM alert \(tx.dialect.indexed(by: "alert_tally"))
                WHERE \(scope.received(part)) AND \(AlertTally.refunded)
                GROUP BY transaction_currency_code
                """
            ) { (currency: try $0.text(), sales: try $0.integer(), amount: try $0.integer()) }
            for row in all {
                sums[row.currency, default: (0, 0)].sales += row.sales
                sums[row.currency, default: (0, 0)].amount += row.amount
            }
            for again in try repeated(scope, part, tx) {
                sums[again.currency, default: (0, 0)].sales -= 1
                sums[again.currency, default: (0, 0)].amount -= again.amount
            }
        }
        return sums.filter { $0.value.sales > 0 }
            .map { Saved(currency: $0.key, amount: $0.value.amount, sales: $0.value.sales) }
            .sorted { ($1.sales, $0.currency) < ($0.sales, $1.currency) }
    }

    /// Of each sale that several alerts refunded, all but the first.
    private static func repeated(
        _ scope: StatisticsScope, _ part: StatisticsScope.Part, _ tx: any ReadTransaction
    ) throws -> [(currency: String, amount: Int64)] {
        let last = scope.lastDay(part)
        let rows = try tx.rows(
            """
            SELECT a.integration_id, a.integration_transaction_id, a.transaction_currency_code,
                a.transaction_amount_in_cents
            FROM (SELECT DISTINCT integration_id AS i, integration_transaction_id AS t, slot AS s
                FROM alert \(tx.dialect.indexed(by: "alert_shared_refund"))
                WHERE \(scope.received(part)) AND shares_refund = 1) AS sale
            CROSS JOIN alert a WHERE a.integration_id = i AND a.integration_transaction_id = t
            AND a.slot = s AND a.tally BETWEEN 2000 AND 2999
            AND a.received_day BETWEEN \(last - scope.days + 1) AND \(last)
            ORDER BY a.integration_id, a.integration_transaction_id, a.alert_received_at, a.id
            """
        ) { row in
            (
                sale: [try row.text(), try row.text()], currency: try row.text(),
                amount: try row.integer()
            )
        }
        return zip(rows, rows.dropFirst()).filter { $0.sale == $1.sale }.map {
            ($1.currency, $1.amount)
        }
    }
}
