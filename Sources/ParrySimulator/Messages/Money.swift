package import ParryWire

/// An amount as both networks state it: minor units and a currency.
///
/// The networks write decimals (NETWORKS.md), our own API writes minor units (CONTRACT.md amendment
/// 10); keeping the minor units here means that nothing is ever rounded on the way.
package struct Money: Sendable, Hashable {
    /// The amount in the currency's minor unit; never negative.
    package var minorUnits: Int64
    /// The currency, which decides the number of decimals.
    package var currency: Currency

    /// Takes an amount in minor units.
    package init(_ minorUnits: Int64, _ currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// The decimal text in the currency's own number of decimals: `49.00`, `500` in JPY, `1.250` in
    /// KWD.
    package var decimal: String {
        currency.decimal(minorUnits)
    }

    /// Writes `{"amount": "49.00", "currency": "USD"}`, as Verifi states amounts.
    func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("amount", decimal)
        writer.field("currency", currency.code)
        writer.endObject()
    }
}
