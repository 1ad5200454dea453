import ParryWire

/// What is wrong with a cell, before it is known where it belongs.
struct FeedOffence: Error, Equatable {
    let code: String
    /// What the value must be, as a sentence without its subject.
    let message: String
}

/// How a cell becomes a JSON value.
enum FeedConversion: Sendable, Equatable {
    case text(isTrimmed: Bool)
    case integer
    case boolean
    case money(FeedMoney)
    /// The zone is for times without one.
    case moment(zone: String?)
    case epoch(isMilliseconds: Bool)

    /// By the type of a member alone.
    init(of rule: Rule) {
        self =
            switch rule {
            case .integer: .integer
            case .boolean: .boolean
            case .timestamp: .moment(zone: nil)
            case .text, .phrase, .form, .identifier: .text(isTrimmed: false)
            default: .text(isTrimmed: true)
            }
    }

    /// Writes a cell that is not blank, unless it is money in a currency of another column.
    func write(_ cell: UnsafeBufferPointer<UInt8>, into json: inout [UInt8]) -> FeedOffence? {
        switch self {
        case .text(let isTrimmed): Self.text(isTrimmed ? cell.trimmed : cell, into: &json)
        case .integer: Self.integer(cell.trimmed, into: &json)
        case .boolean: Self.boolean(cell.trimmed, into: &json)
        case .money(let money): money.write(cell.trimmed, into: &json)
        case .moment(let zone): FeedMoment.write(cell.trimmed, zone: zone, into: &json)
        case .epoch(let isMilliseconds):
            FeedMoment.writeEpoch(cell.trimmed, isMilliseconds: isMilliseconds, into: &json)
        }
    }

    private static func text(
        _ cell: UnsafeBufferPointer<UInt8>, into json: inout [UInt8]
    ) -> FeedOffence? {
        let isPlain = cell.allSatisfy { $0 >= 0x20 && $0 < 0x80 && $0 != 0x22 && $0 != 0x5C }
        if isPlain {
            json.append(UInt8(ascii: "\""))
            json.append(contentsOf: cell)
            json.append(UInt8(ascii: "\""))
            return nil
        }
        guard let text = String(validating: cell, as: UTF8.self) else {
            return FeedOffence(
                code: "INVALID_CHARACTER", message: "is not UTF-8. Save the file as UTF-8")
        }
        var writer = JSONWriter(capacity: cell.count + 16)
        writer.string(text)
        json.append(contentsOf: writer.bytes)
        return nil
    }

    private static func integer(
        _ cell: UnsafeBufferPointer<UInt8>, into json: inout [UInt8]
    ) -> FeedOffence? {
        let isNegative = cell.first == UInt8(ascii: "-")
        let digits = UnsafeBufferPointer(rebasing: cell[(isNegative ? 1 : 0)...])
        guard 1...FeedLimits.digitsMax ~= digits.count, digits.allSatisfy(\.isDigit) else {
            return FeedOffence(
                code: "INVALID_TYPE",
                message: "must be a whole number without separators. If it is an amount such as "
                    + "49.00, give the column `as: money`")
        }
        if isNegative { json.append(UInt8(ascii: "-")) }
        appendNumber(digits, into: &json)
        return nil
    }

    /// Without the leading zeros, which JSON has not.
    static func appendNumber(_ digits: some Sequence<UInt8>, into json: inout [UInt8]) {
        let length = json.count
        for digit in digits where digit != UInt8(ascii: "0") || json.count > length {
            json.append(digit)
        }
        if json.count == length { json.append(UInt8(ascii: "0")) }
    }

    private static let yes = ["true", "yes", "y", "1"]
    private static let no = ["false", "no", "n", "0"]

    private static func boolean(
        _ cell: UnsafeBufferPointer<UInt8>, into json: inout [UInt8]
    ) -> FeedOffence? {
        if yes.contains(where: cell.isWord) {
            json.append(contentsOf: "true".utf8)
        } else if no.contains(where: cell.isWord) {
            json.append(contentsOf: "false".utf8)
        } else {
            return FeedOffence(
                code: "INVALID_TYPE",
                message: "must be true or false, yes or no, 1 or 0. Put other words into the "
                    + "mapping's `words`")
        }
        return nil
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Without spaces and tabs at either end.
    var trimmed: UnsafeBufferPointer<UInt8> {
        var start = 0
        var end = count
        while start < end, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
        while start < end, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
        return UnsafeBufferPointer(rebasing: self[start..<end])
    }

    /// Whether this is a word of lower-case ASCII letters or digits, in any case.
    func isWord(_ word: String) -> Bool {
        count == word.utf8.count
            && zip(self, word.utf8).allSatisfy { $0 == $1 || $0 | 0x20 == $1 && !$1.isDigit }
    }
}

extension UInt8 {
    /// Whether this is an ASCII digit.
    var isDigit: Bool { self &- UInt8(ascii: "0") <= 9 }
}
