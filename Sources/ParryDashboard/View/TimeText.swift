import ParryWire

/// A time on a page: the script shows it in the viewer's zone, with UTC when the pointer rests on it; without script it
/// is UTC.
struct TimeText: Sendable {
    /// `2026-11-22T04:05:06Z`, for machines.
    let iso: String
    /// `2026-11-22 04:05:06 UTC`
    let utc: String

    init(_ time: Timestamp) {
        iso = time.truncatedToSecond.iso8601
        let plain = iso.prefix(19)
        utc = plain.prefix(10) + " " + plain.suffix(8) + " UTC"
    }

    /// nil for none, which templates show as a dash.
    init?(_ time: Timestamp?) {
        guard let time else { return nil }
        self.init(time)
    }
}
