import ArgumentParser
import ParryDomain
import ParryServer
import ParryService
import ParryStore
import ParryWire

struct EnrolmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrolment", abstract: "Enrolments, for networks that are worked by hand.",
        subcommands: [List.self, SetStatus.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List a partner's enrolments, the newest first.")

        @OptionGroup var common: CommonOptions
        @Option(help: "The partner.") var partner: String?
        @Option(help: "Only those of this status, such as PENDING.") var status: String?
        @Option(help: "How many, 1 to 1000. Default: 100.") var limit: Int?

        func run() async throws {
            let settings = try await common.settings([
                "partner": .init(partner), "status": .init(status), "limit": .init(limit),
            ])
            let id: PartnerID = try identifier(settings.required("partner"), "--partner")
            var filter = EnrolmentStore.Filter()
            filter.status = try settings.string("status").map(EnrolmentCommand.status)
            let page = Page(
                limit: try settings.integer("limit", in: 1...1_000, default: 100), offset: 0)
            try await answer(settings) { [filter] platform in
                let found = try await platform.enrolments.list(
                    filter, page: page, by: try await platform.webhooks.operator(of: id))
                return { json in
                    json.field("count", found.count)
                    json.key("items")
                    json.beginArray()
                    for enrolment in found.items { enrolment.write(to: &json, links: false) }
                    json.endArray()
                }
            }
        }
    }

    struct SetStatus: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what became of an enrolment at its network.",
            discussion: "The partner hears of it as of a network's own word: enrolment.updated.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The enrolment.") var id: String
        @Argument(
            help:
                "PENDING, IN_PROGRESS, ACTION_REQUIRED, ENABLED, FAILED, CANCELLED, PAUSED or UNENROLLED."
        )
        var status: String
        @Option(help: "What the customer has to know or change.") var note: String?

        func run() async throws {
            let enrolment: EnrolmentID = try identifier(id, "the enrolment")
            let status = try EnrolmentCommand.status(status)
            let settings = try await common.settings(["note": .init(note)])
            let note = settings.string("note")
            try await answerObject(settings) { platform in
                do {
                    return try await platform.enrolments.set(
                        enrolment, status: status, note: note, now: Platform.now())
                } catch let error as EnrolmentError {
                    throw Settings.Invalid(error.sentence)
                }
            }
        }
    }

    fileprivate static func status(_ word: String) throws -> EnrolmentStatus {
        guard let status = EnrolmentStatus(rawValue: word) else {
            throw Settings.Invalid(
                "a status is one of \(EnrolmentStatus.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        return status
    }
}

extension EnrolmentError {
    /// For an operator, who sets statuses only.
    fileprivate var sentence: String {
        switch self {
        case .isFinal(let status): "this enrolment is \(status.rawValue) for good"
        case .cannotBecome(let status, let next):
            "an enrolment that is \(status.rawValue) cannot become \(next.rawValue); it can become "
                + status.next.map(\.rawValue).joined(separator: ", ")
        default: "the enrolment cannot be changed so: \(self)"
        }
    }
}
