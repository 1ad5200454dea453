import ParryWire
import Testing

@Suite("JSON values and the writer")
struct JSONValueTests {
    private func root(_ text: String) throws -> JSONValue {
        try JSONDocument.parse(Array(text.utf8)).root
    }

    @Test("A member is found by name, also behind nested ones and when its name is escaped")
    func members() throws {
        let value = try root(#"{"a":[1,{"b":2}],"\u0062":{"c":true},"d":null,"a":9}"#)
        #expect(value.count == 4)
        #expect(value["a"]?.count == 2)
        #expect(value["b"]?["c"]?.boolean == true)
        #expect(value["d"]?.isNull == true)
        #expect(value["x"] == nil)
        #expect(value["a"]?["a"] == nil)
        #expect(value.members.map(\.name) == ["a", "b", "d", "a"])
        #expect(value.members.map(\.value.kind) == [.array, .object, .null, .number])
    }

    @Test("Elements come in order and are empty for what is no array")
    func elements() throws {
        let value = try root(#"[1,[2,3],"x",{"y":4}]"#)
        #expect(
            value.elements.map { String(decoding: $0.raw, as: UTF8.self) }
                == ["1", "[2,3]", "\"x\"", "{\"y\":4}"])
        #expect(Array(try root("{\"a\":1}").elements.map(\.kind)).isEmpty)
        #expect(try root("[1]").members.map(\.name).isEmpty)
    }

    @Test(
        "Only integer literals are integers",
        arguments: [
            ("0", 0), ("-0", 0), ("42", 42), ("-7", -7), ("9223372036854775807", .max),
            ("-9223372036854775808", .min), ("1.0", nil), ("1e3", nil), ("\"1\"", nil),
            ("true", nil),
        ] as [(String, Int64?)])
    func integers(_ text: String, _ expected: Int64?) throws {
        #expect(try root(text).integer == expected)
    }

    @Test(
        "Escapes are decoded",
        arguments: [
            (#""a\"b\\c\/d""#, "a\"b\\c/d"), (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"),
            (#""\u00e9\u20AC""#, "é€"), (#""\uD83D\uDE00!""#, "😀!"), (#""é\n€""#, "é\n€"),
            (#""\u0000""#, "\u{0}"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
        ])
    func escapes(_ text: String, _ expected: String) throws {
        #expect(try root(text).string == expected)
    }

    @Test("What the writer wrote parses to the same values")
    func roundTrip() throws {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("text", "quote \" backslash \\ newline \n bell \u{7} é 😀 \u{2028}")
        writer.field("none", nil as String?)
        writer.field("least", Int64.min)
        writer.field("int", 7)
        writer.field("yes", true)
        writer.field("at", Timestamp(milliseconds: 1_771_322_345_123))
        writer.field("list", ["a", "b"])
        writer.field("word", Word.second)
        writer.key("nested" as String)
        writer.beginArray()
        writer.beginObject()
        writer.endObject()
        writer.integer(-12)
        writer.raw(Array("[1]".utf8))
        writer.raw("null".utf8)
        writer.beginArray()
        writer.endArray()
        writer.endArray()
        writer.endObject()
        let value = try JSONDocument.parse(writer.bytes).root
        #expect(value["text"]?.string == "quote \" backslash \\ newline \n bell \u{7} é 😀 \u{2028}")
        #expect(value["none"]?.isNull == true)
        #expect(value["least"]?.integer == .min)
        #expect(value["int"]?.integer == 7)
        #expect(value["yes"]?.boolean == true)
        #expect(value["at"]?.string == "2026-02-17T09:59:05.123Z")
        #expect(value["list"]?.elements.compactMap(\.string) == ["a", "b"])
        #expect(value["word"]?.string == "SECOND")
        #expect(
            value["nested"].map { String(decoding: $0.raw, as: UTF8.self) }
                == "[{},-12,[1],null,[]]")
    }

    private enum Word: String {
        case second = "SECOND"
    }

    @Test("Every scalar below U+0800 survives writing and parsing")
    func scalars() throws {
        let text = String(String.UnicodeScalarView((0..<0x800).compactMap(Unicode.Scalar.init)))
        var writer = JSONWriter()
        writer.string(text)
        #expect(try JSONDocument.parse(writer.bytes).root.string == text)
    }
}
