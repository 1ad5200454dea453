import HTTPTypes
import ParryService
import ParryWire

// The verbs by which the tables of endpoints document themselves.

extension Endpoint {
    /// A list, with `limit` and `offset`.
    func lists<Item: WireObject>(
        _: Item.Type, _ summary: String, by parameters: [ParameterDeclaration] = []
    ) -> Endpoint {
        documented(summary) {
            $0.parameters = parameters + PageParameter.declarations
            $0.answer = .list(Item.answerSchema)
        }
    }

    /// One resource that is there.
    func shows<Item: WireObject>(_: Item.Type, _ summary: String) -> Endpoint {
        documented(summary) { $0.answer = .object(.ok, Item.answerSchema, links: true) }
    }

    /// A new resource.
    func creates<Item: WireObject>(
        _: Item.Type, _ summary: String, from body: Operation.BodySchema, links: Bool = true,
        refusing codes: [ErrorCode] = []
    ) -> Endpoint {
        documented(summary) {
            $0.body = body
            $0.answer = .object(.created, Item.answerSchema, links: links)
            $0.codes = codes
        }
    }

    /// A resource after the change.
    func changes<Item: WireObject>(
        _: Item.Type, _ summary: String, by body: ObjectSchema? = nil,
        refusing codes: [ErrorCode] = []
    ) -> Endpoint {
        documented(summary) {
            $0.body = body.map(Operation.BodySchema.object)
            $0.answer = .object(.ok, Item.answerSchema, links: true)
            $0.codes = codes
        }
    }

    /// Nothing afterwards.
    func deletes(_ summary: String, refusing codes: [ErrorCode] = []) -> Endpoint {
        documented(summary) { $0.codes = codes }
    }

    /// Query parameters besides those of a list.
    func taking(_ parameters: [ParameterDeclaration]) -> Endpoint {
        documented(operation.summary) { $0.parameters = parameters }
    }

    /// Business rules that refuse it.
    func refusing(_ codes: [ErrorCode]) -> Endpoint {
        documented(operation.summary) { $0.codes += codes }
    }

    /// The answer shows a secret.
    func showingSecrets() -> Endpoint {
        documented(operation.summary) { $0.showsSecret = true }
    }

    /// What a caller should know besides the summary; Markdown.
    func noting(_ details: String) -> Endpoint {
        documented(operation.summary) { $0.details = details }
    }

    func documented(_ summary: String, _ change: (inout Operation) -> Void) -> Endpoint {
        var documented = self
        documented.operation.summary = summary
        change(&documented.operation)
        return documented
    }
}

extension Endpoint {
    /// Every refusal that a caller can meet, by status, in the order of amendment 15.
    var refusals: [(status: HTTPResponse.Status, codes: [ErrorCode])] {
        // Of a POST the body is read for its Idempotency-Key, whether anything is in it or not.
        let takesBody = operation.body != nil || method == .post
        let takesInput = takesBody || !operation.parameters.isEmpty
        var refusals: [(HTTPResponse.Status, [ErrorCode])] = []
        if takesInput { refusals.append((.badRequest, [.invalidRequest])) }
        refusals.append((.unauthorized, [.unauthorised]))
        if !Ability.always.contains(ability) { refusals.append((.forbidden, [.forbidden])) }
        if canMiss { refusals.append((.notFound, [.notFound])) }
        if takesBody {
            refusals.append((.contentTooLarge, [.payloadTooLarge]))
            refusals.append((.unsupportedMediaType, [.unsupportedMediaType]))
        }
        let codes = (takesInput ? [ErrorCode.validationError] : []) + bodyCodes + operation.codes
        if !codes.isEmpty { refusals.append((.unprocessableContent, codes)) }
        return refusals + [
            (.tooManyRequests, [.rateLimited]), (.internalServerError, [.internalError]),
            (
                .serviceUnavailable,
                method == .get ? [.unavailable] : [.unavailable, .outcomeUnknown]
            ),
        ]
    }

    /// Whether documentation tells of a refusal.
    func tells(_ problem: Problem) -> Bool {
        refusals.contains { $0.status == problem.status && $0.codes.contains(problem.code) }
    }

    private var bodyCodes: [ErrorCode] {
        var codes: [ErrorCode] = method == .post ? [.idempotencyKeyReused] : []
        guard let body = operation.body else { return codes }
        // In a batch a card number refuses its order alone.
        if case .batch = body {
        } else if body.schemas.contains(where: \.hasFreeText) {
            codes.append(.cardNumberRejected)
        }
        return codes
    }

    /// Whether the path, the query or the body names something that may not be there. What an order of a
    /// batch names refuses that order alone.
    private var canMiss: Bool {
        if path.contains("{") { return true }
        let namesInQuery = operation.parameters.contains {
            if case .id = $0.type { true } else { false }
        }
        if namesInQuery { return true }
        guard let body = operation.body else { return false }
        if case .batch = body { return false }
        return body.schemas.contains { $0.fields.contains { Self.names.contains($0.name) } }
    }

    /// The members by which bodies name resources.
    private static let names: Set = [
        "organisation_id", "merchant_id", "merchant_ids", "enrolment_id", "enrolment_ids",
        "webhook_endpoint_id",
    ]
}

extension ObjectSchema {
    /// Whether a full card number could stand in it.
    fileprivate var hasFreeText: Bool { fields.contains { $0.rule.isFreeText } }
}

extension Rule {
    fileprivate var isFreeText: Bool {
        switch self {
        case .text, .phrase, .form, .email, .url: true
        case .object(let schema): schema.hasFreeText
        case .array(let rule, _, _): rule.isFreeText
        case .identifier, .pattern, .enumeration, .known, .integer, .boolean, .timestamp,
            .currency, .country, .ipAddress:
            false
        }
    }
}
