/// Merges a patch into a document, both indexed for the same schema.
enum DocumentMerge {
    static func write(
        _ patch: RequestObject, into stored: RequestObject, to writer: inout JSONWriter
    ) {
        let layout = stored.layout
        writer.beginObject()
        for (index, field) in layout.fields.enumerated() {
            // Given as null: removed, but for a list, whose elements only they themselves can change.
            // Given: merged. Not given: kept.
            let isNull = patch.slot(index) != nil && patch.valueNode(index) == nil
            if isNull, !field.rule.isArray { continue }
            let new = Source(patch, patch.valueNode(index))
            let old = Source(stored, stored.valueNode(index))
            guard new != nil || old != nil, new?.isEmptyList != true || old != nil else { continue }
            writer.key(layout, index)
            member(new, old, field.rule, to: &writer)
        }
        writer.endObject()
    }

    /// A value and the body it lies in.
    struct Source {
        let body: RequestBody
        let node: Int

        init?(_ object: RequestObject, _ node: Int?) {
            guard let node else { return nil }
            body = object.body
            self.node = node
        }

        var isEmptyList: Bool {
            body.tape.nodes[node].kind == .array && body.tape.nodes[node].count == 0
        }

        func object(_ schema: ObjectSchema) -> RequestObject? {
            guard body.tape.nodes[node].kind == .object else { return nil }
            return RequestObject(body: body, layout: schema.layout, node: node)
        }

        func objects(_ schema: ObjectSchema) -> [RequestObject] {
            JSONValue(tape: body.tape, index: node).elements.map {
                RequestObject(body: body, layout: schema.layout, node: $0.index)
            }
        }

        func write(_ rule: Rule, to writer: inout JSONWriter) {
            body.tape.bytes.withUnsafeBufferPointer {
                RequestNormaliser(body: body, bytes: $0).value(node, rule, into: &writer)
            }
        }
    }

    private static func member(
        _ new: Source?, _ old: Source?, _ rule: Rule, to writer: inout JSONWriter
    ) {
        guard let new else {
            old?.write(rule, to: &writer)
            return
        }
        switch rule {
        case .object(let schema):
            guard let patch = new.object(schema), let stored = old?.object(schema) else {
                return new.write(rule, to: &writer)
            }
            write(patch, into: stored, to: &writer)
        case .array(of: .object(let schema), _, let key):
            let list = ListMerge(schema: schema, key: key)
            list.write(new.objects(schema), into: old?.objects(schema) ?? [], to: &writer)
        default: new.write(rule, to: &writer)
        }
    }
}

extension Rule {
    fileprivate var isArray: Bool {
        if case .array = self { true } else { false }
    }
}
