extension JSONParser {
    mutating func number() throws(JSONError) {
        let start = at
        let isNegative = current == UInt8(ascii: "-")
        if isNegative { at += 1 }
        let digitsStart = at
        let magnitude = try integerPart()
        let digitCount = at - digitsStart
        let isWhole = try !fractionAndExponent(start: start, digitCount: digitCount)
        // A greater one is a number like any other, which matters only where an integer is wanted.
        let isInteger = isWhole && JSONParser.fits(magnitude, negative: isNegative)
        let flags: JSONNode.Flags = isInteger ? .integer : []
        try append(
            JSONNode(
                kind: .number, flags: flags, start: start, length: at - start,
                next: nodes.count + 1))
    }

    /// The digits before a fraction: their value, or nil when it is beyond 64 bits.
    private mutating func integerPart() throws(JSONError) -> UInt64? {
        let first = current &- UInt8(ascii: "0")
        guard first <= 9 else { throw failure("A digit is expected here.") }
        at += 1
        var value: UInt64? = UInt64(first)
        while at < bytes.count {
            let digit = bytes[at] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            guard first != 0 else { throw failure("Numbers must not start with a zero.") }
            value = JSONParser.shift(value, digit)
            at += 1
        }
        return value
    }

    @inline(__always)
    private static func shift(_ value: UInt64?, _ digit: UInt8) -> UInt64? {
        guard let value, value <= 0x0CCC_CCCC_CCCC_CCCC else { return nil }
        return value * 10 + UInt64(digit)
    }

    private static func fits(_ magnitude: UInt64?, negative: Bool) -> Bool {
        guard let magnitude else { return false }
        return magnitude <= UInt64(Int64.max) + (negative ? 1 : 0)
    }

    /// Passes what follows the integer part; true when there was anything.
    private mutating func fractionAndExponent(
        start: Int, digitCount: Int
    ) throws(JSONError) -> Bool {
        var mayOverflow = digitCount > 300
        let end = at
        if current == UInt8(ascii: ".") {
            at += 1
            try digits()
        }
        if current | 0x20 == UInt8(ascii: "e") {
            at += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { at += 1 }
            try digits()
            mayOverflow = true
        }
        guard at > end else { return false }
        if mayOverflow { try finite(start) }
        return true
    }

    private mutating func digits() throws(JSONError) {
        guard current &- UInt8(ascii: "0") <= 9 else { throw failure("A digit is expected here.") }
        while current &- UInt8(ascii: "0") <= 9 { at += 1 }
    }

    private mutating func finite(_ start: Int) throws(JSONError) {
        let literal = String(decoding: bytes[start..<at], as: UTF8.self)
        guard let value = Double(literal), value.isFinite else {
            at = start
            throw failure("Numbers have to be finite as 64-bit floating point.")
        }
    }
}
