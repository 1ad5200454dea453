/// The code and the message of an offence, before it has a path.
struct Offence {
    let code: String
    let message: String

    static let required = Offence(code: "REQUIRED", message: "must be given and not be null")
    static let notNull = Offence(
        code: "REQUIRED", message: "must not be null; leave it out instead")
    static func needsOneOf(_ names: [String]) -> Offence {
        Offence(code: "REQUIRED", message: "must have one of \(names.joined(separator: ", "))")
    }

    static let duplicate = Offence(code: "DUPLICATE_FIELD", message: "must be given only once")
    static let blank = value("must have more in it than white space")
    static let notObject = type("must be an object")
    static let notString = type("must be a string")
    static let notBoolean = type("must be true or false, without quotes")
    static let nul = Offence(
        code: "INVALID_CHARACTER", message: "must not contain the character U+0000")
    static let timestamp = value(
        "must be an RFC 3339 date-time with a time zone, such as 2026-02-17T09:59:05Z")
    static let currency = Offence(
        code: "INVALID_CURRENCY",
        message: "must be an active ISO 4217 currency code in upper case, such as EUR")
    static let country = value("must be an ISO 3166-1 alpha-2 code in upper case, such as DE")
    static let email = value("must be an e-mail address, such as name@example.com")
    static let url = value("must be an absolute http or https URL without user information")
    static let ipAddress = value("must be an IPv4 or IPv6 address")

    static func notInteger(_ range: ClosedRange<Int64>) -> Offence {
        type(integerMessage(range))
    }

    static func outOfRange(_ range: ClosedRange<Int64>) -> Offence {
        Offence(code: "OUT_OF_RANGE", message: integerMessage(range))
    }

    static func length(_ range: ClosedRange<Int>) -> Offence {
        let unit = range.upperBound == 1 ? "character" : "characters"
        return Offence(
            code: "INVALID_LENGTH", message: "must have \(amount(range)) \(unit)")
    }

    static func enumeration(_ words: [String]) -> Offence {
        value("must be one of \(words.joined(separator: ", "))")
    }

    static func pattern(_ pattern: Pattern) -> Offence {
        let kind =
            switch pattern {
            case .digits: "digits"
            case .alphanumeric: "letters A-Z, a-z and digits"
            case .hexadecimal: "hexadecimal digits"
            case .token: "letters A-Z, a-z, digits, dots, dashes and underscores"
            }
        return value("must consist of \(amount(pattern.length)) \(kind)")
    }

    static func notArray(_ range: ClosedRange<Int>) -> Offence {
        type("must be an array of \(amount(range)) elements")
    }

    static func tooMany(_ range: ClosedRange<Int>) -> Offence {
        Offence(code: "TOO_MANY_ITEMS", message: "must have \(amount(range)) elements")
    }

    static func tooFew(_ range: ClosedRange<Int>) -> Offence {
        Offence(code: "TOO_FEW_ITEMS", message: "must have \(amount(range)) elements")
    }

    static func batchTooLarge(_ range: ClosedRange<Int>) -> Offence {
        Offence(
            code: "BATCH_TOO_LARGE",
            message: "must have \(amount(range)) elements; send the rest in another request")
    }

    private static func type(_ message: String) -> Offence {
        Offence(code: "INVALID_TYPE", message: message)
    }

    private static func value(_ message: String) -> Offence {
        Offence(code: "INVALID_VALUE", message: message)
    }

    private static func amount(_ range: ClosedRange<Int>) -> String {
        if range.lowerBound == range.upperBound { return "exactly \(range.lowerBound)" }
        if range.lowerBound == 0 { return "at most \(range.upperBound)" }
        return "\(range.lowerBound) to \(range.upperBound)"
    }

    private static func integerMessage(_ range: ClosedRange<Int64>) -> String {
        "must be an integer from \(range.lowerBound) to \(range.upperBound), "
            + "without quotes or decimals"
    }
}
