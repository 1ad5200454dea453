import ParryWire

/// The schemas that the operations of a document name, each once, in the order in which they are met.
struct SchemaCollection {
    /// Those of requests and of answers have different names: what is sent may be left out, what is
    /// answered is always there.
    private(set) var requests: [ObjectSchema] = []
    private(set) var answers: [AnswerSchema] = []
    private var names: Set<String> = []

    init(of endpoints: [Endpoint]) {
        for endpoint in endpoints {
            for schema in endpoint.operation.body?.schemas ?? [] { add(schema) }
            switch endpoint.operation.answer {
            case .none: break
            case .object(_, let schema, _), .batch(let schema): add(schema)
            case .list(let schema): add(schema.page)
            }
        }
    }

    private mutating func add(_ schema: ObjectSchema) {
        guard names.insert(schema.name).inserted else { return }
        requests.append(schema)
        for field in schema.fields { add(field.rule) }
    }

    private mutating func add(_ rule: Rule) {
        switch rule {
        case .object(let schema): add(schema)
        case .array(let element, _, _): add(element)
        default: return
        }
    }

    private mutating func add(_ schema: AnswerSchema) {
        guard names.insert(schema.name).inserted else { return }
        answers.append(schema)
        for member in schema.members { add(member.type) }
    }

    private mutating func add(_ type: AnswerType) {
        switch type {
        case .list(let element): add(element)
        case .object(let schema): add(schema)
        case .either(let schemas): for schema in schemas { add(schema) }
        default: return
        }
    }
}
