import CoreMetrics
import Synchronization

/// How many requests there were, by route and status, and how long they took.
package final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        let route: String
        let status: Int
    }

    private struct State {
        var counters: [Key: Counter] = [:]
        var timers: [String: Timer] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// - Parameter route: Method and template, so that there are not more than the program has.
    func record(route: String, status: Int, took: Duration) {
        let (counter, timer) = state.withLock { state in
            (
                Self.found(in: &state.counters, Key(route: route, status: status)) {
                    Counter(
                        label: "parry_http_requests_total",
                        dimensions: [("route", route), ("status", String(status))])
                },
                Self.found(in: &state.timers, route) {
                    Timer(label: "parry_http_request_seconds", dimensions: [("route", route)])
                }
            )
        }
        counter.increment()
        timer.recordNanoseconds(Int64(took / .nanoseconds(1)))
    }

    private static func found<Key: Hashable, Value>(
        in known: inout [Key: Value], _ key: Key, _ make: () -> Value
    ) -> Value {
        if let value = known[key] { return value }
        let new = make()
        known[key] = new
        return new
    }
}
