import ArgumentParser
import ParryServer
import ParryService
import ParryWire

struct OrganisationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organisation", abstract: "What an operator sets for single organisations.",
        subcommands: [SetLimit.self])

    struct SetLimit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give an organisation's keys another rate limit than its partner's.",
            discussion: "Running servers know it within two seconds.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The organisation's id.") var id: String
        @OptionGroup var limit: LimitOptions

        func run() async throws {
            let id: OrganisationID = try identifier(id, "ID")
            let limit = try limit.value()
            try await answer(common.settings()) { platform in
                try await platform.accounts.setRateLimit(limit, ofOrganisation: id)
                return { json in
                    json.field("id", id.text)
                    json.field("requests_per_minute", limit)
                }
            }
        }
    }
}
