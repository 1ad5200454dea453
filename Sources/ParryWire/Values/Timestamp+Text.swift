extension Timestamp {
    /// Appends ``iso8601`` without making a string of it.
    func appendISO8601(to bytes: inout [UInt8]) {
        let bounds = Timestamp.writable
        let clamped = min(max(milliseconds, bounds.lowerBound), bounds.upperBound)
        // Counted from 0000-03-01 nothing below is negative.
        let shifted = clamped + CivilDate.epochShift * 86_400_000
        let (days, time) = shifted.quotientAndRemainder(dividingBy: 86_400_000)
        let date = CivilDate(shiftedDays: days)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { text in
            let length = Timestamp.fill(text, date: date, time: time)
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[..<length]))
        }
    }

    private static func fill(
        _ text: UnsafeMutableBufferPointer<UInt8>, date: CivilDate, time: Int64
    ) -> Int {
        put(date.year / 100, at: 0, in: text, then: "0")
        put(date.year % 100, at: 2, in: text, then: "-")
        put(date.month, at: 5, in: text, then: "-")
        put(date.day, at: 8, in: text, then: "T")
        put(time / 3_600_000, at: 11, in: text, then: ":")
        put(time / 60_000 % 60, at: 14, in: text, then: ":")
        let fraction = time % 1_000
        put(time / 1_000 % 60, at: 17, in: text, then: fraction == 0 ? "Z" : ".")
        guard fraction != 0 else { return 20 }
        put(fraction / 10, at: 20, in: text, then: "0")
        text[22] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: fraction % 10)
        text[23] = UInt8(ascii: "Z")
        return 24
    }

    @inline(__always)
    private static func put(
        _ value: Int64, at position: Int, in text: UnsafeMutableBufferPointer<UInt8>,
        then separator: Unicode.Scalar
    ) {
        text[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10)
        text[position + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10)
        text[position + 2] = UInt8(ascii: separator)
    }
}
