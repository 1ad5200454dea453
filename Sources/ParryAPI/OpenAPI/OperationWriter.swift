import HTTPTypes
import ParryWire

/// Writes one operation of a document.
struct OperationWriter {
    let endpoint: Endpoint
    /// All of the document, to link to.
    let all: [Endpoint]

    private var operation: Operation { endpoint.operation }
    private var isDeprecated: Bool { !Deprecation.headers(of: endpoint.path).isEmpty }

    func write(to json: inout JSONWriter) {
        json.field("operationId", endpoint.operationID)
        json.strings("tags", [endpoint.tag])
        json.field("summary", operation.summary)
        json.field("description", description)
        if isDeprecated { json.field("deprecated", true) }
        json.array("security") { $0.object { $0.strings("apiKey", [endpoint.ability.rawValue]) } }
        json.field("x-ability", endpoint.ability)
        json.field("x-key-level", endpoint.level == .partner ? "partner" : "any")
        if !businessCodes.isEmpty {
            json.strings("x-business-codes", businessCodes.map(\.rawValue))
        }
        json.array("parameters", writeParameters)
        writeBody(to: &json)
        json.object("responses", writeResponses)
    }

    private var description: String {
        let keys =
            endpoint.level == .partner
            ? "Keys of partner groups only." : "Keys of organisations and of partner groups."
        let ability =
            Ability.always.contains(endpoint.ability)
            ? "Every key has the ability `\(endpoint.ability.rawValue)`."
            : "Needs the ability `\(endpoint.ability.rawValue)`."
        let details = operation.details.replacing("\n", with: " ")
        return (details.isEmpty ? "" : details + "\n\n") + keys + " " + ability
    }

    /// What a 422 can say besides that the request is not as documented.
    private var businessCodes: [ErrorCode] {
        let codes = endpoint.refusals.first { $0.status == .unprocessableContent }?.codes ?? []
        return codes.filter { $0 != .validationError }
    }

    private func writeParameters(to json: inout JSONWriter) {
        for name in endpoint.pathParameters {
            json.object { json in
                json.field("name", name)
                json.field("in", "path")
                json.field("required", true)
                json.field("description", Glossary.meaning(of: name, in: "path"))
                json.object("schema") { $0.field("type", "string") }
                json.key("example")
                json.raw(Glossary.example(of: name, in: "path").utf8)
            }
        }
        for parameter in operation.parameters { json.object { parameter.write(to: &$0) } }
        if endpoint.method == .post {
            json.object { $0.reference("parameters/IdempotencyKey") }
        }
    }

    private func writeBody(to json: inout JSONWriter) {
        guard let body = operation.body else { return }
        json.object("requestBody") { json in
            json.field("required", true)
            json.object("content") { json in
                json.object("application/json") { json in
                    json.object("schema") { write(body, to: &$0) }
                    writeExamples(Examples.requests(of: endpoint), to: &json)
                }
            }
        }
    }

    private func write(_ body: Operation.BodySchema, to json: inout JSONWriter) {
        switch body {
        case .object(let schema): json.reference("schemas/" + schema.name)
        case .either(let schemas):
            json.array("oneOf") { json in
                for schema in schemas { json.object { $0.reference("schemas/" + schema.name) } }
            }
        case .batch(let schema):
            SchemaWriter.write(
                .array(of: .object(schema), count: RequestLimits.ordersPerBatch, key: nil),
                isNullable: false, to: &json)
        }
    }

    private func writeResponses(to json: inout JSONWriter) {
        switch operation.answer {
        case .none: writeAnswer(.noContent, "It is gone.", to: &json) { _ in }
        case .object(let status, let schema, _):
            let meaning = status == .created ? "It is made." : "The resource."
            writeAnswer(status, meaning, to: &json) { $0.reference("schemas/" + schema.name) }
        case .list(let schema):
            writeAnswer(.ok, "A page, and how many there are in all.", to: &json) {
                $0.reference("schemas/" + schema.page.name)
            }
        case .batch(let schema):
            writeAnswer(.created, "At least one order was stored.", to: &json) {
                $0.reference("schemas/" + schema.name)
            }
            writeAnswer(.ok, "Every order was refused by itself.", to: &json) {
                $0.reference("schemas/" + schema.name)
            }
        }
        for refusal in Refusal.of(endpoint) {
            json.object(String(refusal.status.code)) { json in
                if refusal.status == .unprocessableContent {
                    refusal.write(to: &json)
                } else {
                    json.reference("responses/" + refusal.component)
                }
            }
        }
    }

    private func writeAnswer(
        _ status: HTTPResponse.Status, _ meaning: String, to json: inout JSONWriter,
        schema: (inout JSONWriter) -> Void
    ) {
        json.object(String(status.code)) { json in
            json.field("description", meaning)
            DocumentedHeader.write(headers, to: &json)
            guard status != .noContent else { return }
            json.object("content") { json in
                json.object("application/json") { json in
                    json.object("schema", schema)
                    writeExamples(Examples.answers(of: endpoint, status), to: &json)
                }
            }
            if status == .created { writeLinks(to: &json) }
        }
    }

    private var headers: [DocumentedHeader] {
        [.requestID] + (endpoint.method == .post ? [.idempotencyReplayed] : [])
            + (isDeprecated ? DocumentedHeader.ofDeprecated : [])
    }

    private func writeExamples(_ examples: [Examples.Example], to json: inout JSONWriter) {
        guard !examples.isEmpty else { return }
        json.object("examples") { json in
            for example in examples {
                json.object(example.name) { json in
                    json.key("value")
                    json.raw(example.json)
                }
            }
        }
    }

    /// Where the new resource can be read, changed and deleted.
    private func writeLinks(to json: inout JSONWriter) {
        let targets = all.filter { other in
            other.pathParameters.count == endpoint.pathParameters.count + 1
                && other.path.hasPrefix(collection + "/{") && other.path.hasSuffix("}")
        }
        guard !targets.isEmpty else { return }
        json.object("links") { json in
            for target in targets {
                json.object(target.operationID) { json in
                    json.field("operationId", target.operationID)
                    json.object("parameters") { json in
                        for name in endpoint.pathParameters {
                            json.member(name, "$request.path." + name)
                        }
                        let id = operation.isBatch ? "/results/0/id" : "/id"
                        json.member(target.pathParameters.last ?? "", "$response.body#" + id)
                    }
                }
            }
        }
    }

    /// Where what this operation creates is found; a simulated alert among the alerts.
    private var collection: String {
        if case .object(_, let schema, _) = operation.answer, let path = schema.collection {
            return path
        }
        return endpoint.path
    }
}

extension Endpoint {
    /// The names in braces.
    var pathParameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }
            .map { String($0.dropFirst().dropLast()) }
    }
}

extension ParameterDeclaration {
    fileprivate func write(to json: inout JSONWriter) {
        json.field("name", name)
        json.field("in", "query")
        json.field("required", isRequired)
        json.field("description", Glossary.meaning(of: name, in: "query"))
        json.object("schema") { type.write(to: &$0) }
    }
}

extension ParameterType {
    fileprivate func write(to json: inout JSONWriter) {
        switch self {
        case .boolean: json.field("type", "boolean")
        case .cursor:
            json.field("type", "string")
            json.field("pattern", "^(oldest|latest|cur_[1-9A-HJ-NP-Za-km-z]{22})$")
        case .id, .text, .time:
            json.field("type", "string")
            if case .text(let length) = self { json.field("maxLength", length) }
            if case .time = self {
                json.field("format", "date-time")
            } else {
                json.field("pattern", SchemaWriter.anyText)
            }
        case .word(let words):
            SchemaWriter.write(.enumeration(words), isNullable: false, to: &json)
        case .sort(let fields, let standard):
            json.field("type", "string")
            json.strings("enum", fields.flatMap { ["-" + $0, $0] })
            // Generators make poor names of a word with a dash in front.
            let names = fields.map { $0.uppercased() }
            json.strings("x-enum-varnames", names.flatMap { [$0 + "_DESCENDING", $0] })
            json.field("default", standard)
        case .integer(let range, let standard):
            json.field("type", "integer")
            json.field("minimum", range.lowerBound)
            json.field("maximum", range.upperBound)
            json.field("default", standard)
        }
    }
}
