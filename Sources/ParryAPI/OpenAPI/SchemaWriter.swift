import ParryWire

/// Writes declarations as JSON Schema (2020-12, as OpenAPI 3.1 wants it). Whatever the program accepts is
/// valid by the schema and the reverse, as far as a schema can say it: tools test both ways.
enum SchemaWriter {
    /// The members of a schema object for a value of a request.
    static func write(_ rule: Rule, isNullable: Bool, to json: inout JSONWriter) {
        switch rule {
        case .object(let schema):
            reference("schemas/" + schema.name, isNullable, to: &json)
        case .currency: enumeration(Currency.codes, isNullable, to: &json)
        case .country: enumeration(Country.codes, isNullable, to: &json)
        case .enumeration(let words): enumeration(words, isNullable, to: &json)
        case .known(let words): enumeration(words, isNullable, to: &json)
        case .ipAddress: addresses(isNullable, to: &json)
        case .array(let element, let count, _):
            type("array", isNullable, to: &json)
            json.object("items") { write(element, isNullable: false, to: &$0) }
            if count.lowerBound > 0 { json.field("minItems", count.lowerBound) }
            json.field("maxItems", count.upperBound)
        case .integer(let range):
            type("integer", isNullable, to: &json)
            json.field("minimum", range.lowerBound)
            json.field("maximum", range.upperBound)
        case .boolean: type("boolean", isNullable, to: &json)
        case .text, .phrase, .form, .identifier, .pattern, .timestamp, .email, .url:
            type("string", isNullable, to: &json)
            form(of: rule, to: &json)
        }
    }

    /// The members of a schema object for a value of an answer.
    static func write(_ answer: AnswerType, isNullable: Bool, to json: inout JSONWriter) {
        switch answer {
        case .text, .id: type("string", isNullable, to: &json)
        case .word(let words): enumeration(words, isNullable, to: &json)
        case .integer: type("integer", isNullable, to: &json)
        case .boolean: type("boolean", isNullable, to: &json)
        case .anyObject: type("object", isNullable, to: &json)
        case .timestamp:
            type("string", isNullable, to: &json)
            json.field("format", "date-time")
        case .asSent(let rule): given(rule, isNullable, to: &json)
        case .list(let element):
            type("array", isNullable, to: &json)
            json.object("items") { write(element, isNullable: false, to: &$0) }
        case .object(let schema): reference("schemas/" + schema.name, isNullable, to: &json)
        case .either(let schemas):
            json.array("anyOf") { json in
                for schema in schemas {
                    json.object { $0.reference("schemas/" + schema.name) }
                }
            }
        }
    }

    /// A value that is given back was judged when it came: an answer need not say its form again.
    private static func given(_ rule: Rule, _ isNullable: Bool, to json: inout JSONWriter) {
        switch rule {
        case .enumeration, .integer, .boolean: write(rule, isNullable: isNullable, to: &json)
        case .timestamp:
            type("string", isNullable, to: &json)
            json.field("format", "date-time")
        default: type("string", isNullable, to: &json)
        }
    }

    private static func type(_ name: String, _ isNullable: Bool, to json: inout JSONWriter) {
        if isNullable { json.strings("type", [name, "null"]) } else { json.field("type", name) }
    }

    private static func reference(_ path: String, _ isNullable: Bool, to json: inout JSONWriter) {
        guard isNullable else { return json.reference(path) }
        json.array("anyOf") { json in
            json.object { $0.reference(path) }
            json.object { $0.field("type", "null") }
        }
    }

    private static func enumeration(
        _ words: [String], _ isNullable: Bool, to json: inout JSONWriter
    ) {
        if let named = NamedWords.all.first(where: { $0.words == words }) {
            return reference("schemas/" + named.name, isNullable, to: &json)
        }
        guard isNullable else {
            json.field("type", "string")
            return json.strings("enum", words)
        }
        json.array("anyOf") { json in
            json.object { enumeration(words, false, to: &$0) }
            json.object { $0.field("type", "null") }
        }
    }

    private static func addresses(_ isNullable: Bool, to json: inout JSONWriter) {
        json.array("anyOf") { json in
            for format in ["ipv4", "ipv6"] {
                json.object {
                    $0.field("type", "string")
                    $0.field("format", format)
                }
            }
            if isNullable { json.object { $0.field("type", "null") } }
        }
    }

    private static func form(of rule: Rule, to json: inout JSONWriter) {
        switch rule {
        case .text(let length), .identifier(let length):
            if length.lowerBound > 0 { json.field("minLength", length.lowerBound) }
            json.field("maxLength", length.upperBound)
            json.field("pattern", Self.anyText)
        case .form(let length, let form):
            json.field("minLength", length.lowerBound)
            json.field("maxLength", length.upperBound)
            json.field("pattern", form)
        case .phrase(let length):
            json.field("minLength", length.lowerBound)
            json.field("maxLength", length.upperBound)
            // In ECMAScript U+0085 is no white space; here, as in Unicode, it is.
            json.field("pattern", #"^[^\u0000]*[^\s\u0085\u0000][^\u0000]*$"#)
        case .pattern(let pattern): json.field("pattern", Self.pattern(pattern))
        case .timestamp: json.field("format", "date-time")
        case .email:
            json.field("format", "email")
            json.field("maxLength", 254)
        case .url:
            json.field("maxLength", 2_048)
            json.field("pattern", Self.webAddress)
        default: return
        }
    }

    /// Anything but U+0000, which databases cannot keep.
    static let anyText = #"^[^\u0000]*$"#

    /// Nearly what `URLFormat` takes: IPv6 hosts and very long labels are left out.
    private static let webAddress =
        "^[Hh][Tt][Tt][Pp][Ss]?://(\(label)\\.){0,5}\(label)"
        + "(:([1-9][0-9]{0,3}|[1-5][0-9]{4}))?([/?#][!#$%&'()*+,./0-9:;=?@A-Z\\[\\]_a-z~-]*)?$"
    private static let label = "[A-Za-z0-9]([A-Za-z0-9-]{0,38}[A-Za-z0-9])?"

    private static func pattern(_ pattern: Pattern) -> String {
        let characters =
            switch pattern {
            case .digits: "[0-9]"
            case .alphanumeric: "[A-Za-z0-9]"
            case .hexadecimal: "[A-Fa-f0-9]"
            case .token: "[A-Za-z0-9._-]"
            }
        return "^\(characters){\(pattern.length.lowerBound),\(pattern.length.upperBound)}$"
    }
}
