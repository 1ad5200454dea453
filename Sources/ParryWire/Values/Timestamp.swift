/// An instant in UTC with millisecond precision.
///
/// Its text form covers the years 0001 to 9999, as RFC 3339 does.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
    public var milliseconds: Int64

    /// Makes an instant from milliseconds since 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Reads an RFC 3339 date-time; nil when it is none or has no time zone.
    public init?(iso8601 text: some StringProtocol) {
        guard let parsed = Timestamp.parse(String(text)) else { return nil }
        self = parsed.timestamp
    }

    /// Reads an RFC 3339 date-time and tells whether it gave a fraction of a second.
    ///
    /// Digits beyond milliseconds are cut off. Filters need `hasFraction` to know whether the
    /// caller meant the whole second.
    public static func parse(_ text: String) -> (timestamp: Timestamp, hasFraction: Bool)? {
        var text = text
        return text.withUTF8 { TimestampParser.parse($0) }
    }

    /// The canonical text: `2026-02-17T09:59:05Z`, with `.123` where milliseconds are not zero.
    ///
    /// An instant outside the years 0001 to 9999 is shown as the nearest one inside.
    public var iso8601: String {
        var bytes: [UInt8] = []
        appendISO8601(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The instant `seconds` later; stops at the bounds of 64 bits.
    public func adding(seconds: Int64) -> Timestamp {
        let (value, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        guard overflow else { return adding(milliseconds: value) }
        return Timestamp(milliseconds: seconds < 0 ? .min : .max)
    }

    /// The instant `milliseconds` later; stops at the bounds of 64 bits.
    public func adding(milliseconds: Int64) -> Timestamp {
        let (value, overflow) = self.milliseconds.addingReportingOverflow(milliseconds)
        guard overflow else { return Timestamp(milliseconds: value) }
        return Timestamp(milliseconds: milliseconds < 0 ? .min : .max)
    }

    /// The last instant that a bound covers which was given so: one without a fraction stands for its whole second
    /// (amendment 11).
    public var asUpperBound: Timestamp {
        milliseconds % 1_000 == 0 ? adding(milliseconds: 999) : self
    }

    /// The start of the second this instant lies in.
    public var truncatedToSecond: Timestamp {
        let rest = milliseconds % 1_000
        return adding(milliseconds: rest < 0 ? -rest - 1_000 : -rest)
    }

    /// Orders instants by time.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// 0001-01-01T00:00:00.000Z to 9999-12-31T23:59:59.999Z.
    static let writable: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999
}
