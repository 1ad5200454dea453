import ArgumentParser
import Configuration
import ParryDomain
import ParryServer
import ParryService
import ParryWire

struct PartnerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "partner", abstract: "Partner accounts.",
        subcommands: [Create.self, SetLimit.self])

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

    struct SetLimit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a partner's keys another rate limit than the server's.",
            discussion: "Running servers know it within two seconds.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The partner's id.") var id: String
        @OptionGroup var limit: LimitOptions

        func run() async throws {
            let id: PartnerID = try identifier(id, "ID")
            let settings = try await common.settings(limit.values)
            let limit = try limit.value(settings)
            try await answer(settings) { platform in
                try await platform.accounts.setRateLimit(limit, ofPartner: id)
                return { json in
                    json.field("id", id.text)
                    json.field("requests_per_minute", limit)
                }
            }
        }
    }
}

/// The limit that `set-limit` sets: a number, or the server's own.
struct LimitOptions: ParsableArguments {
    @Option(help: "Requests a minute for each owner and endpoint, from 1.") var requests: Int?
    @Flag(help: "Go back to the server's --rate-limit.") var standard = false

    var values: [String: ConfigValue?] {
        ["requests": .init(requests), "standard": .init(standard)]
    }

    /// - Throws: ``Settings/Invalid`` unless exactly one of the two is given.
    func value(_ settings: Settings) throws -> Int64? {
        let given = settings.source(of: "requests", "standard")
        let requests = try given.integer("requests", in: 1...1_000_000)
        guard try given.flag("standard") == (requests == nil) else {
            throw Settings.Invalid("give either --requests from 1 to 1000000 or --standard")
        }
        return requests.map(Int64.init)
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
    guard !CardNumber.appears(in: name) else {
        throw Settings.Invalid("--name contains a full card number; never store one")
    }
    return name
}
