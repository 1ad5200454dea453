package import ParryDatabase
package import ParryDomain
import ParryStore

/// The exchange rates of the installation.
package struct RateService: Sendable {
    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// Takes in rates, all or none; one of a day and currency that is there already is replaced.
    package func take(_ rates: [ExchangeRate]) async throws {
        try await database.write { try ExchangeRateStore.replace(rates, $0) }
    }
}
