import HTTPTypes
import ParryTestSupport
import Testing

@testable import ParryAPI

/// A handler that reads a parameter that is not documented stops in debug builds; here is the reverse.
@Suite("Documented query parameters")
struct ParameterTests {
    @Test("Each one is read: a value that it cannot have is refused, or finds nothing")
    func read() async throws {
        try await TestWorld.run { world in
            _ = try await world.customer()
            for endpoint in APIRouter.all(world.services) where !endpoint.path.contains("{") {
                for parameter in endpoint.operation.parameters {
                    let (value, expected) = Self.bad(parameter.type)
                    let path = "\(endpoint.path)?\(parameter.name)=\(value)"
                    let reply = try await world.send(.get, path)
                    #expect(reply.status == expected, "\(path): \(reply.text)")
                    let twice = try await world.send(.get, path + "&\(parameter.name)=\(value)")
                    #expect(twice.status == 400, "\(path) twice")
                }
            }
        }
    }

    private static func bad(_ type: ParameterType) -> (value: String, status: Int) {
        switch type {
        case .id(let prefix): (prefix + "nope", 404)
        case .word: ("nope", 422)
        case .text(let length): (String(repeating: "a", count: length + 1), 422)
        case .cursor: ("nope", 422)
        case .time, .boolean: ("nope", 400)
        case .sort: ("nope", 422)
        case .integer(let range, _): ("\(range.lowerBound - 1)", 422)
        }
    }

    @Test("Words and sorts are taken as documented")
    func taken() async throws {
        try await TestWorld.run { world in
            for endpoint in APIRouter.all(world.services) where !endpoint.path.contains("{") {
                for parameter in endpoint.operation.parameters {
                    for value in Self.good(parameter.type) {
                        let path = "\(endpoint.path)?\(parameter.name)=\(value)"
                        let reply = try await world.send(.get, path)
                        #expect(reply.status == 200, "\(path): \(reply.text)")
                    }
                }
            }
        }
    }

    private static func good(_ type: ParameterType) -> [String] {
        switch type {
        case .id: []
        case .word(let words): words
        case .text(let length): ["", String(repeating: "a", count: length)]
        case .cursor: ["oldest", "latest"]
        case .time: ["2026-02-17T10:00:00Z"]
        case .boolean: ["true", "false"]
        case .sort(let fields, let standard): fields.flatMap { [$0, "-" + $0] } + [standard]
        case .integer(let range, let standard):
            [range.lowerBound, range.upperBound, standard].map(String.init)
        }
    }
}
