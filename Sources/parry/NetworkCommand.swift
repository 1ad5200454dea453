import ArgumentParser
import ParryDomain
import ParryServer
import ParryService
import ParryWire

struct NetworkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network", abstract: "What the card networks were asked and told.",
        subcommands: [Requests.self, Retry.self])

    struct Requests: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List requests, the oldest first: PARKED ones unless told otherwise.",
            discussion: """
                A network refused what is PARKED for good, and nobody sends it again unless `parry network retry` \
                says so.
                """)

        @OptionGroup var common: CommonOptions
        @Option(help: "PARKED, WAITING, DONE or CANCELLED. Default: PARKED.")
        var state: String?
        @Option(help: "How many, 1 to 1000. Default: 100.") var limit: Int?

        func run() async throws {
            let settings = try await common.settings(["state": .init(state), "limit": .init(limit)])
            let word = settings.string("state") ?? NetworkRequestState.parked.rawValue
            guard let state = NetworkRequestState(rawValue: word) else {
                let words = NetworkRequestState.allCases.map(\.rawValue).joined(separator: ", ")
                throw Settings.Invalid("--state is one of \(words)")
            }
            let limit = try settings.integer("limit", in: 1...1_000, default: 100)
            try await answer(settings) { platform in
                let service = NetworkRequestService(database: platform.database)
                let requests = try await service.list(state, limit: limit)
                return { json in
                    json.key("items")
                    json.beginArray()
                    for request in requests { request.write(to: &json) }
                    json.endArray()
                }
            }
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a parked request once more.",
            discussion: "A running server sends it within seconds, as the request that it was.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The request, netreq_….") var id: String

        func run() async throws {
            let request: NetworkRequestID = try identifier(id, "the request")
            try await answer(common.settings()) { platform in
                do {
                    let service = NetworkRequestService(database: platform.database)
                    let retried = try await service.retry(request, now: Platform.now())
                    return { retried.writeMembers(to: &$0) }
                } catch let error as NetworkRequestError {
                    throw Settings.Invalid(error.sentence)
                }
            }
        }
    }
}

extension NetworkRequestError {
    fileprivate var sentence: String {
        switch self {
        case .notParked(let state):
            "this request is \(state.rawValue); only a PARKED one can be sent once more"
        case .isEnrolment:
            "the network refused this enrolment, which is FAILED by that; it has to be made anew"
        }
    }
}
