/// One validated object of a body: typed reading, normalised writing.
///
/// A view into the body that all objects decoded with it share; cheap to copy.
public struct RequestObject: Sendable {
    let body: RequestBody
    let layout: SchemaLayout
    let node: Int
    /// Where its slots start; nil for an object that was never scanned, which has no members.
    let block: Int?

    init(body: RequestBody, layout: SchemaLayout, node: Int, block: Int? = nil) {
        self.body = body
        self.layout = layout
        self.node = node
        self.block = block ?? body.block(of: node)
    }

    /// Indexes a value without judging it: stored documents were judged when they came.
    init(indexing value: JSONValue, _ schema: ObjectSchema) {
        let (body, _) = RequestScan.run(value.tape, at: value.index, .object(schema))
        self.init(body: body, layout: schema.layout, node: value.index)
    }

    /// The typed value of a field of this schema.
    public subscript<Value>(_ field: Field<Value>) -> Value {
        field.read(self, layout.index(of: field.declaration).flatMap { valueNode($0) })
    }

    /// The value of a field, or nil where none was sent.
    ///
    /// For patches: their schema may leave out what the field itself requires.
    public func given<Value>(_ field: Field<Value>) -> Value? {
        layout.index(of: field.declaration).flatMap { valueNode($0) }.map { field.read(self, $0) }
    }

    /// Whether a member is present, null included.
    public func has(_ name: String) -> Bool { member(name) != nil }

    /// Whether a member is present and null.
    public func isNull(_ name: String) -> Bool { member(name)?.isNull ?? false }

    /// The object as received.
    public var value: JSONValue { JSONValue(tape: body.tape, index: node) }

    /// The paths of `.expected` fields that are absent or null, at any depth, in declared order.
    ///
    /// They are relative to this object: `order_number`, `transactions[0].currency`.
    public var missing: [String] {
        guard body.lacksExpected else { return [] }
        var paths: [String] = []
        collectMissing(prefix: "", into: &paths)
        return paths
    }

    /// The path of the first free text that holds a full card number, relative to this object.
    public var cardNumberPath: String? {
        let end = body.tape.nodes[node].next
        guard let found = body.cardNodes.first(where: { node < $0 && $0 < end }) else { return nil }
        return path(to: Int(found))
    }

    /// Writes the object normalised, as one value.
    ///
    /// That is known fields only, in declared order, absent, null and empty lists left out, strings
    /// escaped anew, times in canonical UTC.
    public func write(into writer: inout JSONWriter) {
        body.tape.bytes.withUnsafeBufferPointer { bytes in
            RequestNormaliser(body: body, bytes: bytes).object(self, into: &writer)
        }
    }

    private func member(_ name: String) -> JSONValue? {
        guard let index = layout.index(of: name) else { return value[name] }
        return slot(index).map { JSONValue(tape: body.tape, index: $0) }
    }

    /// The node of a field that is present, null included.
    func slot(_ index: Int) -> Int? {
        guard let block else { return nil }
        let node = body.slots[block + index]
        return node == 0 ? nil : Int(node)
    }

    /// The node of a field that has a value.
    func valueNode(_ index: Int) -> Int? {
        guard let node = slot(index), body.tape.nodes[node].kind != .null else { return nil }
        return node
    }
}
