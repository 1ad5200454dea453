import ParryWire

/// One reason against a record.
package struct FeedReason: Sendable, Equatable {
    /// The path inside the order, such as `transactions[0].currency`; empty for the whole.
    package let field: String

    /// As the server's: REQUIRED, INVALID_TYPE, MISSING_FIELD …
    package let code: String

    /// What to do; it never repeats a value.
    package let message: String

    /// The column of a CSV file that the field is mapped from.
    package var column: String?

    /// The row, where it is another than the order's first.
    package var line: Int?

    init(_ error: FieldError) {
        self.init(error.field, error.code, error.message)
    }

    init(_ field: String, _ code: String, _ message: String) {
        self.field = field
        self.code = code
        self.message = message
    }
}

/// A record, or several rows of one order, that cannot be sent.
package struct FeedRefusal: Sendable {
    /// The number of its first line.
    package let line: Int

    /// The order's reference, where it could be read.
    package let referenceID: String?

    /// Why; at least one.
    package let reasons: [FeedReason]

    /// Whether a full card number is the reason, or stands in the record besides.
    package let holdsCardNumber: Bool

    private let original: FeedOriginal

    init(line: Int, referenceID: String?, reasons: [FeedReason], original: FeedOriginal) {
        self.line = line
        self.reasons = Array(reasons.prefix(FeedLimits.reasonsMax))
        self.original = original
        holdsCardNumber =
            reasons.contains { $0.code == ErrorCode.cardNumberRejected.rawValue }
            || original.holdsCardNumber
        let isCard = referenceID.map { CardNumber.appears(in: $0) } ?? false
        let isLong = (referenceID?.unicodeScalars.count ?? 0) > RequestLimits.reference.upperBound
        self.referenceID = isCard || isLong ? nil : referenceID
    }

    /// One line of a reject file, without its end. A record that holds a full card number is left out.
    package var json: [UInt8] {
        var writer = JSONWriter(capacity: 1_024)
        writer.beginObject()
        writer.field("line", line)
        writer.field("reference_id", referenceID)
        writer.key("errors")
        writer.beginArray()
        for reason in reasons { Self.write(reason, to: &writer) }
        writer.endArray()
        writer.key("record")
        let omission = holdsCardNumber ? "it holds a full card number" : original.omission
        if let omission {
            writer.null()
            writer.field("record_omitted", omission)
        } else {
            original.write(to: &writer)
        }
        writer.endObject()
        return writer.bytes
    }

    private static func write(_ reason: FeedReason, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("field", reason.field)
        writer.field("code", reason.code)
        writer.field("message", reason.message)
        if let column = reason.column { writer.field("column", column) }
        if let line = reason.line { writer.field("line", line) }
        writer.endObject()
    }
}

/// What a refused order was in its file.
enum FeedOriginal: Sendable {
    case json(JSONValue)
    /// A line that is no JSON.
    case text([UInt8])
    /// Rows under their header; one with another number of fields is written without it.
    case rows([FeedRecord], header: [String])
    /// Nothing is left of it, for this reason.
    case omitted(String)

    /// Why there is nothing to write.
    var omission: String? {
        if case .omitted(let reason) = self { reason } else { nil }
    }

    /// Whether any text or number in it is a full card number.
    var holdsCardNumber: Bool {
        switch self {
        case .json(let value): CardNumber.appears(in: value)
        case .text(let bytes): CardNumber.appears(in: String(decoding: bytes, as: UTF8.self))
        case .rows(let rows, _):
            rows.contains { row in
                row.fields.contains { CardNumber.appears(in: String(decoding: $0, as: UTF8.self)) }
            }
        case .omitted: false
        }
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .json(let value): writer.raw(value.raw)
        case .text(let bytes): writer.string(String(decoding: bytes, as: UTF8.self))
        case .rows(let rows, let header) where rows.count == 1:
            Self.write(rows[0], header, to: &writer)
        case .rows(let rows, let header):
            writer.beginArray()
            for row in rows { Self.write(row, header, to: &writer) }
            writer.endArray()
        case .omitted: writer.null()
        }
    }

    private static func write(
        _ row: FeedRecord, _ header: [String], to writer: inout JSONWriter
    ) {
        guard row.ends.count == header.count else {
            writer.beginArray()
            for field in row.fields { writer.string(String(decoding: field, as: UTF8.self)) }
            return writer.endArray()
        }
        writer.beginObject()
        for (name, field) in zip(header, row.fields) {
            writer.key(name)
            writer.string(String(decoding: field, as: UTF8.self))
        }
        writer.endObject()
    }
}
