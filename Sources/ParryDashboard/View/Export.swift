import HTTPTypes
import Hummingbird
import NIOCore
import ParryWire

/// A list as a file: exactly what the page's filter lets through, all pages, streamed.
struct Export<Item: Sendable>: Sendable {
    /// A column of the file.
    struct Column: Sendable {
        /// In the API's words: `transaction_amount_in_cents`.
        let name: String
        let value: @Sendable (Item) -> ExportValue

        init(_ name: String, _ value: @escaping @Sendable (Item) -> ExportValue) {
            self.name = name
            self.value = value
        }
    }

    /// Rows that are read at once.
    static var rowsMax: Int { 1_000 }

    /// Of the file, without its ending.
    let name: String
    let columns: [Column]
    /// The rows behind a place: how many were read, and the last of them. Fewer than ``rowsMax`` are the end.
    let rows: @Sendable (_ offset: Int64, _ last: Item?) async throws -> [Item]

    init(
        _ name: String, _ columns: [Column],
        rows: @escaping @Sendable (_ offset: Int64, _ last: Item?) async throws -> [Item]
    ) {
        self.name = name
        self.columns = columns
        self.rows = rows
    }

    /// The file. The first rows are read before the answer begins, so that what cannot be read is a page that says so.
    func response(_ format: ExportFormat) async throws -> Response {
        let first = try await rows(0, nil)
        let file = "\(name).\(format.rawValue)"
        return Response(
            status: .ok,
            headers: [
                .contentType: format.type, .contentDisposition: "attachment; filename=\"\(file)\"",
            ],
            body: ResponseBody { writer in
                try await write(first, format, to: &writer)
                try await writer.finish(nil)
            })
    }

    private func write(
        _ first: [Item], _ format: ExportFormat, to writer: inout any ResponseBodyWriter
    ) async throws {
        var rows = first
        var count: Int64 = 0
        try await writer.write(ByteBuffer(bytes: format.beginning(columns.map(\.name))))
        while !rows.isEmpty {
            var bytes: [UInt8] = []
            for row in rows {
                let values = columns.map { ($0.name, $0.value(row)) }
                format.append(values, isFirst: count == 0, to: &bytes)
                count += 1
            }
            try await writer.write(ByteBuffer(bytes: bytes))
            guard rows.count >= Self.rowsMax else { break }
            rows = try await self.rows(count, rows.last)
        }
        try await writer.write(ByteBuffer(bytes: format.end))
    }
}

/// A cell of a file.
enum ExportValue: Sendable, Hashable {
    case text(String?)
    case number(Int64?)
    case time(Timestamp?)
    case flag(Bool?)
}

/// How a file is written.
enum ExportFormat: String, Sendable, CaseIterable {
    /// RFC 4180, with a line of names.
    case csv
    /// One array of objects, a line each.
    case json

    var type: String {
        switch self {
        case .csv: "text/csv; charset=utf-8"
        case .json: "application/json"
        }
    }

    func beginning(_ names: [String]) -> [UInt8] {
        switch self {
        case .csv: Array((names.joined(separator: ",") + "\r\n").utf8)
        case .json: Array("[".utf8)
        }
    }

    var end: [UInt8] { self == .json ? Array("\n]\n".utf8) : [] }

    func append(_ row: [(String, ExportValue)], isFirst: Bool, to bytes: inout [UInt8]) {
        switch self {
        case .csv:
            for (index, value) in row.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.append(value.1, to: &bytes)
            }
            bytes += "\r\n".utf8
        case .json:
            var json = JSONWriter()
            json.beginObject()
            for (name, value) in row { Self.write(name, value, to: &json) }
            json.endObject()
            bytes += (isFirst ? "\n" : ",\n").utf8
            bytes += json.bytes
        }
    }

    private static func write(_ name: String, _ value: ExportValue, to json: inout JSONWriter) {
        json.key(name)
        switch value {
        case .text(let text?): json.string(text)
        case .number(let number?): json.integer(number)
        case .time(let time?): json.timestamp(time.truncatedToSecond)
        case .flag(let flag?): json.boolean(flag)
        default: json.null()
        }
    }

    private static func append(_ value: ExportValue, to bytes: inout [UInt8]) {
        switch value {
        case .text(let text?): append(text, to: &bytes)
        case .number(let number?): bytes += String(number).utf8
        case .time(let time?): bytes += time.truncatedToSecond.iso8601.utf8
        case .flag(let flag?): bytes += (flag ? "true" : "false").utf8
        default: break
        }
    }

    /// Byte by byte: a file has millions of cells. A text that a spreadsheet would take for a formula gets an apostrophe.
    private static func append(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { cell in
            let isFormula = beginsFormula(cell.first)
            guard isFormula || cell.contains(where: breaksCell) else {
                bytes.append(contentsOf: cell)
                return
            }
            let quote = UInt8(ascii: "\"")
            bytes.append(quote)
            if isFormula { bytes.append(UInt8(ascii: "'")) }
            for byte in cell {
                if byte == quote { bytes.append(quote) }
                bytes.append(byte)
            }
            bytes.append(quote)
        }
    }

    private static func beginsFormula(_ byte: UInt8?) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"),
            UInt8(ascii: "\t"), UInt8(ascii: "\r"):
            true
        default: false
        }
    }

    private static func breaksCell(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\r")
            || byte == UInt8(ascii: "\n")
    }
}
