extension ObjectSchema {
    /// Writes a stored document as an object of every declared member, null or an empty list where it has none.
    ///
    /// - Parameters:
    ///   - stored: What ``RequestObject`` made of a body that this schema accepts: its members are in declared order.
    ///   - name: A member that is not written.
    public func write(
        _ stored: JSONValue, leavingOut name: String? = nil, to json: inout JSONWriter
    ) {
        json.beginObject()
        writeMembers(of: stored, leavingOut: name, to: &json)
        json.endObject()
    }

    /// As ``write(_:leavingOut:to:)``, into an object that is open.
    public func writeMembers(
        of stored: JSONValue, leavingOut name: String? = nil, to json: inout JSONWriter
    ) {
        stored.tape.bytes.withUnsafeBufferPointer { bytes in
            stored.tape.nodes.withUnsafeBufferPointer { nodes in
                DocumentWriter(bytes: bytes, nodes: nodes).members(
                    of: stored.index, layout, leavingOut: name.flatMap(layout.index(of:)), to: &json
                )
            }
        }
    }
}

/// Writes stored documents in the shape of their declaration.
private struct DocumentWriter {
    let bytes: UnsafeBufferPointer<UInt8>
    let nodes: UnsafeBufferPointer<JSONNode>

    /// One walk over the declaration and the object finds all members, since both have one order.
    func members(
        of object: Int, _ layout: SchemaLayout, leavingOut leftOut: Int?, to json: inout JSONWriter
    ) {
        var cursor = object + 1
        let end = nodes[object].kind == .object ? Int(nodes[object].next) : cursor
        for field in layout.keys.indices {
            let isThere =
                cursor < end && layout.matches(field, JSONText.content(bytes, nodes[cursor]))
            if field != leftOut {
                write(isThere ? cursor + 1 : nil, of: field, in: layout, to: &json)
            }
            if isThere { cursor = Int(nodes[cursor + 1].next) }
        }
    }

    private func write(
        _ index: Int?, of field: Int, in layout: SchemaLayout, to json: inout JSONWriter
    ) {
        guard let index, nodes[index].kind != .null else { return json.absent(layout, field) }
        json.key(layout, field)
        switch nodes[index].kind {
        case .object, .array: value(index, layout.fields[field].rule, to: &json)
        default: raw(nodes[index], to: &json)
        }
    }

    private func value(_ index: Int, _ rule: Rule, to json: inout JSONWriter) {
        switch (nodes[index].kind, rule) {
        case (.object, .object(let schema)):
            json.beginObject()
            members(of: index, schema.layout, leavingOut: nil, to: &json)
            json.endObject()
        case (.array, .array(let element, _, _)):
            elements(of: index, element, to: &json)
        default: raw(nodes[index], to: &json)
        }
    }

    private func elements(of array: Int, _ rule: Rule, to json: inout JSONWriter) {
        json.beginArray()
        var cursor = array + 1
        while cursor < Int(nodes[array].next) {
            value(cursor, rule, to: &json)
            cursor = Int(nodes[cursor].next)
        }
        json.endArray()
    }

    private func raw(_ node: JSONNode, to json: inout JSONWriter) {
        json.rawValue(UnsafeBufferPointer(rebasing: bytes[Int(node.start)..<node.end]))
    }
}
