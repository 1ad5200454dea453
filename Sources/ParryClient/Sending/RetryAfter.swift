import Foundation
import ParryWire

/// What a refusal says of the time to wait. Nothing that a server writes is believed beyond reason.
enum RetryAfter {
    /// A day; no wait is longer.
    private static let secondsMax: Int64 = 86_400
    private static let quotaMax = 100_000

    /// Seconds, from a number of them or from a date (RFC 9110, section 10.2.3).
    static func seconds(_ text: String) -> Int64? {
        if let seconds = Int64(text) { return min(max(0, seconds), secondsMax) }
        return HTTPDate.seconds(text).map {
            min(max(0, $0 - WallClock.milliseconds() / 1_000), secondsMax)
        }
    }

    /// The least quota of `RateLimit-Policy: "default";q=100;w=60`, for a minute.
    static func limit(_ policies: String) -> Int? {
        policies.split(separator: ",").compactMap { quota($0) }.min()
    }

    private static func quota(_ policy: Substring) -> Int? {
        let parameters = policy.split(separator: ";").map {
            $0.split(separator: "=").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        func parameter(_ name: String) -> Int? {
            parameters.first { $0.count == 2 && $0[0] == name }.flatMap { Int($0[1]) }
        }
        guard let quota = parameter("q"), quota > 0 else { return nil }
        guard let window = parameter("w"), window > 0 else { return min(quota, quotaMax) }
        return max(1, min(quota, quotaMax) * 60 / window)
    }
}

/// The machine's own clock, which webhooks' times and other processes are compared with.
enum WallClock {
    static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
