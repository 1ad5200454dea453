package import CoreMetrics
import Synchronization

/// Keeps the program's metrics and writes them as Prometheus text (exposition format 0.0.4).
///
/// A metric's label is its Prometheus name. Timers become histograms in seconds, recorders that aggregate become
/// histograms of counts, and all others are counters and gauges.
package final class PrometheusRegistry: MetricsFactory, Sendable {
    /// Upper bounds in seconds: from a look-up to a webhook's deadline and an alert's.
    private static let secondBounds = [
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
        5, 10, 20, 60, 300, 3_600,
    ]
    private static let countBounds = [1.0, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000]

    private struct Key: Hashable {
        let name: String
        let labels: String
    }

    private let series = Mutex<[Key: any PrometheusSeries]>([:])

    package init() {}

    /// The metrics at this moment, sorted by name.
    package func text() -> String {
        let all = series.withLock { $0 }.sorted { left, right in
            (left.key.name, left.key.labels) < (right.key.name, right.key.labels)
        }
        var text = ""
        var last = ""
        for (key, series) in all {
            if key.name != last { text += "# TYPE \(key.name) \(series.kind)\n" }
            last = key.name
            series.write(key.name, key.labels, to: &text)
        }
        return text
    }

    /// A counter.
    package func makeCounter(
        label: String, dimensions: [(String, String)]
    ) -> any CounterHandler {
        find(label, dimensions) { PrometheusCounter() }
    }

    /// A gauge.
    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        find(label, dimensions) { PrometheusGauge() }
    }

    /// A histogram of counts, or a gauge.
    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return find(label, dimensions) { PrometheusGauge() } }
        return find(label, dimensions) { PrometheusHistogram(Self.countBounds, scale: 1) }
    }

    /// A histogram in seconds.
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        find(label, dimensions) { PrometheusHistogram(Self.secondBounds, scale: 1e-9) }
    }

    /// Metrics stay for good: their number is bounded by the program's routes and words.
    package func destroyCounter(_: any CounterHandler) {}
    /// Likewise.
    package func destroyMeter(_: any MeterHandler) {}
    /// Likewise.
    package func destroyRecorder(_: any RecorderHandler) {}
    /// Likewise.
    package func destroyTimer(_: any TimerHandler) {}

    /// The series of a label and its dimensions; asked for again, it is the same one.
    private func find<Series: PrometheusSeries>(
        _ label: String, _ dimensions: [(String, String)], _ make: () -> Series
    ) -> Series {
        let labels = dimensions.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        let key = Key(name: label, labels: labels)
        return series.withLock { all in
            if let known = all[key] as? Series { return known }
            let new = make()
            all[key] = new
            return new
        }
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
    }
}
