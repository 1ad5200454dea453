/// A declared member together with the type its value has in Swift.
///
/// The factories give `Field<Value>` for `.required` fields and `Field<Value?>` for others.
public struct Field<Value: Sendable>: Sendable {
    /// The declaration to list in an ``ObjectSchema``.
    public let declaration: FieldDeclaration

    /// Reads the value at a node, nil where there is none.
    let read: @Sendable (RequestObject, _ node: Int?) -> Value

    /// The member name.
    public var name: String { declaration.name }
}

/// The marker `.required`: the compiler gives such a field a value that is not optional.
public struct Required: Sendable {
    /// Absent or null is the error REQUIRED.
    public static let required = Required()
}

/// The markers of fields that may have no value.
public enum Voluntary: Sendable {
    /// Absent or null is listed in ``RequestObject/missing``.
    case expected
    /// Absent and null mean the same: no value.
    case optional
    /// It may be absent; null is the error REQUIRED. For patches of what a resource always has.
    case nonNull

    var presence: Presence {
        switch self {
        case .expected: .expected
        case .optional: .optional
        case .nonNull: .nonNull
        }
    }
}

/// What a request field can be read as.
protocol RequestValue: Sendable {
    /// Stands in for a required field that the schema of the object does not declare.
    static var absent: Self { get }

    static func read(_ node: Int, of rule: Rule, in object: RequestObject) -> Self?
}

extension Field where Value: RequestValue {
    init(_ name: String, _ rule: Rule, _ presence: Required) {
        declaration = FieldDeclaration(name: name, rule: rule, presence: .required)
        read = { object, node in
            let value = node.flatMap { Value.read($0, of: rule, in: object) }
            assert(value != nil, "The schema of this object does not declare the required field.")
            return value ?? .absent
        }
    }
}

extension Field {
    init<Wrapped: RequestValue>(
        _ name: String, _ rule: Rule, _ presence: Voluntary
    ) where Value == Wrapped? {
        declaration = FieldDeclaration(name: name, rule: rule, presence: presence.presence)
        read = { object, node in node.flatMap { Wrapped.read($0, of: rule, in: object) } }
    }
}
