import CoreMetrics
import ParryServer
import Testing

@Suite("Metrics as Prometheus reads them")
struct MetricsTests {
    private let registry = PrometheusRegistry()

    private var lines: [String] { registry.text().split(separator: "\n").map(String.init) }

    @Test("A counter counts, by its labels")
    func counter() {
        let sent = registry.makeCounter(label: "sends_total", dimensions: [("outcome", "sent")])
        let same = registry.makeCounter(label: "sends_total", dimensions: [("outcome", "sent")])
        let other = registry.makeCounter(label: "sends_total", dimensions: [("outcome", "a\"\\b")])
        sent.increment(by: 2)
        same.increment(by: 3)
        other.increment(by: 1)
        #expect(
            lines == [
                "# TYPE sends_total counter", #"sends_total{outcome="a\"\\b"} 1"#,
                #"sends_total{outcome="sent"} 5"#,
            ])
    }

    @Test("A meter shows its last value")
    func gauge() {
        let meter = registry.makeMeter(label: "depth", dimensions: [])
        meter.set(Int64(7))
        meter.set(2.5)
        meter.increment(by: 1)
        #expect(lines == ["# TYPE depth gauge", "depth 3.5"])
    }

    @Test("A timer is a histogram in seconds, whose buckets add up")
    func histogram() {
        let timer = registry.makeTimer(label: "took_seconds", dimensions: [("route", "r")])
        for milliseconds in [1, 3, 40, 40_000, 9_000_000] as [Int64] {
            timer.recordNanoseconds(milliseconds * 1_000_000)
        }
        let lines = lines
        #expect(lines.contains(#"took_seconds_bucket{route="r",le="0.001"} 1"#))
        #expect(lines.contains(#"took_seconds_bucket{route="r",le="0.005"} 2"#))
        #expect(lines.contains(#"took_seconds_bucket{route="r",le="60"} 4"#))
        #expect(lines.contains(#"took_seconds_bucket{route="r",le="+Inf"} 5"#))
        #expect(lines.contains(#"took_seconds_count{route="r"} 5"#))
        #expect(lines.contains(#"took_seconds_sum{route="r"} 9040.044"#))
    }

    @Test("A recorder counts sizes")
    func sizes() {
        let recorder = registry.makeRecorder(label: "batch", dimensions: [], aggregate: true)
        recorder.record(Int64(3))
        #expect(lines.contains(#"batch_bucket{le="2"} 0"#))
        #expect(lines.contains(#"batch_bucket{le="5"} 1"#))
    }
}
