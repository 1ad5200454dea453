/// Writes validated values in their one canonical form.
struct RequestNormaliser {
    let body: RequestBody
    let bytes: UnsafeBufferPointer<UInt8>

    func object(_ object: RequestObject, into writer: inout JSONWriter) {
        writer.beginObject()
        let layout = object.layout
        for index in layout.keys.indices {
            guard let node = object.valueNode(index), !isEmptyList(node) else { continue }
            writer.key(layout, index)
            value(node, layout.fields[index].rule, into: &writer)
        }
        writer.endObject()
    }

    /// An empty list says what no list says.
    private func isEmptyList(_ index: Int) -> Bool {
        body.tape.nodes[index].kind == .array && body.tape.nodes[index].count == 0
    }

    func value(_ index: Int, _ rule: Rule, into writer: inout JSONWriter) {
        let node = body.tape.nodes[index]
        switch (node.kind, rule) {
        case (.object, .object(let schema)):
            let nested = RequestObject(body: body, layout: schema.layout, node: index)
            object(nested, into: &writer)
        case (.array, .array(let element, _, _)):
            array(index, element, into: &writer)
        case (.string, .timestamp): timestamp(node, into: &writer)
        case (.string, _): string(node, into: &writer)
        default: other(node, into: &writer)
        }
    }

    private func array(_ index: Int, _ element: Rule, into writer: inout JSONWriter) {
        writer.beginArray()
        var cursor = index + 1
        let end = Int(body.tape.nodes[index].next)
        while cursor < end {
            value(cursor, element, into: &writer)
            cursor = Int(body.tape.nodes[cursor].next)
        }
        writer.endArray()
    }

    private func timestamp(_ node: JSONNode, into writer: inout JSONWriter) {
        guard let parsed = RequestScan.timestamp(bytes, node) else {
            return string(node, into: &writer)
        }
        writer.timestamp(parsed)
    }

    private func string(_ node: JSONNode, into writer: inout JSONWriter) {
        guard node.flags.contains(.escaped) else { return other(node, into: &writer) }
        writer.string(JSONText.decode(bytes, node))
    }

    /// Literals have one spelling each but for zero, which may come with a minus.
    private func other(_ node: JSONNode, into writer: inout JSONWriter) {
        if node.flags.contains(.integer), node.length == 2, bytes[Int(node.start)] == 0x2D,
            bytes[Int(node.start) + 1] == 0x30
        {
            return writer.integer(0)
        }
        writer.rawValue(UnsafeBufferPointer(rebasing: bytes[Int(node.start)..<node.end]))
    }
}

extension JSONWriter {
    /// Writes the name of a schema's field.
    @inline(__always)
    mutating func key(_ layout: SchemaLayout, _ index: Int) {
        let key = layout.keys[index]
        layout.keyBytes.withUnsafeBufferPointer {
            rawKey(UnsafeBufferPointer(rebasing: $0[key.start..<key.start + key.length]))
        }
    }

    /// Writes a schema's field that has no value.
    @inline(__always)
    mutating func absent(_ layout: SchemaLayout, _ index: Int) {
        let key = layout.keys[index]
        layout.keyBytes.withUnsafeBufferPointer {
            rawValue(UnsafeBufferPointer(rebasing: $0[key.start..<key.start + key.absentLength]))
        }
    }
}
