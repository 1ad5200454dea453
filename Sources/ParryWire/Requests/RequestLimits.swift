/// The bounds of what a request may hold, each with its reason.
public enum RequestLimits {
    /// A request body, in bytes; more is 413 (CONTRACT.md 21, row 30).
    public static let bodyBytesMax = 5 * 1024 * 1024
    /// Orders in one POST (CONTRACT.md 8).
    public static let ordersPerBatch = 1...100
    /// Names that people read; the integration's limit (CONTRACT.md 6), used for every name.
    public static let name = 1...255
    /// References and ids of the caller; the merchant's `external_id` limit (CONTRACT.md 4), used for all.
    public static let reference = 1...250
    /// What stands where one of a few words should, so that a business rule can judge it.
    public static let word = 0...250
    /// Free text without a limit of its own in the contract: long enough for any, short enough to log.
    public static let text = 0...2_000
    /// The text of one communication with a customer.
    public static let communication = 0...20_000
    /// A note on an alert: what Ethoca accepts as a comment (CONTRACT.md 9.4).
    public static let note = 0...1_024
    /// Nested objects of one kind in one order, so that one order cannot fill a batch's memory.
    public static let nested = 0...500
    /// Merchants of one integration or enrolment.
    public static let merchants = 1...100
    /// Descriptors of one enrolment: Ethoca's bulk limit (CONTRACT.md 7.5).
    public static let descriptors = 1...250
    /// ARNs of one enrolment; one or two suffice (CONTRACT.md 7.5).
    public static let arns = 0...100
    /// Enrolments that one ruleset decides for.
    public static let rulesetEnrolments = 1...100
    /// Rules that a ruleset is created with. More than one of each type is refused for another reason.
    public static let rules = 0...20
    /// Money in minor units: what every JSON reader holds exactly (amendment 10).
    public static let amount: ClosedRange<Int64> = 0...9_007_199_254_740_991
    /// Objects on one page of a list (amendment 1).
    public static let page = 1...1_000
    /// Page size when none is asked for (CONTRACT.md 1).
    public static let pageDefault = 100
}
