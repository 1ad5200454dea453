import Synchronization

/// How far a run is.
package final class SendProgress: Sendable {
    private struct State {
        var report = SendReport()
        var bytes: Int64 = 0
    }

    /// The size of what is sent; nil where nobody knows.
    package let bytesTotal: Int64?
    private let started = ContinuousClock().now
    private let state = Mutex(State())

    package init(bytesTotal: Int64?) {
        self.bytesTotal = bytesTotal
    }

    /// What became of the records so far.
    package var report: SendReport { state.withLock { $0.report } }

    func note(_ more: SendReport) { state.withLock { $0.report.add(more) } }
    func note(bytes: Int64) { state.withLock { $0.bytes = bytes } }

    /// One line: how much is read, records a second, and how long the rest takes.
    package var line: String {
        let (report, bytes) = state.withLock { ($0.report, $0.bytes) }
        let elapsed = started.duration(to: ContinuousClock().now)
        let seconds = max(
            0.001,
            Double(elapsed.components.seconds) + 1e-18 * Double(elapsed.components.attoseconds))
        let rate = Int64(Double(report.records) / seconds)
        var line = "\(report.records) records, \(rate)/s"
        if let total = bytesTotal, total > 0 {
            let share = min(1, Double(bytes) / Double(total))
            line = Self.bar(share) + " " + line
            if share > 0, share < 1 {
                line += ", \(Self.time(Int64(seconds / share * (1 - share)))) left"
            }
        }
        let lost = report.invalid + report.refused
        return lost > 0 ? line + ", \(lost) refused" : line
    }

    private static func bar(_ share: Double) -> String {
        let width = 24
        let done = Int(share * Double(width))
        return "[" + String(repeating: "#", count: done)
            + String(repeating: ".", count: width - done) + "] \(Int(share * 100)) %"
    }

    /// `1 h 05 min`, `12 min` or `40 s`.
    static func time(_ seconds: Int64) -> String {
        switch seconds {
        case 3_600...:
            let minutes = seconds / 60 % 60
            return "\(seconds / 3_600) h \(minutes < 10 ? "0" : "")\(minutes) min"
        case 60...: return "\(seconds / 60) min"
        default: return "\(seconds) s"
        }
    }
}
