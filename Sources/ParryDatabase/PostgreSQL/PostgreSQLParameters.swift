/// A statement's arguments as libpq takes them: bytes one after the other, each with its length, and
/// whether they are in PostgreSQL's binary form.
struct PostgreSQLParameters {
    private var bytes: [UInt8] = []
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    var count: Int { offsets.count }

    /// Integers and texts travel as text, so that the server finds the types by itself; blobs as they are.
    ///
    /// - Throws: `unexpectedValue` for text with U+0000, at which libpq would cut it off.
    init(_ values: [SQLValue]) throws {
        offsets.reserveCapacity(values.count)
        lengths.reserveCapacity(values.count)
        formats.reserveCapacity(values.count)
        for (index, value) in values.enumerated() { try append(value, index) }
    }

    /// The columns of many rows, each as one array in binary form.
    ///
    /// - Throws: `unexpectedValue` for a row that does not fit the columns.
    init(_ rows: [[SQLValue]], columns: [Column]) throws {
        for row in rows where row.count != columns.count {
            throw DatabaseError(.unexpectedValue, "a row has not one value for each column")
        }
        bytes.reserveCapacity(Self.size(of: rows))
        for (index, column) in columns.enumerated() {
            try appendArray(rows, index, column)
        }
    }

    /// Lends the arguments to libpq.
    func withPointers<T>(
        _ body: (
            _ values: [UnsafePointer<CChar>?], _ lengths: [Int32], _ formats: [Int32]
        ) throws -> T
    ) rethrows -> T {
        try bytes.withUnsafeBytes { buffer in
            let values = offsets.map { offset -> UnsafePointer<CChar>? in
                guard let offset, let base = buffer.baseAddress else { return nil }
                return (base + offset).assumingMemoryBound(to: CChar.self)
            }
            return try body(values, lengths, formats)
        }
    }

    private mutating func append(_ value: SQLValue, _ index: Int) throws {
        let start = bytes.count
        switch value {
        case .null: return add(nil, format: 0)
        case .integer(let integer): bytes += String(integer).utf8
        case .text(let text):
            guard !text.holdsZero else { throw Self.holdsZero("argument \(index + 1)") }
            bytes += text.utf8
        case .blob(let blob):
            bytes += blob
            return add(start, format: 1)
        }
        bytes.append(0)
        add(start, format: 0)
    }

    private mutating func add(_ start: Int?, format: Int32) {
        offsets.append(start)
        lengths.append(Int32(truncatingIfNeeded: start.map { bytes.count - $0 } ?? 0))
        formats.append(format)
        // libpq wants an address even for an empty value.
        if start == bytes.count { bytes.append(0) }
    }

    private static func holdsZero(_ place: String) -> DatabaseError {
        DatabaseError(.unexpectedValue, "\(place) holds U+0000")
    }
}

extension PostgreSQLParameters {
    /// About as many bytes as the arrays take, so that they are not moved while they grow.
    private static func size(of rows: [[SQLValue]]) -> Int {
        rows.reduce(1_024) { size, row in
            row.reduce(size) { size, value in
                switch value {
                case .null: size + 4
                case .integer: size + 12
                case .text(let text): size + 4 + text.utf8.count
                case .blob(let blob): size + 4 + blob.count
                }
            }
        }
    }

    /// `array_recv` of the server: dimensions, flags, element type, length, lower bound, elements.
    private mutating func appendArray(
        _ rows: [[SQLValue]], _ index: Int, _ column: Column
    ) throws {
        let start = bytes.count
        appendInteger(Int32(1))
        appendInteger(Int32(rows.contains { $0[index] == .null } ? 1 : 0))
        appendInteger(column.kind.elementType)
        appendInteger(Int32(truncatingIfNeeded: rows.count))
        appendInteger(Int32(1))
        for row in rows { try appendElement(row[index], column) }
        add(start, format: 1)
    }

    private mutating func appendElement(_ value: SQLValue, _ column: Column) throws {
        switch (value, column.kind) {
        case (.null, _):
            appendInteger(Int32(-1))
        case (.integer(let integer), .integer):
            appendInteger(Int32(8))
            appendInteger(integer)
        case (.text(let text), .text):
            appendInteger(Int32(truncatingIfNeeded: text.utf8.count))
            guard !text.holdsZero else { throw Self.holdsZero("column \(column.name)") }
            bytes += text.utf8
        case (.blob(let blob), .blob):
            appendInteger(Int32(truncatingIfNeeded: blob.count))
            bytes += blob
        default:
            throw DatabaseError(
                .unexpectedValue, "column \(column.name) was given \(value.kindName)")
        }
    }

    private mutating func appendInteger(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes += $0 }
    }
}

extension Column.Kind {
    /// The object id of the element's type, fixed in PostgreSQL's catalogue.
    fileprivate var elementType: Int32 {
        switch self {
        case .integer: 20
        case .text: 25
        case .blob: 17
        }
    }

    /// The array's type in a statement.
    var arrayType: String {
        switch self {
        case .integer: "bigint[]"
        case .text: "text[]"
        case .blob: "bytea[]"
        }
    }
}
