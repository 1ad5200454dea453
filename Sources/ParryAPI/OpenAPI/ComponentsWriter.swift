import HTTPTypes
import ParryWire

/// Writes `components`: schemas, refusals, headers and the security scheme.
enum ComponentsWriter {
    static func write(_ endpoints: [Endpoint], to json: inout JSONWriter) {
        json.object("components") { json in
            json.object("securitySchemes") { $0.object("apiKey", writeScheme) }
            json.object("parameters") { $0.object("IdempotencyKey", writeIdempotencyKey) }
            json.object("headers", writeHeaders)
            json.object("responses") { writeRefusals(of: endpoints, to: &$0) }
            json.object("schemas") { writeSchemas(of: endpoints, to: &$0) }
        }
    }

    private static func writeScheme(to json: inout JSONWriter) {
        json.field("type", "http")
        json.field("scheme", "bearer")
        json.field(
            "description",
            "An API key, as in `Authorization: Bearer cbs_…`. Its abilities decide what it may do.")
    }

    private static func writeIdempotencyKey(to json: inout JSONWriter) {
        json.field("name", "Idempotency-Key")
        json.field("in", "header")
        json.field("required", false)
        json.field(
            "description",
            "Makes a retry safe: the same key and body within 24 hours get the same answer, and the "
                + "work is done once.")
        json.object("schema") {
            $0.field("type", "string")
            $0.field("pattern", "^[!-~]{1,255}$")
        }
    }

    private static func writeHeaders(to json: inout JSONWriter) {
        for header in DocumentedHeader.allCases {
            json.object(header.component) { json in
                json.field("description", header.meaning)
                json.field("required", header.isAlwaysThere)
                json.object("schema") {
                    $0.field("type", header == .retryAfter ? "integer" : "string")
                }
            }
        }
    }

    private static func writeRefusals(of endpoints: [Endpoint], to json: inout JSONWriter) {
        for refusal in Refusal.all(of: endpoints) {
            json.object(refusal.component) { refusal.write(to: &$0) }
        }
    }

    private static func writeSchemas(of endpoints: [Endpoint], to json: inout JSONWriter) {
        let schemas = SchemaCollection(of: endpoints)
        for schema in schemas.requests { write(schema, to: &json) }
        for schema in schemas.answers { write(schema, to: &json) }
        for schema in AnswerSchema.shared { write(schema, to: &json) }
        // Nearly everything is written: what is not referred to by now is not used by this version.
        let written = String(decoding: json.bytes, as: UTF8.self)
        for words in NamedWords.all where written.contains("schemas/\(words.name)\"") {
            json.object(words.name) { json in
                json.field("type", "string")
                json.strings("enum", words.words)
            }
        }
    }

    private static func write(_ schema: ObjectSchema, to json: inout JSONWriter) {
        json.object(schema.name) { json in
            json.field("type", "object")
            json.object("properties") { json in
                for field in schema.fields {
                    json.object(field.name) { write(field, of: schema, to: &$0) }
                }
            }
            let required = schema.fields.filter { $0.presence == .required }.map(\.name)
            if !required.isEmpty { json.strings("required", required) }
            write(oneOf: schema.needsOneOf[...], to: &json)
        }
    }

    /// Without the last one, one of the others is needed. As `anyOf` generators would not see the members.
    private static func write(oneOf names: ArraySlice<String>, to json: inout JSONWriter) {
        guard let last = names.last else { return }
        guard names.count > 1 else { return json.strings("required", [last]) }
        json.object("if") { json in json.object("not") { $0.strings("required", [last]) } }
        json.object("then") { write(oneOf: names.dropLast(), to: &$0) }
    }

    private static func write(
        _ field: FieldDeclaration, of schema: ObjectSchema, to json: inout JSONWriter
    ) {
        let isNullable = field.presence == .expected || field.presence == .optional
        SchemaWriter.write(field.rule, isNullable: isNullable, to: &json)
        var description = Glossary.meaning(of: field.name, in: schema.name)
        if field.presence == .expected { description += " Without it: MISSING_FIELD." }
        json.field("description", description)
    }

    private static func write(_ schema: AnswerSchema, to json: inout JSONWriter) {
        json.object(schema.name) { json in
            json.field("type", "object")
            json.object("properties") { json in
                for member in schema.members {
                    json.object(member.name) { json in
                        SchemaWriter.write(member.type, isNullable: member.isNullable, to: &json)
                        json.field(
                            "description", Glossary.meaning(of: member.name, in: schema.name))
                    }
                }
                if schema.collection != nil {
                    json.object("links") { SchemaWriter.write(.links, isNullable: false, to: &$0) }
                }
            }
            json.strings("required", schema.members.filter(\.isAlwaysThere).map(\.name))
        }
    }
}

extension AnswerType {
    fileprivate static let links = AnswerType.list(.object(.link))
}

extension AnswerSchema {
    /// Those that every document has.
    static let shared = [link, fieldError, error]

    /// A page of a list of these.
    var page: AnswerSchema {
        AnswerSchema(
            name + "List",
            [
                AnswerMember("items", .list(.object(self))),
                AnswerMember("count", .integer, isAlwaysThere: pageMembers.isEmpty),
            ] + pageMembers)
    }

    static let link = AnswerSchema(
        "Link", [AnswerMember("rel", .text), AnswerMember("uri", .text)])

    static let fieldError = AnswerSchema(
        "FieldError",
        [
            AnswerMember("field", .text), AnswerMember("code", .text),
            AnswerMember("message", .text),
        ])

    /// What ``Problem`` writes.
    static let error = AnswerSchema(
        "Error",
        [
            AnswerMember("code", .text), AnswerMember("message", .text),
            AnswerMember("errors", .list(.object(fieldError)), isAlwaysThere: false),
        ])
}
