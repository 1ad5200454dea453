package import ParryWire

/// Acquirer reference numbers as the schemes form them (NETWORKS.md): format code, acquirer BIN,
/// year digit and day of the year, sequence, check digit.
package enum AcquirerReference {
    /// The length of every ARN.
    package static let length = 23

    /// The ARN of a sale that was settled at `settledAt`.
    ///
    /// - Parameters:
    ///   - acquirerBIN: Six digits.
    ///   - sequence: What tells it from the acquirer's others of that day; its last eleven digits
    ///     count.
    package static func make(
        acquirerBIN: String, settledAt: Timestamp, sequence: Int
    ) -> String {
        let (digit, day) = CivilDay(of: settledAt).yearDigitAndDay
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length)
        bytes.append(UInt8(ascii: "7"))
        bytes.append(contentsOf: acquirerBIN.utf8)
        Padded.append(digit * 1_000 + day, width: 4, to: &bytes)
        Padded.append(sequence % 100_000_000_000, width: 11, to: &bytes)
        bytes.append(UInt8(ascii: "0") + checkDigit(of: bytes))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a text has 23 digits of which the last is the right check digit.
    package static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == length, let last = bytes.last,
            bytes.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 })
        else { return false }
        return last - UInt8(ascii: "0") == checkDigit(of: bytes.dropLast())
    }

    /// The digit that makes the digits pass Luhn when it follows them.
    private static func checkDigit(of digits: some BidirectionalCollection<UInt8>) -> UInt8 {
        var sum = 0
        var isDoubled = true
        for byte in digits.reversed() {
            let digit = Int(byte - UInt8(ascii: "0"))
            let weighted = isDoubled ? digit * 2 : digit
            sum += weighted > 9 ? weighted - 9 : weighted
            isDoubled.toggle()
        }
        return UInt8(truncatingIfNeeded: (10 - sum % 10) % 10)
    }
}

/// Numbers with leading zeros.
enum Padded {
    /// Appends the last `width` digits of a number that is not negative.
    static func append(_ number: Int, width: Int, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: width))
        var rest = number
        var position = start + width - 1
        while rest > 0, position >= start {
            bytes[position] += UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
            position -= 1
        }
    }

    /// A prefix, then the last `width` digits of a number that is not negative.
    static func text(_ prefix: String, _ number: Int, width: Int) -> String {
        var bytes = Array(prefix.utf8)
        append(number, width: width, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
