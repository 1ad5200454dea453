package import ParryWire

/// Money and times as people read them.
package enum DeskFormat {
    /// An amount in its currency's form: `USD 49.00`, `JPY 500`.
    package static func money(_ minorUnits: Int64?, _ code: String?) -> String {
        guard let minorUnits else { return "no amount" }
        guard let code, let currency = Currency(code: code), minorUnits >= 0 else {
            return "\(minorUnits) \(code.map { "\($0) (minor units)" } ?? "of no currency")"
        }
        return "\(code) \(currency.decimal(minorUnits))"
    }

    /// Time that is left: `1 d 02 h`, `2 h 05 min`, `12 min 09 s`, `9 s`; `past` at the end and behind it.
    package static func left(_ milliseconds: Int64) -> String {
        guard milliseconds > 0 else { return "past" }
        return span(milliseconds / 1_000)
    }

    /// How long ago, of any moment: `12 min 09 s ago`.
    package static func ago(_ time: Timestamp?, at now: Timestamp) -> String {
        guard let time else { return "never" }
        return span(max(0, now.milliseconds - time.milliseconds) / 1_000) + " ago"
    }

    /// The two greatest units of a span.
    package static func span(_ seconds: Int64) -> String {
        let (minutes, hours) = (seconds / 60, seconds / 3_600)
        if hours >= 24 { return "\(hours / 24) d \(two(hours % 24)) h" }
        if hours > 0 { return "\(hours) h \(two(minutes % 60)) min" }
        if minutes > 0 { return "\(minutes) min \(two(seconds % 60)) s" }
        return "\(seconds) s"
    }

    /// A moment in UTC, to the second: `2026-02-17 09:59:05 UTC`.
    package static func moment(_ time: Timestamp) -> String {
        let text = time.truncatedToSecond.iso8601
        return text.prefix(10) + " " + text.dropFirst(11).prefix(8) + " UTC"
    }

    /// A share in whole percent, never more than there is: 999 of 1,000 are 99 %.
    package static func percent(_ part: Int64, of whole: Int64) -> String {
        guard whole > 0 else { return "-" }
        return "\(max(0, min(part, whole)) * 100 / whole) %"
    }

    private static func two(_ number: Int64) -> String {
        number < 10 ? "0\(number)" : String(number)
    }
}
