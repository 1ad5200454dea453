/// Reads RFC 3339 date-times from bytes at fixed positions.
struct TimestampParser {
    private let text: UnsafeBufferPointer<UInt8>

    static func parse(
        _ text: UnsafeBufferPointer<UInt8>
    ) -> (timestamp: Timestamp, hasFraction: Bool)? {
        TimestampParser(text: text).read()
    }

    private func read() -> (timestamp: Timestamp, hasFraction: Bool)? {
        guard text.count >= 20, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
            text[10] | 0x20 == UInt8(ascii: "t"), text[13] == UInt8(ascii: ":"),
            text[16] == UInt8(ascii: ":"), let day = day(), let second = pair(17),
            second <= 60, let minutes = minutes(hourAt: 11),
            let fraction = fraction(), let offset = zone(at: fraction.end)
        else { return nil }
        let minuteOfUTC = day * 1_440 + minutes - offset
        guard second < 60 || TimestampParser.endsDay(minuteOfUTC) else { return nil }
        let value = (minuteOfUTC * 60 + second) * 1_000 + fraction.milliseconds
        guard Timestamp.writable ~= value else { return nil }
        return (Timestamp(milliseconds: value), fraction.end > 19)
    }

    /// Leap seconds are only ever inserted at the end of a UTC day.
    private static func endsDay(_ minute: Int64) -> Bool {
        let rest = minute % 1_440
        return rest == 1_439 || rest == -1
    }

    private func day() -> Int64? {
        guard let century = pair(0), let year = pair(2), let month = pair(5), let day = pair(8)
        else { return nil }
        return CivilDate(year: century * 100 + year, month: month, day: day)?.daysSince1970
    }

    private func minutes(hourAt position: Int) -> Int64? {
        guard let hour = pair(position), hour <= 23, let minute = pair(position + 3), minute <= 59
        else { return nil }
        return hour * 60 + minute
    }

    private func fraction() -> (milliseconds: Int64, end: Int)? {
        guard text[19] == UInt8(ascii: ".") else { return (0, 19) }
        var position = 20
        var scale: Int64 = 100
        var milliseconds: Int64 = 0
        while position < text.count, text[position] &- UInt8(ascii: "0") <= 9 {
            milliseconds += Int64(text[position] - UInt8(ascii: "0")) * scale
            scale /= 10
            position += 1
        }
        return position > 20 ? (milliseconds, position) : nil
    }

    /// Minutes east of UTC; nil when there is no zone or anything behind it.
    private func zone(at position: Int) -> Int64? {
        guard position < text.count else { return nil }
        let sign = text[position]
        if sign | 0x20 == UInt8(ascii: "z") { return text.count == position + 1 ? 0 : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), text.count == position + 6,
            text[position + 3] == UInt8(ascii: ":"), let minutes = minutes(hourAt: position + 1)
        else { return nil }
        return sign == UInt8(ascii: "-") ? -minutes : minutes
    }

    @inline(__always)
    private func pair(_ position: Int) -> Int64? {
        let tens = text[position] &- UInt8(ascii: "0")
        let ones = text[position + 1] &- UInt8(ascii: "0")
        guard tens <= 9, ones <= 9 else { return nil }
        return Int64(tens) * 10 + Int64(ones)
    }
}
