import HTTPTypes
import Hummingbird
import NIOCore
import ParryDomain
import ParryService
import ParryWire

/// One line of a resource's table: what is called, who may call it, and what then happens.
struct Endpoint: Sendable {
    /// Which kinds of keys an endpoint is open to (CONTRACT.md 2.3).
    enum Level: Sendable {
        case partner
        case any
    }

    let method: HTTPRequest.Method
    /// The route's template, without a trailing slash, as in the documentation: `/v1/orders/{order_id}`.
    let path: String
    let ability: Ability
    let level: Level
    let handle: @Sendable (Call) async throws -> Answer
    /// What documentation says of it; ``Endpoint+Operation.swift`` gives it.
    var operation = Operation()

    init(
        _ method: HTTPRequest.Method, _ path: String, _ ability: Ability, _ level: Level,
        _ handle: @escaping @Sendable (Call) async throws -> Answer
    ) {
        self.method = method
        self.path = path
        self.ability = ability
        self.level = level
        self.handle = handle
    }

    /// What its rate limit and log lines call it.
    var name: String { method.rawValue + " " + path }
}

/// An authorised request at its handler.
struct Call: Sendable {
    let request: Request
    let context: APIContext
    let principal: Principal
    let clock: @Sendable () -> Timestamp
    /// What the query may have.
    let parameters: [ParameterDeclaration]
    /// The body, when it was read before the handler.
    var bytes: [UInt8]?

    /// This moment, not that of the request's head: a body may take its time to arrive.
    var now: Timestamp { clock() }

    /// The id that the path names.
    ///
    /// - Throws: 404 for a text that cannot be such an id.
    func id<Resource>(_ resource: String) throws(Problem) -> Identifier<Resource> {
        guard let text = context.parameters.get("id"), let id = Identifier<Resource>(text) else {
            throw .notFound(resource)
        }
        return id
    }

    /// The id of a part of the resource that the path names first.
    ///
    /// - Throws: As ``id(_:)``.
    func partID<Resource>(_ resource: String) throws(Problem) -> Identifier<Resource> {
        guard let text = context.parameters.get("part"), let id = Identifier<Resource>(text) else {
            throw .notFound(resource)
        }
        return id
    }

    /// The query, read strictly.
    func query() throws(Problem) -> Query {
        try Query(request.uri.query, declared: parameters)
    }

    /// The whole body.
    ///
    /// - Throws: 415 for another content type than JSON, 413 beyond the bound.
    func body() async throws -> [UInt8] {
        if let bytes { return bytes }
        if let type = request.headers[.contentType], !Self.isJSON(type) {
            throw Problem.unsupportedMediaType
        }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }),
            length > RequestLimits.bodyBytesMax
        {
            throw Problem.tooLarge
        }
        let buffer = try await request.body.collect(upTo: RequestLimits.bodyBytesMax)
        AuditNote.current?.describe(String(buffer: buffer))
        return Array(buffer.readableBytesView)
    }

    private static func isJSON(_ type: String) -> Bool {
        if type == "application/json" { return true }
        let essence = type.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        return essence == "application/json" || essence.hasSuffix("+json")
    }
}

/// What a handler answers: a status and JSON, or nothing.
struct Answer: Sendable {
    let status: HTTPResponse.Status
    let json: [UInt8]?
    /// Whether it was given before, to the same request.
    var isReplay = false

    static func ok(_ json: [UInt8]) -> Answer { Answer(status: .ok, json: json) }
    static func created(_ json: [UInt8]) -> Answer { Answer(status: .created, json: json) }
    static let noContent = Answer(status: .noContent, json: nil)
}
