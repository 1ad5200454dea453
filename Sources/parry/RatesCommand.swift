import ArgumentParser
import Foundation
import ParryDomain
import ParryServer
import ParryService
import ParryWire

struct RatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rates", abstract: "Exchange rates, by which amounts are compared.",
        subcommands: [Import.self])

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take in rates from a CSV file.",
            discussion: """
                The file begins with the line date,currency,usd_per_unit. A rate of a day and currency that is \
                there already is replaced. All of the file is taken in, or nothing.
                """)

        @OptionGroup var common: CommonOptions
        @Argument(help: "The file.") var file: String

        func run() async throws {
            guard let bytes = FileManager.default.contents(atPath: file) else {
                throw Settings.Invalid("\(file) cannot be read")
            }
            let rates: [ExchangeRate]
            do throws(ExchangeRateFileError) {
                rates = try ExchangeRates.parse(csv: String(decoding: bytes, as: UTF8.self))
            } catch {
                throw Settings.Invalid("\(file): \(error)")
            }
            try await answer(common.settings()) { platform in
                try await RateService(database: platform.database).take(rates)
                return { $0.field("rates", rates.count) }
            }
        }
    }
}
