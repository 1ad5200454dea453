/// Fields read as strings, with a value for certain.
extension Field where Value == [String] {
    /// So many identifiers of 1 to 250 Unicode scalars.
    public static func identifiers(
        _ name: String, _ count: ClosedRange<Int>, _ presence: Required
    ) -> Field { Field(name, .array(of: .identifier(1...250), count: count, key: nil), presence) }

    /// So many of the words.
    public static func words(
        _ name: String, _ words: [String], _ count: ClosedRange<Int>,
        _ presence: Required
    ) -> Field { Field(name, .array(of: .enumeration(words), count: count, key: nil), presence) }

    /// So many strings of one rule.
    public static func strings(
        _ name: String, of rule: Rule, _ count: ClosedRange<Int>,
        _ presence: Required
    ) -> Field { Field(name, .array(of: rule, count: count, key: nil), presence) }
}

/// Fields read as strings, without a value where none was sent.
extension Field where Value == [String]? {
    /// So many identifiers of 1 to 250 Unicode scalars.
    public static func identifiers(
        _ name: String, _ count: ClosedRange<Int>, _ presence: Voluntary = .optional
    ) -> Field { Field(name, .array(of: .identifier(1...250), count: count, key: nil), presence) }

    /// So many of the words.
    public static func words(
        _ name: String, _ words: [String], _ count: ClosedRange<Int>,
        _ presence: Voluntary = .optional
    ) -> Field { Field(name, .array(of: .enumeration(words), count: count, key: nil), presence) }

    /// So many strings of one rule.
    public static func strings(
        _ name: String, of rule: Rule, _ count: ClosedRange<Int>,
        _ presence: Voluntary = .optional
    ) -> Field { Field(name, .array(of: rule, count: count, key: nil), presence) }
}

/// Fields read as an object, with a value for certain.
extension Field where Value == RequestObject {
    /// An object of another schema.
    public static func object(
        _ name: String, _ schema: ObjectSchema, _ presence: Required
    ) -> Field { Field(name, .object(schema), presence) }
}

/// Fields read as an object, without a value where none was sent.
extension Field where Value == RequestObject? {
    /// An object of another schema.
    public static func object(
        _ name: String, _ schema: ObjectSchema, _ presence: Voluntary = .optional
    ) -> Field { Field(name, .object(schema), presence) }
}

/// Fields read as objects, with a value for certain.
extension Field where Value == [RequestObject] {
    /// So many objects of another schema.
    ///
    /// A patch updates them by the member `key`, or appends when there is none.
    public static func list(
        _ name: String, _ schema: ObjectSchema, _ count: ClosedRange<Int>, key: String? = nil,
        _ presence: Required
    ) -> Field { Field(name, .array(of: .object(schema), count: count, key: key), presence) }
}

/// Fields read as objects, without a value where none was sent.
extension Field where Value == [RequestObject]? {
    /// So many objects of another schema.
    ///
    /// A patch updates them by the member `key`, or appends when there is none.
    public static func list(
        _ name: String, _ schema: ObjectSchema, _ count: ClosedRange<Int>, key: String? = nil,
        _ presence: Voluntary = .optional
    ) -> Field { Field(name, .array(of: .object(schema), count: count, key: key), presence) }
}
