import HTTPTypes
import Hummingbird
import ParryServer
import ParryService
import ParryTestSupport
import ParryWire
import Testing

@testable import ParryAPI

/// Holds the documents against the program, both ways. What is written from one declaration cannot differ;
/// tested is what could: that everything is in, that it is explained, and that examples are true.
@Suite("The OpenAPI documents")
struct OpenAPITests {
    /// What the router serves besides the endpoints.
    private static let beside: Set = [
        "GET /health/live", "GET /health/ready", "GET /v1/openapi.json", "GET /v2/openapi.json",
        "GET /v1/docs", "GET /v2/docs", "GET /docs/style.css", "GET /docs/search.js",
    ]

    @Test("Every route of the router is in one of the documents, and the reverse")
    func routes() async throws {
        try await TestWorld.run { world in
            let router = Server.router(world.platform, world.services, rateLimit: 0)
            var served: Set<String> = []
            for route in router.routes {
                let reply = try await world.send(route.method, "\(route.path)", key: "")
                if reply.status != 405 { served.insert("\(route.method.rawValue) \(route.path)") }
            }
            #expect(served.isSuperset(of: Self.beside))
            served.subtract(Self.beside)
            var documented: Set<String> = []
            for version in DocumentRoutes.versions {
                let document = try await world.send(.get, "/\(version)/openapi.json", key: "").json
                for path in document["paths"]?.members.map(\.self) ?? [] {
                    for operation in path.value.members {
                        documented.insert(
                            operation.name.uppercased() + " " + Self.routerPath(path.name))
                    }
                }
            }
            #expect(documented == served)
            #expect(documented.count == 78)
        }
    }

    /// The router's names for what documentation calls `{order_id}`.
    private static func routerPath(_ template: String) -> String {
        var names = ["{part}", "{id}"]
        return template.split(separator: "/", omittingEmptySubsequences: false).map {
            $0.hasPrefix("{") ? names.popLast() ?? "" : String($0)
        }.joined(separator: "/")
    }

    @Test("Operations have a summary, a name of their own, their ability, and answers")
    func operations() async throws {
        try await TestWorld.run { world in
            for version in DocumentRoutes.versions {
                let endpoints = APIRouter.all(world.services)
                    .filter { $0.path.hasPrefix("/\(version)/") }
                #expect(Set(endpoints.map(\.operationID)).count == endpoints.count)
                for endpoint in endpoints {
                    #expect(!endpoint.operation.summary.isEmpty, "\(endpoint.name)")
                    #expect(!Glossary.meaning(ofTag: endpoint.tag).isEmpty, "\(endpoint.tag)")
                    let takesBody =
                        [.post, .patch, .put].contains(endpoint.method)
                        && !endpoint.path.hasSuffix("/redeliver")
                        && !endpoint.path.hasSuffix("/test")
                        && !endpoint.path.hasSuffix("/release")
                    #expect((endpoint.operation.body != nil) == takesBody, "\(endpoint.name)")
                }
            }
        }
    }

    @Test("Everything has an entry in the glossary, and every entry is used")
    func glossary() async throws {
        try await TestWorld.run { world in
            let endpoints = APIRouter.all(world.services)
            let schemas = SchemaCollection(of: endpoints)
            var used: Set<String> = []
            var pairs: [(name: String, schema: String)] = []
            for schema in schemas.requests {
                pairs += schema.fields.map { ($0.name, schema.name) }
            }
            for schema in schemas.answers + AnswerSchema.shared {
                pairs += schema.members.map { ($0.name, schema.name) }
            }
            for endpoint in endpoints {
                pairs += endpoint.operation.parameters.map { ($0.name, "query") }
                pairs += endpoint.pathParameters.map { ($0, "path") }
            }
            for pair in pairs {
                #expect(!Glossary.meaning(of: pair.name, in: pair.schema).isEmpty, "\(pair)")
                used.insert(Glossary.key(of: pair.name, in: pair.schema))
            }
            // Words of which every document tells in one place.
            used.formUnion(["links", "id", "status", "name", "type"])
            #expect(Set(Glossary.members.keys).subtracting(used) == [])
        }
    }

    @Test("Every code is told by an operation or by the errors of a batch, and explained")
    func codes() async throws {
        try await TestWorld.run { world in
            let told = Set(
                APIRouter.all(world.services).flatMap { $0.refusals.flatMap(\.codes) })
            for code in told { #expect(!Glossary.meaning(of: code).isEmpty, "\(code)") }
            #expect(Set(Glossary.codes.keys) == Set(told.map(\.rawValue)))
            let all = told.union(OrderBatchResult.itemCodes)
            // A path that has no such method has no operation.
            #expect(Set(ErrorCode.allCases).subtracting(all) == [.methodNotAllowed])
        }
    }

    @Test("Every example of a request is accepted by its declaration")
    func requestExamples() async throws {
        try await TestWorld.run { world in
            for endpoint in APIRouter.all(world.services) {
                guard let body = endpoint.operation.body else { continue }
                let examples = Examples.requests(of: endpoint)
                #expect(!examples.isEmpty, "\(endpoint.name)")
                for example in examples {
                    let isFine = body.schemas.contains { schema in
                        if endpoint.operation.isBatch {
                            (try? schema.decodeArray(example.json, count: 1...100)) != nil
                        } else {
                            (try? schema.decode(example.json)) != nil
                        }
                    }
                    #expect(isFine, "\(endpoint.name) \(example.name)")
                }
            }
        }
    }

    @Test("Every example of an answer has the shape of its schema")
    func answerExamples() async throws {
        try await TestWorld.run { world in
            for endpoint in APIRouter.all(world.services) {
                for status in [HTTPResponse.Status.ok, .created] {
                    guard let schema = endpoint.operation.answer.schema else { continue }
                    for example in Examples.answers(of: endpoint, status) {
                        let faults = schema.faults(in: try JSONDocument.parse(example.json).root)
                        #expect(faults == [], "\(endpoint.name) \(example.name)")
                    }
                }
            }
        }
    }

    @Test("The pages show every operation and every code without fetching anything from elsewhere")
    func pages() async throws {
        try await TestWorld.run { world in
            for version in DocumentRoutes.versions {
                let page = try await world.send(.get, "/\(version)/docs", key: "")
                #expect(page.headers[.contentType] == "text/html; charset=utf-8")
                #expect(!page.text.contains("http://") || !page.text.contains("src=\"http"))
                #expect(
                    page.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
                for endpoint in APIRouter.all(world.services)
                where endpoint.path.hasPrefix("/\(version)/") {
                    #expect(page.text.contains("id=\"\(endpoint.operationID)\""))
                    #expect(page.text.contains(endpoint.ability.rawValue))
                }
            }
            for asset in ["/docs/style.css", "/docs/search.js"] {
                let reply = try await world.send(.get, asset, key: "")
                #expect(reply.status == 200)
            }
        }
    }
}

extension Operation.AnswerBody {
    /// The schema of the whole body.
    var schema: AnswerSchema? {
        switch self {
        case .none: nil
        case .object(_, let schema, _), .batch(let schema): schema
        case .list(let schema): schema.page
        }
    }
}
