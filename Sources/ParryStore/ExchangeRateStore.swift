package import ParryDatabase
package import ParryDomain
import ParryWire

/// The rows of `exchange_rate`, which all organisations share.
package struct ExchangeRateStore {
    private static let insertion = Insertion(
        into: "exchange_rate",
        [Column("currency", .text), Column("day", .integer), Column("usd_per_unit", .integer)])

    /// The rates that a conversion about this day may use.
    package static func rates(
        around day: Int64, of currencies: [String], _ tx: any ReadTransaction
    ) throws -> ExchangeRates {
        ExchangeRates(
            try tx.rows(
                """
                SELECT day, currency, usd_per_unit FROM exchange_rate
                WHERE currency IN \(anyOf: currencies)
                AND day BETWEEN \(day - ExchangeRates.daysUsableMax * 2)
                AND \(day + ExchangeRates.daysUsableMax)
                """, read))
    }

    /// All rates from a day on.
    package static func rates(
        since day: Int64, _ tx: any ReadTransaction
    ) throws -> ExchangeRates {
        ExchangeRates(
            try tx.rows(
                "SELECT day, currency, usd_per_unit FROM exchange_rate WHERE day >= \(day)", read))
    }

    /// All rates that conversions between these days may use.
    package static func rates(
        from first: Int64, to last: Int64, _ tx: any ReadTransaction
    ) throws -> ExchangeRates {
        ExchangeRates(
            try tx.rows(
                """
                SELECT day, currency, usd_per_unit FROM exchange_rate
                WHERE day BETWEEN \(first - ExchangeRates.daysUsableMax * 2)
                AND \(last + ExchangeRates.daysUsableMax)
                """, read))
    }

    private static func read(_ row: inout RowReader) throws -> ExchangeRate {
        ExchangeRate(
            day: try row.integer(), currency: try row.text(), usdPerUnit: try row.integer())
    }

    /// Takes in rates; one of a currency and day that is there already is replaced.
    package static func replace(
        _ rates: [ExchangeRate], _ tx: any WriteTransaction
    ) throws {
        for (day, rates) in Dictionary(grouping: rates, by: \.day) {
            try tx.execute(
                """
                DELETE FROM exchange_rate WHERE day = \(day)
                AND currency IN \(anyOf: rates.map(\.currency))
                """)
        }
        try tx.insert(
            rates.map { [.text($0.currency), .integer($0.day), .integer($0.usdPerUnit)] },
            by: insertion)
        try DecisionBoardStore.noteChange(tx)
    }
}
