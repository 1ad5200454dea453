import ArgumentParser
import ParryServer
import ParryService
import ParryWire

struct OrderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "order", abstract: "What an operator does with orders.",
        subcommands: [Erase.self])

    struct Erase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Erase customer, address, device and communication data of orders.",
            discussion:
                "Transactions stay. An audit row tells when it was done. Backups are not changed.")

        @OptionGroup var common: CommonOptions
        @Option(help: "The organisation's id.") var organisation: String?
        @Option(help: "The order with this reference.") var referenceId: String?
        @Option(help: "All orders of the customer with this address.") var customerEmail: String?

        func run() async throws {
            let settings = try await common.settings([
                "organisation": .init(organisation), "reference-id": .init(referenceId),
                "customer-email": .init(customerEmail),
            ])
            let organisation: OrganisationID = try identifier(
                settings.required("organisation"), "--organisation")
            let subject = try subject(settings)
            try await answer(settings) { platform in
                let count = try await platform.erasure.erase(
                    subject, in: organisation, now: Platform.now())
                return { $0.field("orders_erased", count) }
            }
        }

        private func subject(_ settings: Settings) throws -> ErasureService.Subject {
            let (name, value) = try settings.either("reference-id", "customer-email")
            return name == "reference-id" ? .reference(value) : .email(value)
        }
    }
}
