import ArgumentParser
import ParryDomain
import ParryServer
import ParryService
import ParryWire

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Reports for the books.", subcommands: [Credits.self])

    enum Format: String {
        case json, csv
    }

    struct Credits: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the invalid alerts of a month, which networks credit.",
            discussion: """
                Alerts that a network raised and that need no decision: DUPLICATE, ALREADY_REFUNDED, \
                ALREADY_DISPUTED, WRONG_MERCHANT, NOT_FOUND, and TAKEN_BACK for cases that the network deleted. \
                The month is that of their receipt, in UTC; simulated alerts are left out.
                """)

        @OptionGroup var common: CommonOptions
        @Option(help: "The organisation.") var organisation: String?
        @Option(help: "The month, such as 2026-02.") var month: String?
        @Option(help: "json or csv. Default: json.") var format: String?

        func run() async throws {
            let settings = try await common.settings([
                "organisation": .init(organisation), "month": .init(month),
                "format": .init(format),
            ])
            let organisation: OrganisationID = try identifier(
                settings.required("organisation"), "--organisation")
            guard let month = CalendarMonth(try settings.required("month")) else {
                throw Settings.Invalid("--month must be a month such as 2026-02")
            }
            guard let format = Format(rawValue: settings.string("format") ?? "json") else {
                throw Settings.Invalid("--format must be json or csv")
            }
            let report = try await use(settings, createsDatabase: false) {
                try await CreditReport.read(of: organisation, month, from: $0.database)
            }
            switch format {
            case .json: try printLine { report.write(to: &$0) }
            case .csv: try printBytes(Array(report.csv.utf8))
            }
        }
    }
}
