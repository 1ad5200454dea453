import Testing

@testable import ParryPartner

@Suite("Cutting a feed into records")
struct FeedLinesTests {
    private static let chunks = [1, 2, 3, 7, FeedLimits.chunkBytes]

    /// The rows of a file as `line:field|field`, or the fault.
    private func rows(
        _ text: String, separator: Character = ",", chunkBytes: Int
    ) throws -> [String] {
        let separator = try #require(separator.asciiValue)
        var lines = try FeedLines(
            csv: FeedSource(bytes: Array(text.utf8), chunkBytes: chunkBytes), separator: separator)
        var rows: [String] = []
        while let record = try lines.next() {
            let fields = record.fields.map { String(decoding: $0, as: UTF8.self) }
            let shown = record.fault.map { "\($0)" } ?? fields.joined(separator: "|")
            rows.append("\(record.line):\(shown)")
        }
        #expect(lines.offset == Int64(text.utf8.count))
        return rows
    }

    @Test(
        "Rows are read by RFC 4180, whatever chunks they come in",
        arguments: [
            ("a,b\n1,2\n", ["2:1|2"]), ("a,b\r\n1,2\r\n", ["2:1|2"]), ("a,b\n1,2", ["2:1|2"]),
            ("a,b\r\n1,2\r", ["2:1|2"]), ("\u{FEFF}a,b\n1,2\n", ["2:1|2"]),
            ("a,b\n,\n", ["2:|"]), ("a,b\n1,", ["2:1|"]), ("a,b\n\n \n1,2\n", ["4:1|2"]),
            ("a,b\n\"1\",\"2\"\r\n3,4\n", ["2:1|2", "3:3|4"]),
            ("a,b\n\"x,\"\"y\"\"\",2\n", ["2:x,\"y\"|2"]),
            ("a,b\n\"x\r\ny\nz\",2\n3,4\n", ["2:x\r\ny\nz|2", "5:3|4"]),
            ("a,b\n\"\",\"\"\"\"\n", ["2:|\""]), ("a,b\n5\" pipe,2\n", ["2:5\" pipe|2"]),
            ("a,b\n\"x\r\",2\n", ["2:x\r|2"]), ("\"a\",\"b\"\n1,2\n", ["2:1|2"]),
            ("a\n\"\"\n", ["2:"]), ("a,b\nä,€\n", ["2:ä|€"]), ("a,b\n", []),
        ])
    func rows(text: String, expected: [String]) throws {
        for chunk in Self.chunks {
            #expect(try rows(text, chunkBytes: chunk) == expected, "chunks of \(chunk)")
        }
    }

    @Test(
        "Rows that are none tell why and on which line",
        arguments: [
            ("a,b\n1\n2,3\n", ["2:fieldCount(found: 1, expected: 2)", "3:2|3"]),
            ("a,b\n1,2,3\n", ["2:fieldCount(found: 3, expected: 2)"]),
            ("a,b\n\"1\"x,2\n3,4\n", ["2:textBehindQuote", "3:3|4"]),
            ("a,b\n\"1\"\rx,2\n3,4\n", ["2:textBehindQuote", "3:3|4"]),
            ("a,b\n1,2\n3,\"4\n5,6\n", ["2:1|2", "3:unclosedQuote(line: 3)"]),
            ("a,b\n\"1\n2\",\"3\n", ["2:unclosedQuote(line: 3)"]),
        ])
    func faults(text: String, expected: [String]) throws {
        for chunk in Self.chunks {
            #expect(try rows(text, chunkBytes: chunk) == expected, "chunks of \(chunk)")
        }
    }

    @Test("The separator may be a semicolon or a tab")
    func separators() throws {
        #expect(try rows("a;b\n1,5;2\n", separator: ";", chunkBytes: 3) == ["2:1,5|2"])
        #expect(try rows("a\tb\n1\t2\n", separator: "\t", chunkBytes: 3) == ["2:1|2"])
    }

    @Test("A record over 1 MiB is a fault, and the next one is read")
    func tooLong() throws {
        let long = String(repeating: "x", count: FeedLimits.recordBytesMax + 2)
        let csv = try rows("a,b\n\(long),2\n3,4\n", chunkBytes: FeedLimits.chunkBytes)
        #expect(csv.count == 2)
        #expect(csv.first?.contains("tooLong") == true)
        #expect(csv.last == "3:3|4")
        var lines = FeedLines(jsonLines: FeedSource(bytes: Array("\(long)\n{}\n".utf8)))
        let first = try lines.next()
        let second = try lines.next()
        let third = try lines.next()
        #expect(first?.fault == .tooLong(quoteLine: nil))
        #expect(second?.line == 2)
        #expect(second?.content == Array("{}".utf8))
        #expect(third == nil)
    }

    @Test("Lines of JSON end at line feeds; empty ones are skipped and counted")
    func jsonLines() throws {
        let text = "\u{FEFF}{\"a\":1}\r\n\n  \n{\"b\":2}\n{\"c\":3}"
        for chunk in Self.chunks {
            var lines = FeedLines(
                jsonLines: FeedSource(bytes: Array(text.utf8), chunkBytes: chunk))
            var found: [String] = []
            var offsets: [Int64] = []
            while let record = try lines.next() {
                found.append("\(record.line):" + String(decoding: record.content, as: UTF8.self))
                offsets.append(record.offset)
            }
            #expect(found == ["1:{\"a\":1}", "4:{\"b\":2}", "5:{\"c\":3}"], "chunks of \(chunk)")
            #expect(offsets == [12, 24, 31])
        }
    }

    @Test("A file without a header, in UTF-16 or in Latin-1 is refused whole")
    func unreadable() throws {
        for bytes: [UInt8] in [[], [0xFF, 0xFE, 0x61, 0], [0x61, 0xE4, 0x0A], Array("\"a".utf8)] {
            #expect(throws: FeedProblem.self) {
                _ = try FeedLines(csv: FeedSource(bytes: bytes), separator: 0x2C)
            }
        }
        #expect(throws: FeedProblem.self) {
            _ = try FeedSource(path: "/there/is/no/such/file")
        }
    }
}
