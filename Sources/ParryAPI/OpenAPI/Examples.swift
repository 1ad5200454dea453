import HTTPTypes
import ParryWire

/// The examples of a document: those of the guide where it has one, else composed of the glossary's.
enum Examples {
    struct Example {
        let name: String
        let json: [UInt8]
    }

    /// Bodies that the endpoint takes.
    static func requests(of endpoint: Endpoint) -> [Example] {
        guard let body = endpoint.operation.body else { return [] }
        let guide = GuideExamples.requests[endpoint.name] ?? []
        guard guide.isEmpty else {
            return guide.map { Example(name: $0.name, json: Array($0.json.utf8)) }
        }
        return body.schemas.map { schema in
            var json = JSONWriter()
            write(schema, to: &json)
            return Example(name: schema.name, json: json.bytes)
        }
    }

    /// What the endpoint answers with this status. The guide shows some members only: the others are added.
    static func answers(of endpoint: Endpoint, _ status: HTTPResponse.Status) -> [Example] {
        switch endpoint.operation.answer {
        case .none: return []
        case .object(_, let schema, let links):
            let guide = GuideExamples.answers[endpoint.name] ?? guide(of: schema)
            guard !guide.isEmpty else { return [answer(schema, nil, links: links)] }
            return guide.map { answer(schema, $0, links: links) }
        case .list(let schema): return [page(of: schema)]
        case .batch(let schema):
            // The guide shows the answer to an upload that went well.
            return status == .created
                ? guide(of: schema).map { answer(schema, $0, links: false) } : []
        }
    }

    /// What the guide shows of a resource anywhere, first of all where it is made.
    private static func guide(of schema: AnswerSchema) -> [GuideExamples.Example] {
        let found = GuideExamples.answers.filter { $0.value.first?.schema == schema.name }
        return found.min { $0.key > $1.key }?.value ?? []
    }

    private static func answer(
        _ schema: AnswerSchema, _ guide: GuideExamples.Example?, links: Bool
    ) -> Example {
        let shown = guide.flatMap { try? JSONDocument.parse(Array($0.json.utf8)).root }
        var json = JSONWriter(capacity: 1_024)
        write(schema, shown, links: links, to: &json)
        return Example(name: guide?.name ?? schema.name, json: json.bytes)
    }

    private static func page(of schema: AnswerSchema) -> Example {
        let guide = guide(of: schema).first
        var json = JSONWriter(capacity: 1_024)
        json.object { json in
            json.array("items") { json in
                json.raw(answer(schema, guide, links: true).json)
            }
            json.field("count", 1)
        }
        return Example(name: schema.name, json: json.bytes)
    }

    private static func write(
        _ schema: AnswerSchema, _ shown: JSONValue?, links: Bool, to json: inout JSONWriter
    ) {
        json.object { json in
            for member in schema.members {
                let value = shown?[member.name]
                guard member.isAlwaysThere || value != nil else { continue }
                json.key(member.name)
                write(member, value, of: schema, to: &json)
            }
            guard links, let collection = schema.collection else { return }
            let id = shown?["id"]?.string ?? Glossary.text(of: "id", in: schema.name)
            json.links(collection, id)
        }
    }

    private static func write(
        _ member: AnswerMember, _ shown: JSONValue?, of schema: AnswerSchema,
        to json: inout JSONWriter
    ) {
        switch member.type {
        case .object(let part) where shown?.isNull != true:
            write(part, shown, links: false, to: &json)
        case .list(.object(let part)):
            json.beginArray()
            if let shown {
                for element in shown.elements {
                    write(part, element, links: element["links"] != nil, to: &json)
                }
            } else {
                write(part, nil, links: false, to: &json)
            }
            json.endArray()
        default:
            if let shown {
                json.raw(shown.raw)
            } else {
                json.raw(Glossary.example(of: member.name, in: schema.name).utf8)
            }
        }
    }

    private static func write(_ schema: ObjectSchema, to json: inout JSONWriter) {
        json.object { json in
            for field in schema.fields {
                json.key(field.name)
                write(field.rule, called: field.name, in: schema.name, to: &json)
            }
        }
    }

    private static func write(
        _ rule: Rule, called name: String, in schema: String, to json: inout JSONWriter
    ) {
        switch rule {
        case .object(let part): write(part, to: &json)
        case .array(of: .object(let part), _, _):
            json.beginArray()
            write(part, to: &json)
            json.endArray()
        default: json.raw(Glossary.example(of: name, in: schema).utf8)
        }
    }
}
