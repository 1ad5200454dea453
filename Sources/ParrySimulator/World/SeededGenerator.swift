/// Random numbers that a seed fixes for ever: SplitMix64 of Steele, Lea and Flood.
///
/// The system's generator cannot be seeded, and the standard library's ranges may draw differently
/// in another release, so every bound and choice of the simulator is made here.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts the sequence that belongs to `seed`.
    package init(seed: UInt64) {
        state = seed
    }

    /// Starts the sequence of one thing of a seeded whole: the same parts give the same numbers,
    /// whatever was drawn before.
    package init(seed: UInt64, _ parts: UInt64...) {
        state = seed
        for part in parts {
            state =
                Self.mix(state &+ 0x9E37_79B9_7F4A_7C15) ^ Self.mix(part &+ 0xD1B5_4A32_D192_ED03)
        }
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// A number from 0 to `bound` - 1; 0 when `bound` is not positive.
    package mutating func below(_ bound: Int) -> Int {
        guard bound > 0 else { return 0 }
        return Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A number of a closed range.
    package mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// A fraction from 0 up to, but not including, 1.
    package mutating func fraction() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// True in this share of all calls, 0 to 1.
    package mutating func chance(_ share: Double) -> Bool {
        fraction() < share
    }

    /// One of a list that the caller knows to be not empty.
    package mutating func pick<Element>(_ list: [Element]) -> Element {
        list[below(list.count)]
    }

    /// The place of a weight, in proportion to the weights.
    package mutating func weighted(_ weights: [Double]) -> Int {
        var rest = fraction() * weights.reduce(0, +)
        for (place, weight) in weights.enumerated() {
            rest -= weight
            if rest < 0 { return place }
        }
        return weights.count - 1
    }

    /// Characters of an alphabet, as bytes.
    mutating func characters(_ count: Int, of alphabet: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 4)
        for _ in 0..<count { bytes.append(alphabet[below(alphabet.count)]) }
        return bytes
    }

    /// A text of an alphabet's characters.
    mutating func text(_ count: Int, of alphabet: [UInt8]) -> String {
        String(decoding: characters(count, of: alphabet), as: UTF8.self)
    }

    /// A text of decimal digits, leading zeros included.
    package mutating func digits(_ count: Int) -> String {
        text(count, of: Array("0123456789".utf8))
    }
}
