/// The declaration of a resource as answers and events show it: one list gives its JSON and its schema,
/// so that no answer says more or less than the documentation.
package struct Shape<Value>: Sendable {
    /// The same as plain data.
    package let schema: AnswerSchema
    private let members: [ShapeMember<Value>]
    private let id: (@Sendable (Value) -> String)?

    /// The shape of a resource with an id of its own.
    ///
    /// - Parameters:
    ///   - name: The schema's name in the documentation.
    ///   - collection: Where the resource is found, for its `links`.
    ///   - id: The last part of that link.
    package init(
        _ name: String, in collection: String, id: @escaping @Sendable (Value) -> String,
        _ members: [ShapeMember<Value>]
    ) {
        schema = AnswerSchema(name, members.map(\.declaration), in: collection)
        self.members = members
        self.id = id
    }

    /// The shape of a part of a resource, which has no `links`.
    package init(_ name: String, _ members: [ShapeMember<Value>]) {
        schema = AnswerSchema(name, members.map(\.declaration))
        self.members = members
        id = nil
    }

    /// Writes the object.
    ///
    /// - Parameter links: Whether with its `links`, which webhooks leave out (CONTRACT.md 21, row 46).
    package func write(_ value: Value, to json: inout JSONWriter, links: Bool = false) {
        json.beginObject()
        for member in members { member.write(value, &json) }
        if links, let collection = schema.collection, let id {
            json.links(collection, id(value))
        }
        json.endObject()
    }
}

extension JSONWriter {
    /// `links` with the resource itself: a relative URI without a host (CONTRACT.md 1).
    package mutating func links(_ collection: String, _ id: String) {
        key("links")
        beginArray()
        beginObject()
        field("rel", "self")
        field("uri", "\(collection)/\(id)")
        endObject()
        endArray()
    }
}
