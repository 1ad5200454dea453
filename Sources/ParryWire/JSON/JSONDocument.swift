/// A JSON text that was parsed once, strictly by RFC 8259, to a flat tape of nodes.
///
/// Reading a value decodes it from the received bytes; nothing is copied until it is asked for.
public struct JSONDocument: Sendable {
    let tape: JSONTape

    /// Parses a whole body.
    ///
    /// Refused besides everything RFC 8259 refuses: a byte order mark, invalid UTF-8, lone
    /// surrogate escapes, numbers that are not finite as a double, and
    /// what goes beyond ``JSONLimits``.
    ///
    /// - Throws: ``JSONError`` with the offset of the first offence.
    public static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONDocument {
        guard bytes.count <= JSONLimits.bytesMax else {
            throw JSONError(offset: JSONLimits.bytesMax, reason: "The body is too large.")
        }
        let nodes = try bytes.withUnsafeBufferPointer {
            (buffer) throws(JSONError) -> [JSONNode] in
            var parser = JSONParser(buffer)
            try parser.document()
            return parser.nodes
        }
        return JSONDocument(tape: JSONTape(bytes: bytes, nodes: nodes))
    }

    /// The outermost value.
    public var root: JSONValue { JSONValue(tape: tape, index: 0) }
}
