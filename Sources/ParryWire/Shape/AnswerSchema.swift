/// What an answer's object looks like: plain data, for documentation and for tests.
package struct AnswerSchema: Sendable {
    /// The name of the schema, as documentation shows it.
    package let name: String
    /// The members in the order in which they are written.
    package let members: [AnswerMember]
    /// Where the resource is found, such as `/v1/orders`; nil for what has no `links`.
    package let collection: String?
    /// What a page of a list of these has besides, where it is not an ordinary list.
    package let pageMembers: [AnswerMember]

    package init(
        _ name: String, _ members: [AnswerMember], in collection: String? = nil,
        pageMembers: [AnswerMember] = []
    ) {
        self.name = name
        self.members = members
        self.collection = collection
        self.pageMembers = pageMembers
    }
}

/// One member of an answer's object.
package struct AnswerMember: Sendable {
    package let name: String
    package let type: AnswerType
    /// Whether the value may be null.
    package let isNullable: Bool
    /// Whether the member is always there; a few blocks are left out where they do not apply.
    package let isAlwaysThere: Bool

    package init(
        _ name: String, _ type: AnswerType, isNullable: Bool = false, isAlwaysThere: Bool = true
    ) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
        self.isAlwaysThere = isAlwaysThere
    }
}

/// What a value of an answer can be.
package indirect enum AnswerType: Sendable {
    /// Any text.
    case text
    /// An id with this prefix, see ``Identifier``.
    case id(prefix: String)
    /// One of these words.
    case word([String])
    /// An integer that every JSON reader holds exactly.
    case integer
    /// `true` or `false`.
    case boolean
    /// An instant in UTC, in whole seconds.
    case timestamp
    /// A value as a request declared it, given back.
    case asSent(Rule)
    /// An array.
    case list(AnswerType)
    /// An object of another schema.
    case object(AnswerSchema)
    /// An object with members of any name.
    case anyObject
    /// An object of one of several schemas.
    case either([AnswerSchema])
}

extension AnswerSchema {
    /// An object that gives back all that a request declared: every member always, null or an empty list
    /// where nothing was sent. `TransactionInput` is answered as `Transaction`.
    package init(answering request: ObjectSchema) {
        let name = request.name.hasSuffix("Input") ? request.name.dropLast(5) : request.name[...]
        self.init(String(name), request.fields.map(AnswerMember.init(answering:)))
    }
}

extension AnswerMember {
    init(answering field: FieldDeclaration) {
        switch field.rule {
        case .object(let schema):
            self.init(field.name, .object(AnswerSchema(answering: schema)), isNullable: true)
        case .array(of: .object(let schema), _, _):
            self.init(field.name, .list(.object(AnswerSchema(answering: schema))))
        case .array(let rule, _, _): self.init(field.name, .list(.asSent(rule)))
        default: self.init(field.name, .asSent(field.rule), isNullable: true)
        }
    }
}
