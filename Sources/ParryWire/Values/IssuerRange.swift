/// The leading digits a brand issues under, and the lengths its numbers have.
struct IssuerRange {
    private let first: Int
    private let last: Int
    private let lengths: [Int]

    private init(_ prefixes: ClosedRange<Int>, _ lengths: [Int]) {
        first = prefixes.lowerBound
        last = prefixes.upperBound
        self.lengths = lengths
    }

    /// Whether the digits have a brand's prefix and length, and a valid check digit.
    static func isCardNumber(_ digits: ArraySlice<UInt8>) -> Bool {
        guard digits.count >= 12 else { return false }
        let prefix = digits.prefix(6).reduce(0) { $0 * 10 + Int($1) }
        let isIssued = all.contains {
            $0.first <= prefix && prefix <= $0.last && $0.lengths.contains(digits.count)
        }
        return isIssued && passesLuhn(digits)
    }

    private static func passesLuhn(_ digits: ArraySlice<UInt8>) -> Bool {
        var sum = 0
        var isDoubled = false
        for digit in digits.reversed() {
            let weighted = isDoubled ? Int(digit) * 2 : Int(digit)
            sum += weighted > 9 ? weighted - 9 : weighted
            isDoubled.toggle()
        }
        return sum % 10 == 0
    }

    private static let long = Array(16...19)
    private static let diners = Array(14...19)
    private static let maestro = Array(12...19)

    private static let all: [IssuerRange] = [
        // Visa
        IssuerRange(400_000...499_999, [13, 16, 19]),
        // Mastercard
        IssuerRange(510_000...559_999, [16]),
        IssuerRange(222_100...272_099, [16]),
        // American Express
        IssuerRange(340_000...349_999, [15]),
        IssuerRange(370_000...379_999, [15]),
        // Discover
        IssuerRange(601_100...601_199, long),
        IssuerRange(644_000...659_999, long),
        IssuerRange(622_126...622_925, long),
        // Diners Club
        IssuerRange(300_000...305_999, diners),
        IssuerRange(360_000...369_999, diners),
        IssuerRange(309_500...309_599, long),
        IssuerRange(380_000...399_999, long),
        // JCB
        IssuerRange(352_800...358_999, long),
        // UnionPay
        IssuerRange(620_000...629_999, long),
        IssuerRange(810_000...819_999, long),
        // Maestro
        IssuerRange(501_800...501_899, maestro),
        IssuerRange(502_000...502_099, maestro),
        IssuerRange(503_800...503_899, maestro),
        IssuerRange(589_300...589_399, maestro),
        IssuerRange(630_400...630_499, maestro),
        IssuerRange(675_900...675_999, maestro),
        IssuerRange(676_100...676_399, maestro),
    ]
}
