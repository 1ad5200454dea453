/// One record of a file: a line of JSON, or a row of CSV.
package struct FeedRecord: Sendable {
    /// Why the bytes are no record.
    package enum Fault: Sendable, Equatable {
        /// More than ``FeedLimits/recordBytesMax``; of a row with a quote, the line of its last opening one.
        case tooLong(quoteLine: Int?)
        /// The file ends inside quotes that were opened on this line.
        case unclosedQuote(line: Int)
        /// Something other than a separator stands behind a closing quote.
        case textBehindQuote
        /// A row has another number of fields than the header.
        case fieldCount(found: Int, expected: Int)
    }

    /// The number of its first line, from 1.
    package let line: Int

    /// Bytes of the file consumed with it.
    package let offset: Int64

    /// A line of JSON without its end, or the fields of a row one after the other, without quotes.
    package let content: [UInt8]

    /// Where each field of a row ends in `content`; empty for JSON.
    package let ends: [Int]

    /// Set where this is no record; then there is content only of a row with a wrong number of fields.
    package let fault: Fault?

    /// The fields of a row.
    package var fields: [[UInt8]] { ends.indices.map { Array(content[range(of: $0)]) } }

    /// Where a field of a row lies in `content`.
    func range(of field: Int) -> Range<Int> {
        (field == 0 ? 0 : ends[field - 1])..<ends[field]
    }
}
