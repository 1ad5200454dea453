extension String: RequestValue {
    static var absent: String { "" }

    static func read(_ node: Int, of rule: Rule, in object: RequestObject) -> String? {
        JSONValue(tape: object.body.tape, index: node).string
    }
}

extension Int64: RequestValue {
    static var absent: Int64 { 0 }

    static func read(_ node: Int, of rule: Rule, in object: RequestObject) -> Int64? {
        JSONValue(tape: object.body.tape, index: node).integer
    }
}

extension Bool: RequestValue {
    static var absent: Bool { false }

    static func read(_ node: Int, of rule: Rule, in object: RequestObject) -> Bool? {
        JSONValue(tape: object.body.tape, index: node).boolean
    }
}

extension Timestamp: RequestValue {
    static var absent: Timestamp { Timestamp(milliseconds: 0) }

    static func read(_ node: Int, of rule: Rule, in object: RequestObject) -> Timestamp? {
        let tape = object.body.tape
        guard tape.nodes[node].kind == .string else { return nil }
        return tape.bytes.withUnsafeBufferPointer { RequestScan.timestamp($0, tape.nodes[node]) }
    }
}

extension RequestObject: RequestValue {
    static var absent: RequestObject {
        RequestObject(body: .empty, layout: SchemaLayout("", []), node: 0)
    }

    static func read(_ node: Int, of rule: Rule, in object: RequestObject) -> RequestObject? {
        guard case .object(let schema) = rule else { return nil }
        return RequestObject(body: object.body, layout: schema.layout, node: node)
    }
}

extension Array: RequestValue where Element: RequestValue {
    static var absent: [Element] { [] }

    static func read(_ node: Int, of rule: Rule, in object: RequestObject) -> [Element]? {
        guard case .array(let element, _, _) = rule else { return nil }
        return JSONValue(tape: object.body.tape, index: node).elements.compactMap {
            Element.read($0.index, of: element, in: object)
        }
    }
}
