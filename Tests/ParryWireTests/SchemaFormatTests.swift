import ParryWire
import Testing

@Suite("Formats of strings")
struct SchemaFormatTests {
    private func accepts(_ text: String, _ rule: Rule) -> Bool {
        let field = FieldDeclaration(name: "v", rule: rule, presence: .required)
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("v", text)
        writer.endObject()
        return (try? ObjectSchema("Format", [field]).decode(writer.bytes)) != nil
    }

    @Test(
        "E-mail addresses",
        arguments: [
            ("jane.doe+tag@example.com", true), ("a@b.co", true), ("jösé@exämple.com", false),
            ("jösé@example.com", true), ("a@b", false), ("@b.co", false), ("a@", false),
            ("a b@c.de", false), ("a@b@c.de", false), (".a@b.co", false), ("a..b@c.de", false),
            ("a@-b.co", false), ("a@b..co", false), ("a@b.co.", false),
            (String(repeating: "a", count: 65) + "@b.co", false),
        ])
    func emails(_ text: String, _ expected: Bool) {
        #expect(accepts(text, .email) == expected)
    }

    @Test(
        "URLs",
        arguments: [
            ("https://example.com", true), ("HTTP://localhost:8080/a?b=c#d", true),
            ("https://[2001:db8::1]:443/", true), ("https://1.2.3.4/x", true),
            ("ftp://example.com", false), ("https://", false), ("https:///x", false),
            ("//example.com", false), ("https://user:pw@example.com", false),
            ("https://exa mple.com", false), ("https://example.com:0", false),
            ("https://example.com:65536", false), ("https://example.com:", false),
            ("https://ex_ample.com", false), ("https://example.com/é", false),
            ("https://[::1", false), ("javascript:alert(1)", false), ("https://a.b?q", true),
            ("https://example.com/" + String(repeating: "a", count: 2_029), false),
        ])
    func urls(_ text: String, _ expected: Bool) {
        #expect(accepts(text, .url) == expected)
    }

    @Test(
        "IP addresses",
        arguments: [
            ("1.2.3.4", true), ("255.255.255.255", true), ("256.1.1.1", false), ("1.2.3", false),
            ("01.2.3.4", false), ("1.2.3.4.5", false), ("::", true), ("::1", true),
            ("2001:db8::ff00:42:8329", true), ("1:2:3:4:5:6:7:8", true), ("1:2:3:4:5:6:7", false),
            ("1::2::3", false), (":::", false), ("12345::", false), ("::ffff:1.2.3.4", true),
            ("1:2:3:4:5:6:1.2.3.4", true), ("1.2.3.4::", false), ("fe80::1%eth0", false),
            ("1:2:3:4:5:6:7::", true), ("1:2:3:4:5:6:7:8::", false), ("", false), (":", false),
        ])
    func addresses(_ text: String, _ expected: Bool) {
        #expect(accepts(text, .ipAddress) == expected)
    }

    @Test(
        "Patterns",
        arguments: [
            ("123456", Pattern.digits(6...8), true), ("12345", .digits(6...8), false),
            ("12345a", .digits(6...8), false), ("１23456", .digits(6...8), false),
            ("aZ09", .alphanumeric(1...4), true), ("a-b", .alphanumeric(1...4), false),
            ("deadBEEF", .hexadecimal(8...8), true), ("deadBEEG", .hexadecimal(8...8), false),
            ("a.b-c_9", .token(1...10), true), ("a b", .token(1...10), false),
        ] as [(String, Pattern, Bool)])
    func patterns(_ text: String, _ pattern: Pattern, _ expected: Bool) {
        #expect(accepts(text, .pattern(pattern)) == expected)
    }
}
