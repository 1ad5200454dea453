/// A descriptor as it reaches the cardholder's statement (NETWORKS.md): upper-cased, cut, starred,
/// prefixed.
enum StatementText {
    /// What a statement line holds; longer ones are cut mid-word.
    static let lengthMax = 22

    private static let prefixes = ["PAYPAL *", "SQ *", "SP "]
    private static let suffixes = [" 8005551234", " AMSTERDAM", " LONDON", " 888-555-0142", " CA"]

    /// One of the ways in which a descriptor suffers on its way.
    static func mangle(_ descriptor: String, using random: inout SeededGenerator) -> String {
        let upper = descriptor.uppercased()
        let text =
            switch random.below(5) {
            case 0: random.pick(prefixes) + upper
            case 1: String(upper.prefix(random.within(9...13)))
            case 2: upper.replacing(" ", with: "*")
            case 3: upper.replacing(" ", with: "")
            default: String(upper.prefix(13)) + random.pick(suffixes)
            }
        return String(text.prefix(lengthMax))
    }

    /// Whether two descriptors can be the same merchant's: without prefixes and signs one begins
    /// with the other, or they share their first eight letters, which a cut leaves.
    static func agree(_ left: String, _ right: String) -> Bool {
        let left = folded(left)
        let right = folded(right)
        let shared = zip(left, right).prefix { $0 == $1 }.count
        return shared >= min(8, left.count, right.count)
    }

    private static func folded(_ descriptor: String) -> [UInt8] {
        var upper = descriptor.uppercased()
        if let prefix = prefixes.first(where: upper.hasPrefix) {
            upper.removeFirst(prefix.count)
        }
        return upper.utf8.filter {
            UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
        }
    }
}
