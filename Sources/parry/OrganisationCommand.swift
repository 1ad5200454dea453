import ArgumentParser
import ParryDomain
import ParryServer
import ParryService
import ParryStore
import ParryWire

struct OrganisationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organisation", abstract: "What an operator sets for single organisations.",
        subcommands: [SetLimit.self, Settings.self])

    struct Settings: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what is set for an organisation, or set some of it.",
            discussion: """
                required_order_fields: members that COMPLETE orders must have, with commas. \
                matching_mode: soft or strict. cancel_actions: whether alerts take CANCEL and \
                REFUND_AND_CANCEL. alert_window: hours for an action. deadline_reminders: hours before the \
                deadline, with commas.
                """)

        @OptionGroup var common: CommonOptions
        @Argument(help: "The organisation's id.") var id: String
        @Option(help: "KEY=VALUE; once for each.") var set: [String] = []

        func run() async throws {
            let id: OrganisationID = try identifier(id, "ID")
            let options = try await common.settings(["set": .init(set)])
            let changes = try options.strings("set").map(Self.change)
            try await answer(options) { platform in
                let settings: OrganisationSettings
                do {
                    settings = try await platform.accounts.settings(of: id, setting: changes)
                } catch let error as OrganisationSettings.Invalid {
                    throw ParryServer.Settings.Invalid(error.reason)
                }
                return { json in
                    json.field("id", id.text)
                    json.field("required_order_fields", settings.requiredOrderFields)
                    json.field("matching_mode", settings.matchingMode)
                    json.field("cancel_actions", settings.allowsCancelActions)
                    json.field("alert_window", settings.alertWindowHours)
                    settings.write(reminderHours: &json)
                }
            }
        }

        private static func change(_ text: String) throws -> (name: String, value: String) {
            let parts = text.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                throw ParryServer.Settings.Invalid("--set must be KEY=VALUE")
            }
            return (String(parts[0]), String(parts[1]))
        }
    }

    struct SetLimit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give an organisation's keys another rate limit than its partner's.",
            discussion: "Running servers know it within two seconds.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The organisation's id.") var id: String
        @OptionGroup var limit: LimitOptions

        func run() async throws {
            let id: OrganisationID = try identifier(id, "ID")
            let settings = try await common.settings(limit.values)
            let limit = try limit.value(settings)
            try await answer(settings) { platform in
                try await platform.accounts.setRateLimit(limit, ofOrganisation: id)
                return { json in
                    json.field("id", id.text)
                    json.field("requests_per_minute", limit)
                }
            }
        }
    }
}
