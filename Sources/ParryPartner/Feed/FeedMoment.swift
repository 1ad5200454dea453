import ParryWire

/// Turns the times of files into RFC 3339.
///
/// Forms: `2026-02-17`, `2026-02-17 09:59`, `2026-02-17 09:59:05.123`, with a `T` or a space between, and
/// behind a time `Z`, `UTC`, `+02`, `+0200` or `+02:00`. A date alone is its midnight.
enum FeedMoment {
    private static let lengthMax = 64

    /// - Parameter zone: For times that have none: `Z` or `+02:00`.
    static func write(
        _ cell: UnsafeBufferPointer<UInt8>, zone: String?, into json: inout [UInt8]
    ) -> FeedOffence? {
        guard 10...lengthMax ~= cell.count, let time = Time(cell) else { return form }
        guard let zone = time.zone ?? zone.map({ Array($0.utf8) }) else { return noZone }
        var text = Array(cell[..<10])
        text.append(UInt8(ascii: "T"))
        text += time.clock
        text += zone
        guard Timestamp(iso8601: String(decoding: text, as: UTF8.self)) != nil else { return form }
        append(text, into: &json)
        return nil
    }

    /// Writes seconds or milliseconds since 1970; what can only be the other one is refused.
    static func writeEpoch(
        _ cell: UnsafeBufferPointer<UInt8>, isMilliseconds: Bool, into json: inout [UInt8]
    ) -> FeedOffence? {
        let range = isMilliseconds ? millisecondsRange : secondsRange
        guard 1...15 ~= cell.count, cell.allSatisfy(\.isDigit) else { return epoch(isMilliseconds) }
        let value = cell.reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        guard range ~= value else { return epoch(isMilliseconds) }
        let time = Timestamp(milliseconds: isMilliseconds ? value : value * 1_000)
        append(Array(time.iso8601.utf8), into: &json)
        return nil
    }

    /// 1970 to 5138: a count of milliseconds since 1973 is beyond it.
    private static let secondsRange: ClosedRange<Int64> = 0...99_999_999_999
    /// 1973 to 5138: a count of seconds is below it.
    private static let millisecondsRange: ClosedRange<Int64> = 100_000_000_000...99_999_999_999_999

    private static func append(_ text: [UInt8], into json: inout [UInt8]) {
        json.append(UInt8(ascii: "\""))
        json.append(contentsOf: text)
        json.append(UInt8(ascii: "\""))
    }

    private static let form = FeedOffence(
        code: "INVALID_VALUE",
        message: "must be a time such as 2026-02-17 09:59:05 or 2026-02-17T09:59:05Z, or a date")

    private static let noZone = FeedOffence(
        code: "INVALID_VALUE",
        message: "has no time zone. Give the column `as: datetime` and `zone: UTC` or an offset "
            + "such as +02:00 in the mapping")

    private static func epoch(_ isMilliseconds: Bool) -> FeedOffence {
        let message =
            isMilliseconds
            ? "must be whole milliseconds since 1970; if it is seconds, say `as: epoch`"
            : "must be whole seconds since 1970; if it is milliseconds, say `as: epoch_ms`"
        return FeedOffence(code: "INVALID_VALUE", message: message)
    }
}

extension FeedMoment {
    /// What stands behind the date.
    private struct Time {
        /// `09:59:05`, with a fraction where there is one.
        private(set) var clock = Array("00:00:00".utf8)
        /// `Z` or `+02:00`; nil where there is none.
        private(set) var zone: [UInt8]?

        /// Nil where the text cannot be a time; whether the calendar has it is judged later.
        init?(_ text: UnsafeBufferPointer<UInt8>) {
            guard text.count > 10 else { return }
            let isDivided = text[10] == 0x20 || text[10] | 0x20 == UInt8(ascii: "t")
            guard isDivided, text.count >= 16 else { return nil }
            let end = text[16...].firstIndex { !$0.isDigit && $0 != 0x3A && $0 != 0x2E }
            clock = Array(text[11..<(end ?? text.endIndex)])
            if clock.count == 5 { clock += Array(":00".utf8) }
            guard let end else { return }
            var rest = UnsafeBufferPointer(rebasing: text[end...])
            if rest.first == 0x20 { rest = UnsafeBufferPointer(rebasing: rest.dropFirst()) }
            guard let zone = Self.zone(rest) else { return nil }
            self.zone = zone
        }

        private static func zone(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
            if text.isWord("z") || text.isWord("utc") { return [UInt8(ascii: "Z")] }
            guard text.first == UInt8(ascii: "+") || text.first == UInt8(ascii: "-") else {
                return nil
            }
            switch text.count {
            case 3: return Array(text) + Array(":00".utf8)
            case 5: return Array(text[..<3]) + [UInt8(ascii: ":")] + Array(text[3...])
            case 6: return Array(text)
            default: return nil
            }
        }
    }
}
