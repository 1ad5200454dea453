import ParryWire
import Testing

@Suite("Writing stored documents")
struct DocumentWriterTests {
    private static let sale = ObjectSchema(
        "Sale",
        [
            Field.text("a", 0...10).declaration, Field.text("b", 0...10).declaration,
            Field.object("c", part).declaration,
            Field.list("d", part, 0...5).declaration,
            Field.identifiers("e", 0...5).declaration,
        ])
    private static let part = ObjectSchema(
        "Part", [Field.text("x", 0...10).declaration, Field.text("y", 0...10).declaration])

    @Test(
        "show every declared member, null or an empty list where nothing was sent",
        arguments: [
            ("{}", #"{"a":null,"b":null,"c":null,"d":[],"e":[]}"#),
            (#"{"b":"1"}"#, #"{"a":null,"b":"1","c":null,"d":[],"e":[]}"#),
            (
                #"{"a":"\"\\\u0001é","c":{"y":"2"},"e":["p","q"]}"#,
                #"{"a":"\"\\\u0001é","b":null,"c":{"x":null,"y":"2"},"d":[],"e":["p","q"]}"#
            ),
            (
                #"{"d":[{"x":"1"},{},{"y":"2"}]}"#,
                #"{"a":null,"b":null,"c":null,"#
                    + #""d":[{"x":"1","y":null},{"x":null,"y":null},{"x":null,"y":"2"}],"e":[]}"#
            ),
            (#"{"a":null,"d":null}"#, #"{"a":null,"b":null,"c":null,"d":[],"e":[]}"#),
        ])
    func full(stored: String, written: String) throws {
        #expect(try Self.write(stored) == written)
    }

    @Test("leave one member out, whether it is there or not, and keep those behind it")
    func leavingOut() throws {
        #expect(
            try Self.write(#"{"a":"1","b":"2","c":{}}"#, leavingOut: "b")
                == #"{"a":"1","c":{"x":null,"y":null},"d":[],"e":[]}"#)
        #expect(
            try Self.write(#"{"a":"1","e":["2"]}"#, leavingOut: "b")
                == #"{"a":"1","c":null,"d":[],"e":["2"]}"#)
    }

    private static func write(_ stored: String, leavingOut name: String? = nil) throws -> String {
        var json = JSONWriter()
        sale.write(
            try JSONDocument.parse(Array(stored.utf8)).root, leavingOut: name, to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
