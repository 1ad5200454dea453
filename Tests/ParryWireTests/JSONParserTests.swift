import ParryWire
import Testing

@Suite("The JSON parser")
struct JSONParserTests {
    @Test(
        "accepts what RFC 8259 allows",
        arguments: [
            "{}", "[]", " [ ] ", "null", "true", "false", "0", "-0", "1", "-1", "1.5", "1e3",
            "1E+3", "1e-3", "0.1", "0e1", "-0.0", "9223372036854775807", "-9223372036854775808",
            "123456789012345678901234567890.5", "1e-999", "\"\"", "\"a\"", "\"\\u0041\"",
            "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\uD83D\\uDE00\"", "\"\\u0000\"", "\"é€😀\"",
            "\"\u{7F}\"", "\"\u{2028}\"", "\"\u{FFFF}\"", "[1,2,3]", "[[],{}]", "{\"a\":1}",
            "{\"a\":1,\"a\":2}", "{\"\":0}", "\t\r\n 1 \t\r\n", "[null,true,false]",
            "{\"a\":{\"b\":[1,{\"c\":null}]}}", "\"eight888plain bytes and more\"", "[-0]",
            "{ \"a\" : 1 , \"b\" : [ 1 , 2 ] }", "\"\\u0061\\u30af\\u30EA\"", "\"/\"",
        ])
    func accepts(_ text: String) throws {
        let document = try JSONDocument.parse(Array(text.utf8))
        let isSpace: (UInt8) -> Bool = { " \t\r\n".utf8.contains($0) }
        let trimmed = text.utf8.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        #expect(document.root.raw.elementsEqual(trimmed))
    }

    @Test(
        "refuses what RFC 8259 does not allow",
        arguments: [
            "", " ", "{", "}", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1 2]", "[1;2]",
            "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{a:1}", "{'a':1}", "{\"a\" 1}", "{1:1}",
            "{\"a\":1 \"b\":2}", "{\"a\":1}}", "[]]", "1 2", "nul", "nulL", "tru", "True", "fals",
            "NaN", "Infinity", "-Infinity", "-", "--1", "+1", "01", "-01", "00", "1.", ".5", "-.5",
            "1.e3", "1e", "1e+", "1e1.5", "0x1", "1_000", "1e999", "-1e999",
            "\"", "\"a", "\"\\\"", "\"\\x41\"", "\"\\u12\"", "\"\\u123g\"", "\"\\uD800\"",
            "\"\\uDC00\"", "\"\\uD800\\uD800\"", "\"\\uD800x\"", "\"\\uD800\\u0041\"", "\"\\",
            "\"\\u\"", "\"\\U0041\"", "\"\u{0}\"", "\"\u{1F}\"", "\"a\nb\"", "\"a\tb\"", "'a'",
            "\u{FEFF}{}", "[1]x", "/**/1", "1//", "[1,\u{0B}2]", "[\u{A0}1]", "\u{0}", "1\u{0}",
            "{\"a\":/*b*/1}", "[\"a\",\n4\n,1,", "\"\\uD834\\\"", "[\"x\"", "{\"x\"::1}", "*",
        ])
    func refuses(_ text: String) {
        #expect(throws: JSONError.self) { try JSONDocument.parse(Array(text.utf8)) }
    }

    @Test(
        "refuses bytes that are not UTF-8",
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x80, 0x80], [0xE2, 0x82],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xFF], [0xFE],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xC3, 0x28],
        ] as [[UInt8]])
    func refusesUTF8(_ bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONDocument.parse([0x22] + bytes + [0x22]) }
        #expect(throws: JSONError.self) { try JSONDocument.parse([0x22] + bytes) }
    }

    @Test("A whole number beyond 64 bits is a number, but no integer that could be read")
    func greatNumbers() throws {
        for text in [
            "9223372036854775808", "-9223372036854775809", "1" + String(repeating: "0", count: 400),
        ] {
            let value = try JSONDocument.parse(Array(text.utf8)).root
            #expect(value.kind == .number)
            #expect(value.integer == nil)
        }
    }

    @Test("Nesting is allowed to 32 levels and no further")
    func depth() throws {
        func nested(_ levels: Int) -> [UInt8] {
            [UInt8](repeating: UInt8(ascii: "["), count: levels)
                + [UInt8](repeating: UInt8(ascii: "]"), count: levels)
        }
        _ = try JSONDocument.parse(nested(32))
        let error = #expect(throws: JSONError.self) { try JSONDocument.parse(nested(33)) }
        #expect(error?.offset == 32)
        #expect(throws: JSONError.self) {
            try JSONDocument.parse([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000))
        }
    }

    @Test("A document has at most a million nodes")
    func nodes() throws {
        func zeros(_ count: Int) -> [UInt8] {
            Array(("[0" + String(repeating: ",0", count: count - 1) + "]").utf8)
        }
        #expect(try JSONDocument.parse(zeros(999_999)).root.count == 999_999)
        #expect(throws: JSONError.self) { try JSONDocument.parse(zeros(1_000_000)) }
    }

    @Test("Mutated documents either parse or are refused, and what parses can be read")
    func fuzz() {
        var random = Xorshift(state: 0x9E37_79B9_7F4A_7C15)
        let valid = OrderFixture.bytes
        var parsed = 0
        for _ in 0..<20_000 {
            var bytes = valid
            for _ in 0...random.below(4) { random.mutate(&bytes) }
            guard let document = try? JSONDocument.parse(bytes) else { continue }
            parsed += 1
            read(document.root)
            _ = try? OrderFixture.schema.decode(bytes)
        }
        // Both ways have to be met, or the mutations prove nothing.
        #expect((1_000..<19_000).contains(parsed))
    }

    private func read(_ value: JSONValue) {
        #expect(value.kind != .string || value.string != nil)
        for element in value.elements { read(element) }
        for member in value.members { read(member.value) }
    }
}

/// A small generator with a fixed seed: a failure has to come back.
struct Xorshift {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }

    mutating func mutate(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        let position = below(bytes.count)
        switch below(5) {
        case 0: bytes[position] = UInt8(below(256))
        case 1: bytes.remove(at: position)
        case 2: bytes.insert(Array("{}[]\",:\\0e-.u".utf8)[below(13)], at: position)
        case 3: bytes.removeLast(bytes.count - position)
        default: bytes.swapAt(position, below(bytes.count))
        }
    }
}
