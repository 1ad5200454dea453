import ParryWire

/// A value of a form on its way to a request of the API: a form says everything in words, the request's declaration judges
/// it, so that pages and API accept and refuse the same.
enum FormValue: Sendable {
    /// Left out when there is nothing in it.
    case text(String?)
    case flag(Bool)
    /// A whole number; what is none goes on as a text, which the declaration refuses.
    case number(String?)
    case list([String])
    case object([FormMember])
    case objects([[FormMember]])
}

/// A member of a request.
typealias FormMember = (name: String, value: FormValue)

/// What is wrong with the fields of a form, by their names, for the template to show beside them.
struct FormErrors: Error, Sendable {
    /// Beside each field: the name of the request's member, and the sentence.
    let fields: [(field: String, message: String)]

    init(_ fields: [(field: String, message: String)]) {
        self.fields = fields
    }

    /// What is wrong with one field; nil when it is good.
    subscript(name: String) -> String? {
        fields.first { $0.field == name }.map { "It \($0.message)." }
    }

    /// All of it, in sentences that name the fields.
    var sentences: [String] {
        fields.map { $0.field.isEmpty ? $0.message : "\($0.field) \($0.message)" }
    }
}

extension ObjectSchema {
    /// Judges a form as the API would judge the same request.
    ///
    /// - Throws: ``FormErrors``.
    func decode(_ members: [FormMember]) throws -> RequestObject {
        do {
            return try decode(FormJSON.bytes(members))
        } catch .invalid(let errors) {
            throw FormErrors(errors.map { ($0.field, $0.message) })
        } catch .cardNumber(let field) {
            throw FormErrors([(field, "must not hold a full card number")])
        } catch {
            throw FormErrors([("", "The form cannot be read.")])
        }
    }
}

/// Writes a form's members as JSON.
enum FormJSON {
    static func bytes(_ members: [FormMember]) -> [UInt8] {
        var json = JSONWriter()
        write(members, to: &json)
        return json.bytes
    }

    private static func write(_ members: [FormMember], to json: inout JSONWriter) {
        json.beginObject()
        for member in members where !member.value.isAbsent {
            json.key(member.name)
            write(member.value, to: &json)
        }
        json.endObject()
    }

    private static func write(_ value: FormValue, to json: inout JSONWriter) {
        switch value {
        case .text(let text): json.string(text ?? "")
        case .flag(let flag): json.boolean(flag)
        case .number(let text):
            if let number = text.flatMap({ Int64($0) }) {
                json.integer(number)
            } else {
                json.string(text ?? "")
            }
        case .list(let texts):
            json.beginArray()
            for text in texts { json.string(text) }
            json.endArray()
        case .object(let members): write(members, to: &json)
        case .objects(let objects):
            json.beginArray()
            for members in objects { write(members, to: &json) }
            json.endArray()
        }
    }
}

extension FormValue {
    fileprivate var isAbsent: Bool {
        switch self {
        case .text(nil), .number(nil): true
        default: false
        }
    }
}
