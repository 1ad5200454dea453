/// Writes the tape in one pass over the bytes; valid only while their buffer is.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    var at = 0
    var nodes: [JSONNode] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        // Orders hold a node per 8 to 10 bytes; the cap keeps hostile sizes from reserving much.
        nodes.reserveCapacity(min(bytes.count / 7 + 4, 65_536))
    }

    mutating func document() throws(JSONError) {
        skipSpace()
        guard at < bytes.count else { throw failure("The body is empty; send a JSON value.") }
        try value(depth: 1)
        skipSpace()
        guard at == bytes.count else {
            throw failure("Remove what follows the end of the JSON value.")
        }
    }

    /// The byte under the cursor, or 0, which no JSON token starts with, at the end.
    @inline(__always)
    var current: UInt8 { at < bytes.count ? bytes[at] : 0 }

    @inline(__always)
    mutating func skipSpace() {
        while at < bytes.count {
            let byte = bytes[at]
            guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else {
                return
            }
            at += 1
        }
    }

    mutating func value(depth: Int) throws(JSONError) {
        switch current {
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "{"): try object(depth: depth)
        case UInt8(ascii: "["): try array(depth: depth)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        case UInt8(ascii: "t"): try word("true", .boolean)
        case UInt8(ascii: "f"): try word("false", .boolean)
        case UInt8(ascii: "n"): try word("null", .null)
        default: throw failure("A JSON value is expected here.")
        }
    }

    @inline(__always)
    mutating func append(_ node: JSONNode) throws(JSONError) {
        guard nodes.count < JSONLimits.nodesMax else {
            throw failure("The body holds too many values; send fewer.")
        }
        nodes.append(node)
    }

    func failure(_ reason: String) -> JSONError { JSONError(offset: at, reason: reason) }

    private mutating func word(
        _ word: StaticString, _ kind: JSONValue.Kind
    ) throws(JSONError) {
        let length = word.utf8CodeUnitCount
        guard bytes.count - at >= length else { throw failure("The JSON ends too early.") }
        for offset in 0..<length where bytes[at + offset] != word.utf8Start[offset] {
            throw failure("A JSON value is expected here.")
        }
        try append(JSONNode(kind: kind, start: at, length: length, next: nodes.count + 1))
        at += length
    }
}
