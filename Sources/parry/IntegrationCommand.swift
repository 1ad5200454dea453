import ArgumentParser
import ParryDomain
import ParryServer
import ParryService
import ParryWire

struct IntegrationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "integration", abstract: "Integrations of payment processors.",
        subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an integration that takes PARTIAL orders; the API makes CUSTOM_ORDERS.")

        @OptionGroup var common: CommonOptions
        @Option(help: "The organisation's id.") var organisation: String?
        @Option(help: "STRIPE, ADYEN or SHOPIFY.") var type: String?
        @Option(help: "The integration's name.") var name: String?
        @Option(help: "A merchant of the organisation; once for each.") var merchant: [String] = []

        func run() async throws {
            let settings = try await common.settings([
                "organisation": .init(organisation), "type": .init(type), "name": .init(name),
                "merchant": .init(merchant),
            ])
            let organisation: OrganisationID = try identifier(
                settings.required("organisation"), "--organisation")
            let name = try checkedName(settings)
            let type = try processor(settings)
            let merchants = try merchants(settings)
            try await answer(settings) { platform in
                let integration = try await platform.integrations.createForProcessor(
                    type, name: name, organisation: organisation, merchants: merchants,
                    now: Platform.now())
                return { $0.field("id", integration.id.text) }
            }
        }

        private func processor(_ settings: Settings) throws -> IntegrationType {
            let type = IntegrationType(rawValue: try settings.required("type"))
            guard let type, IntegrationType.processors.contains(type) else {
                let words = IntegrationType.processors.map(\.rawValue).joined(separator: ", ")
                throw Settings.Invalid("--type must be one of \(words)")
            }
            return type
        }

        private func merchants(_ settings: Settings) throws -> [MerchantID] {
            let texts = settings.strings("merchant")
            guard RequestLimits.merchants.contains(texts.count), Set(texts).count == texts.count
            else {
                throw Settings.Invalid("give --merchant once for each of 1 to 100 merchants")
            }
            return try texts.map { try identifier($0, "--merchant") }
        }
    }
}
