import HTTPTypes
import ParryWire

/// What documentation says of an endpoint. Handlers read parameters and bodies by the same declarations,
/// answers are written from the same shapes, and in debug builds the edge holds every refusal to
/// ``Endpoint/refusals``, so that neither says what the other does not.
struct Operation: Sendable {
    /// One sentence without a full stop, for lists of operations.
    var summary = ""
    /// What a caller should know besides; Markdown.
    var details = ""
    var parameters: [ParameterDeclaration] = []
    var body: BodySchema?
    var answer = AnswerBody.none
    /// The codes of business rules, each a 422.
    var codes: [ErrorCode] = []
    /// Whether the answer shows a secret, which is then encrypted where it is kept to be given again.
    var showsSecret = false

    /// The body of a request.
    enum BodySchema: Sendable {
        /// One object.
        case object(ObjectSchema)
        /// One object of one of the schemas, which the member `type` tells.
        case either([ObjectSchema])
        /// An array of objects.
        case batch(ObjectSchema)
    }

    /// The body of an answer that is no refusal.
    enum AnswerBody: Sendable {
        /// Nothing: 204.
        case none
        /// A resource, with or without its `links`.
        case object(HTTPResponse.Status, AnswerSchema, links: Bool)
        /// A page of resources.
        case list(AnswerSchema)
        /// What became of each order: 201, or 200 when every one was refused.
        case batch(AnswerSchema)
    }
}

extension Operation.BodySchema {
    /// The schemas that a body can have.
    var schemas: [ObjectSchema] {
        switch self {
        case .object(let schema), .batch(let schema): [schema]
        case .either(let schemas): schemas
        }
    }
}
