import ArgumentParser
import ParryDomain
import ParryServer
import ParryService
import ParryWire

struct PartnerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "partner", abstract: "Partner accounts.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open a partner account with its administrator group.")

        @OptionGroup var common: CommonOptions
        @Option(help: "The partner's name.") var name: String?
        @Option(help: "TEST or LIVE; every organisation of the partner has it.") var mode: String?

        func run() async throws {
            let settings = try await common.settings(["name": .init(name), "mode": .init(mode)])
            let name = try checkedName(settings)
            guard let mode = AccountMode(rawValue: try settings.required("mode")) else {
                throw Settings.Invalid("--mode must be TEST or LIVE")
            }
            try await answer(settings, createsDatabase: true) { platform in
                let created = try await platform.accounts.createPartner(
                    name: name, mode: mode, now: Platform.now())
                return { json in
                    json.field("partner_id", created.partner.id.text)
                    json.field("admin_group_id", created.adminGroup.id.text)
                }
            }
        }
    }
}

/// The name that a command gives to what it makes.
///
/// - Throws: ``Settings/Invalid`` unless it has 1 to 255 characters.
func checkedName(_ settings: Settings) throws -> String {
    let name = try settings.required("name")
    guard RequestLimits.name.contains(name.unicodeScalars.count) else {
        throw Settings.Invalid("--name must have 1 to 255 characters")
    }
    return name
}
