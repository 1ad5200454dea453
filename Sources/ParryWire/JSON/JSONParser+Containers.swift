extension JSONParser {
    mutating func object(depth: Int) throws(JSONError) {
        let index = try open(.object, depth: depth)
        var count = 0
        if current == UInt8(ascii: "}") { return close(index, count) }
        while true {
            guard current == UInt8(ascii: "\"") else {
                throw failure("A member name in double quotes is expected here.")
            }
            try string()
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw failure("A colon is expected here.") }
            at += 1
            skipSpace()
            try value(depth: depth + 1)
            count += 1
            if try closes(with: UInt8(ascii: "}")) { return close(index, count) }
        }
    }

    mutating func array(depth: Int) throws(JSONError) {
        let index = try open(.array, depth: depth)
        var count = 0
        if current == UInt8(ascii: "]") { return close(index, count) }
        while true {
            try value(depth: depth + 1)
            count += 1
            if try closes(with: UInt8(ascii: "]")) { return close(index, count) }
        }
    }

    private mutating func open(
        _ kind: JSONValue.Kind, depth: Int
    ) throws(JSONError) -> Int {
        guard depth <= JSONLimits.depthMax else {
            throw failure("The JSON is nested too deeply.")
        }
        let index = nodes.count
        try append(JSONNode(kind: kind, start: at, length: 0, next: 0))
        at += 1
        skipSpace()
        return index
    }

    /// After a member or element: true at the closing bracket, false behind a comma.
    @inline(__always)
    private mutating func closes(with bracket: UInt8) throws(JSONError) -> Bool {
        skipSpace()
        let byte = current
        if byte == bracket { return true }
        guard byte == UInt8(ascii: ",") else {
            throw failure("A comma or a closing bracket is expected here.")
        }
        at += 1
        skipSpace()
        return false
    }

    private mutating func close(_ index: Int, _ count: Int) {
        at += 1
        nodes[index].close(end: at, next: nodes.count, count: count)
    }
}
