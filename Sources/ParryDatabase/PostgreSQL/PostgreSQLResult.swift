internal import CLibPQ

/// What the server answered to one statement; freed with the value.
final class PostgreSQLResult: RowSource {
    private let result: OpaquePointer
    /// The row that is read now.
    var row: Int32 = 0

    /// Takes the result over.
    init(_ result: OpaquePointer) {
        self.result = result
    }

    deinit { PQclear(result) }

    var rowCount: Int32 { PQntuples(result) }
    var columnCount: Int { Int(PQnfields(result)) }

    /// What the server calls the statement that it carried out: `INSERT 0 1`, `COMMIT`.
    var tag: String { String(cString: PQcmdStatus(result)) }

    /// Rows that an INSERT, UPDATE or DELETE changed; 0 for other statements.
    var changedCount: Int {
        let tag = tag
        let isChange = ["INSERT", "UPDATE", "DELETE", "MERGE"].contains { tag.hasPrefix($0) }
        return isChange ? Int(String(cString: PQcmdTuples(result))) ?? 0 : 0
    }

    func value(at index: Int) throws -> SQLValue {
        let column = Int32(truncatingIfNeeded: index)
        guard PQgetisnull(result, row, column) == 0 else { return .null }
        guard let address = PQgetvalue(result, row, column) else { return .null }
        let bytes = UnsafeRawBufferPointer(
            start: address, count: Int(PQgetlength(result, row, column)))
        switch PQftype(result, column) {
        case 16: return .integer(bytes.first == UInt8(ascii: "t") ? 1 : 0)
        case 20, 21, 23, 1700: return .integer(try Self.integer(bytes, index))
        case 17: return .blob(try Self.blob(bytes, index))
        case 18, 19, 25, 1043, 3802: return .text(String(decoding: bytes, as: UTF8.self))
        case 705: return .text(String(decoding: bytes, as: UTF8.self))
        default: throw DatabaseError(.unexpectedValue, "column \(index) is of another type")
        }
    }

    private static func integer(_ bytes: UnsafeRawBufferPointer, _ index: Int) throws -> Int64 {
        var value: Int64 = 0
        let isNegative = bytes.first == UInt8(ascii: "-")
        for byte in bytes.dropFirst(isNegative ? 1 : 0) {
            let digit = Int64(byte) - 0x30
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.subtractingReportingOverflow(digit)
            guard (0...9).contains(digit), !overflow, !carry else { throw notWhole(index) }
            value = sum
        }
        guard !isNegative else { return value }
        guard value != .min else { throw notWhole(index) }
        return -value
    }

    private static func notWhole(_ index: Int) -> DatabaseError {
        DatabaseError(.unexpectedValue, "column \(index) holds no integer of 64 bits")
    }

    /// The text form of `bytea`: `\x` and two hexadecimal digits a byte.
    private static func blob(_ bytes: UnsafeRawBufferPointer, _ index: Int) throws -> [UInt8] {
        let digits = bytes.dropFirst(2).map { digit in
            digit <= 0x39 ? digit &- 0x30 : (digit | 0x20) &- 0x57
        }
        guard digits.count.isMultiple(of: 2), digits.allSatisfy({ $0 < 16 }) else {
            throw DatabaseError(.unexpectedValue, "column \(index) holds no bytes in hexadecimal")
        }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
