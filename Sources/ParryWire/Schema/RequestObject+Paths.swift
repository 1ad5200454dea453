extension RequestObject {
    func collectMissing(prefix: String, into paths: inout [String]) {
        for (index, field) in layout.fields.enumerated() {
            if let node = valueNode(index) {
                let path = prefix + field.name
                eachObject(in: node, field.rule) { object, position in
                    object.collectMissing(prefix: "\(path)\(position).", into: &paths)
                }
            } else if case .expected = field.presence {
                paths.append(prefix + field.name)
            }
        }
    }

    /// The path from this object to a node below it.
    func path(to target: Int) -> String {
        for (index, field) in layout.fields.enumerated() {
            guard let node = valueNode(index), node <= target,
                target < Int(body.tape.nodes[node].next)
            else { continue }
            var path = field.name + position(of: target, in: node)
            eachObject(in: node, field.rule) { object, _ in
                if object.encloses(target) { path += "." + object.path(to: target) }
            }
            return path
        }
        return ""
    }

    private func encloses(_ target: Int) -> Bool {
        node < target && target < Int(body.tape.nodes[node].next)
    }

    /// `[2]` where `target` is in the third element of an array, nothing where there is none.
    private func position(of target: Int, in node: Int) -> String {
        let elements = JSONValue(tape: body.tape, index: node).elements
        for (index, element) in elements.enumerated() where target < Int(element.node.next) {
            return "[\(index)]"
        }
        return ""
    }

    /// Visits the object or the objects that are the value at `node`, with `[i]` for elements.
    private func eachObject(
        in node: Int, _ rule: Rule, _ visit: (RequestObject, _ position: String) -> Void
    ) {
        switch rule {
        case .object(let schema):
            visit(RequestObject(body: body, layout: schema.layout, node: node), "")
        case .array(of: .object(let schema), _, _):
            for (index, element) in JSONValue(tape: body.tape, index: node).elements.enumerated() {
                let object = RequestObject(body: body, layout: schema.layout, node: element.index)
                visit(object, "[\(index)]")
            }
        default: return
        }
    }
}
