/// The declaration of an object: validates, extracts, normalises and merges documents.
public struct ObjectSchema: Sendable {
    let layout: SchemaLayout

    /// The name of the schema, as documentation shows it.
    public var name: String { layout.name }

    /// The members in the order in which documents are written.
    public var fields: [FieldDeclaration] { layout.fields }

    /// One of these members has to be there, null included; empty where none has to.
    public let needsOneOf: [String]

    /// Declares an object; names have to differ, and of equal ones only the first is found.
    ///
    /// - Parameter needsOneOf: Members of which a body has to have one at least.
    public init(_ name: String, _ fields: [FieldDeclaration], needsOneOf: [String] = []) {
        layout = SchemaLayout(name, fields)
        self.needsOneOf = needsOneOf
    }

    /// Reads one object and reports every offence at once.
    ///
    /// - Throws: ``RequestFailure``.
    public func decode(_ bytes: [UInt8]) throws(RequestFailure) -> RequestObject {
        let tape = try ObjectSchema.parse(bytes)
        let (body, errors) = RequestScan.run(tape, .object(self))
        guard errors.isEmpty else { throw .invalid(errors) }
        let object = RequestObject(body: body, layout: layout, node: 0, block: 0)
        guard needsOneOf.isEmpty || needsOneOf.contains(where: object.has) else {
            let offence = Offence.needsOneOf(needsOneOf)
            throw .invalid([FieldError(field: "", code: offence.code, message: offence.message)])
        }
        if let path = object.cardNumberPath { throw .cardNumber(field: path) }
        return object
    }

    /// Reads an array of objects; one invalid element refuses them all.
    ///
    /// Card numbers do not refuse the batch: ask each element for its `cardNumberPath`.
    ///
    /// - Parameter count: how many elements there may be; more is the error BATCH_TOO_LARGE.
    /// - Throws: ``RequestFailure``, never its case `cardNumber`.
    public func decodeArray(
        _ bytes: [UInt8], count: ClosedRange<Int>
    ) throws(RequestFailure) -> [RequestObject] {
        let tape = try ObjectSchema.parse(bytes)
        let rule = Rule.array(of: .object(self), count: count, key: nil)
        let (body, errors) = RequestScan.run(tape, rule)
        guard errors.isEmpty else { throw .invalid(errors) }
        return JSONValue(tape: tape, index: 0).elements.map {
            RequestObject(body: body, layout: layout, node: $0.index)
        }
    }

    /// Merges a patch into a stored document and returns the normalised result.
    ///
    /// Both have to be valid for this schema but for `.required` fields a patch leaves out.
    /// Scalars are replaced, or removed by null; objects are merged member by member; arrays
    /// with a key are updated by it and extended; arrays of objects without one are extended by
    /// what they do not hold yet; arrays of scalars are replaced. Counts are not checked again.
    public func merge(_ patch: RequestObject, into stored: JSONValue) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024)
        let patch = patch.layout === layout ? patch : RequestObject(indexing: patch.value, self)
        DocumentMerge.write(patch, into: RequestObject(indexing: stored, self), to: &writer)
        return writer.bytes
    }

    private static func parse(_ bytes: [UInt8]) throws(RequestFailure) -> JSONTape {
        do {
            return try JSONDocument.parse(bytes).tape
        } catch {
            throw .malformed(error)
        }
    }
}
