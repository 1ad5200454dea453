import ArgumentParser
import ParryDomain
import ParryServer
import ParryService
import ParryWire

struct GroupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group", abstract: "Partner groups.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a restricted group that sees only the organisations given.")

        @OptionGroup var common: CommonOptions
        @Option(help: "The partner's id.") var partner: String?
        @Option(help: "The group's name.") var name: String?
        @Option(help: "An organisation that the group sees; once for each.")
        var organisation: [String] = []

        func run() async throws {
            let settings = try await common.settings([
                "partner": .init(partner), "name": .init(name),
                "organisation": .init(organisation),
            ])
            let partner: PartnerID = try identifier(settings.required("partner"), "--partner")
            let name = try checkedName(settings)
            let organisations: [OrganisationID] = try settings.strings("organisation").map {
                try identifier($0, "--organisation")
            }
            try await answer(settings) { platform in
                let group = try await platform.accounts.createGroup(
                    partner: partner, name: name, organisations: organisations,
                    now: Platform.now())
                return { json in json.field("id", group.id.text) }
            }
        }
    }
}
