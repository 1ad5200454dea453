/// Base58 of exactly 128 bits in 22 characters, most significant first, so that texts sort as numbers do.
/// The alphabet leaves out 0, O, I and l, which people confuse.
enum Base58 {
    private static let alphabet = Array(
        "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)
    /// 58^10: the largest power of 58 whose digits fit one 64-bit division loop comfortably.
    private static let chunk: UInt128 = 430_804_206_899_405_824

    private static let digits: [UInt8] = {
        var table = [UInt8](repeating: 0xFF, count: 256)
        for (digit, character) in alphabet.enumerated() { table[Int(character)] = UInt8(digit) }
        return table
    }()

    /// The 22 characters of a number.
    static func encode(_ bits: UInt128) -> String {
        let (rest, low) = bits.quotientAndRemainder(dividingBy: chunk)
        let (top, middle) = rest.quotientAndRemainder(dividingBy: chunk)
        return String(unsafeUninitializedCapacity: IdentifierLayout.characters) { buffer in
            fill(buffer, from: 0, count: 2, with: UInt64(top))
            fill(buffer, from: 2, count: 10, with: UInt64(middle))
            fill(buffer, from: 12, count: 10, with: UInt64(low))
            return IdentifierLayout.characters
        }
    }

    private static func fill(
        _ buffer: UnsafeMutableBufferPointer<UInt8>, from start: Int, count: Int, with value: UInt64
    ) {
        var rest = value
        for position in stride(from: start + count - 1, through: start, by: -1) {
            buffer[position] = alphabet[Int(rest % 58)]
            rest /= 58
        }
    }

    /// The number, or nil when the text is not 22 base58 characters of at most 128 bits.
    static func decode(_ text: some Collection<UInt8>) -> UInt128? {
        guard text.count == IdentifierLayout.characters else { return nil }
        var bits: UInt128 = 0
        for character in text {
            let digit = digits[Int(character)]
            guard digit != 0xFF else { return nil }
            let (product, overflow) = bits.multipliedReportingOverflow(by: 58)
            let (sum, carry) = product.addingReportingOverflow(UInt128(digit))
            guard !overflow, !carry else { return nil }
            bits = sum
        }
        return bits
    }
}
