/// Finds full card numbers in text, so that none is ever stored.
public enum CardNumber {
    /// Whether `text` holds a full card number anywhere.
    ///
    /// A card number has the length of its brand, begins with one of the brand's ranges and
    /// passes the Luhn check. Its digits may be grouped by up to three spaces, dashes or line
    /// ends, and may be of any script. A run of digits is only split at separators, so a 23-digit acquirer
    /// reference is not searched for the card numbers it contains by chance.
    public static func appears(in text: String) -> Bool {
        var text = text
        return text.withUTF8 { appears(in: $0) }
    }

    static func appears(in text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard mayHold(text) else { return false }
        var run = DigitRun()
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            let found: Bool
            if let digit = digit(scalar) {
                run.append(digit)
                found = false
            } else {
                found = isSeparator(scalar) ? run.separate() : run.end()
            }
            if found { return true }
        }
        return run.end()
    }

    /// False when twelve digits cannot be in there; the way most texts leave.
    private static func mayHold(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count >= 12 else { return false }
        var digits = 0
        for byte in text where byte &- UInt8(ascii: "0") <= 9 || byte >= 0xC0 { digits += 1 }
        return digits >= 12
    }

    private static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
        if scalar.isASCII {
            let digit = UInt8(truncatingIfNeeded: scalar.value) &- UInt8(ascii: "0")
            return digit <= 9 ? digit : nil
        }
        guard scalar.properties.numericType == .decimal,
            let value = scalar.properties.numericValue
        else { return nil }
        return UInt8(value)
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar == "-" || scalar.properties.isWhitespace }
        switch scalar.value {
        case 0xAD, 0x2212: return true
        default:
            let category = scalar.properties.generalCategory
            return category == .spaceSeparator || category == .dashPunctuation
        }
    }
}
