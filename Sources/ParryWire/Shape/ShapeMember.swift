/// One member of a ``Shape``: its declaration, and how it is written.
///
/// The factories follow the type of what they are given: an optional value may be null.
package struct ShapeMember<Value>: Sendable {
    /// What documentation says of it.
    package let declaration: AnswerMember
    let write: @Sendable (Value, inout JSONWriter) -> Void

    /// A member that writes its own value, one exactly.
    package init(
        _ name: String, _ type: AnswerType, isNullable: Bool = false,
        _ writeValue: @escaping @Sendable (Value, inout JSONWriter) -> Void
    ) {
        declaration = AnswerMember(name, type, isNullable: isNullable)
        write = { value, json in
            json.key(name)
            writeValue(value, &json)
        }
    }

    private init(
        whereThere name: String, _ type: AnswerType,
        _ write: @escaping @Sendable (Value, inout JSONWriter) -> Void
    ) {
        declaration = AnswerMember(name, type, isAlwaysThere: false)
        self.write = write
    }

    /// A member that may be null.
    private static func nullable<Part>(
        _ name: String, _ type: AnswerType, _ get: @escaping @Sendable (Value) -> Part?,
        _ write: @escaping @Sendable (Part, inout JSONWriter) -> Void
    ) -> ShapeMember {
        ShapeMember(name, type, isNullable: true) { value, json in
            if let part = get(value) { write(part, &json) } else { json.null() }
        }
    }
}

extension ShapeMember {
    /// Text.
    package static func text(
        _ name: String, _ get: @escaping @Sendable (Value) -> String
    ) -> ShapeMember {
        ShapeMember(name, .text) { $1.string(get($0)) }
    }

    /// Text or null.
    package static func text(
        _ name: String, _ get: @escaping @Sendable (Value) -> String?
    ) -> ShapeMember {
        nullable(name, .text, get) { $1.string($0) }
    }

    /// Texts or null.
    package static func texts(
        _ name: String, _ get: @escaping @Sendable (Value) -> [String]?
    ) -> ShapeMember {
        nullable(name, .list(.text), get) { texts, json in
            json.beginArray()
            for text in texts { json.string(text) }
            json.endArray()
        }
    }

    /// An id.
    package static func id<Resource>(
        _ name: String, _ get: @escaping @Sendable (Value) -> Identifier<Resource>
    ) -> ShapeMember {
        ShapeMember(name, .id(prefix: Resource.idPrefix)) { $1.string(get($0).text) }
    }

    /// An id or null.
    package static func id<Resource>(
        _ name: String, _ get: @escaping @Sendable (Value) -> Identifier<Resource>?
    ) -> ShapeMember {
        nullable(name, .id(prefix: Resource.idPrefix), get) { $1.string($0.text) }
    }

    /// Ids.
    package static func ids<Resource>(
        _ name: String, _ get: @escaping @Sendable (Value) -> [Identifier<Resource>]
    ) -> ShapeMember {
        ShapeMember(name, .list(.id(prefix: Resource.idPrefix))) { value, json in
            json.beginArray()
            for id in get(value) { json.string(id.text) }
            json.endArray()
        }
    }

    /// A word of an enumeration.
    package static func word<Word: RawRepresentable<String> & CaseIterable & SendableMetatype>(
        _ name: String, _ get: @escaping @Sendable (Value) -> Word
    ) -> ShapeMember {
        ShapeMember(name, .word(ParryWire.words(Word.self))) { $1.string(get($0).rawValue) }
    }

    /// A word of an enumeration or null.
    package static func word<Word: RawRepresentable<String> & CaseIterable & SendableMetatype>(
        _ name: String, _ get: @escaping @Sendable (Value) -> Word?
    ) -> ShapeMember {
        nullable(name, .word(ParryWire.words(Word.self)), get) { $1.string($0.rawValue) }
    }

    /// Words of an enumeration.
    package static func words<Word: RawRepresentable<String> & CaseIterable & SendableMetatype>(
        _ name: String, _ get: @escaping @Sendable (Value) -> [Word]
    ) -> ShapeMember {
        let all = Word.allCases.map(\.rawValue)
        return ShapeMember(name, .list(.word(all))) { value, json in
            json.beginArray()
            for word in get(value) { json.string(word.rawValue) }
            json.endArray()
        }
    }

    /// An integer or null.
    package static func integer(
        _ name: String, _ get: @escaping @Sendable (Value) -> Int64?
    ) -> ShapeMember {
        nullable(name, .integer, get) { $1.integer($0) }
    }

    /// An integer.
    package static func integer(
        _ name: String, _ get: @escaping @Sendable (Value) -> Int64
    ) -> ShapeMember {
        ShapeMember(name, .integer) { $1.integer(get($0)) }
    }

    /// `true` or `false`.
    package static func boolean(
        _ name: String, _ get: @escaping @Sendable (Value) -> Bool
    ) -> ShapeMember {
        ShapeMember(name, .boolean) { $1.boolean(get($0)) }
    }

    /// An instant, cut to its second.
    package static func time(
        _ name: String, _ get: @escaping @Sendable (Value) -> Timestamp
    ) -> ShapeMember {
        ShapeMember(name, .timestamp) { $1.timestamp(get($0).truncatedToSecond) }
    }

    /// An instant, cut to its second, or null.
    package static func time(
        _ name: String, _ get: @escaping @Sendable (Value) -> Timestamp?
    ) -> ShapeMember {
        nullable(name, .timestamp, get) { $1.timestamp($0.truncatedToSecond) }
    }

    /// A list of parts.
    package static func list<Part>(
        _ name: String, _ shape: Shape<Part>, _ get: @escaping @Sendable (Value) -> [Part]
    ) -> ShapeMember {
        ShapeMember(name, .list(.object(shape.schema))) { value, json in
            json.beginArray()
            for part in get(value) { shape.write(part, to: &json) }
            json.endArray()
        }
    }

    /// A part that is left out where there is none.
    package static func whereThere<Part>(
        _ name: String, _ shape: Shape<Part>, _ get: @escaping @Sendable (Value) -> Part?
    ) -> ShapeMember {
        ShapeMember(whereThere: name, .object(shape.schema)) { value, json in
            guard let part = get(value) else { return }
            json.key(name)
            shape.write(part, to: &json)
        }
    }
}
