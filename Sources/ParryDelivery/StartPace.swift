import ParryDomain
import ParryWire

/// When the next send may begin to an endpoint that did not take the last one. A value without a clock.
///
/// Such a send mostly needs a new connection, and its TLS handshake keeps an event loop busy for about a millisecond. As
/// many as time out at once would begin at once, and every other webhook would wait behind their handshakes.
struct StartPace {
    private let gapMilliseconds: Int64
    /// When all that began would have begun, each a gap after the one before.
    private var spentUntil = Timestamp(milliseconds: 0)

    /// - Parameter gapMilliseconds: From one to the next, once a new endpoint's share of them began.
    init(gapMilliseconds: Int64) {
        self.gapMilliseconds = gapMilliseconds
    }

    /// Whether it is time for one more.
    func allows(at now: Timestamp) -> Bool {
        ahead(at: now) + gapMilliseconds <= aheadMax
    }

    /// One more begins, whether or not it was its time.
    mutating func began(at now: Timestamp) {
        spentUntil = now.adding(milliseconds: min(ahead(at: now) + gapMilliseconds, aheadMax))
    }

    private var aheadMax: Int64 { gapMilliseconds * Int64(Limits.sendsToNewEndpointMax) }

    /// In milliseconds; nothing after a jump of the clock.
    private func ahead(at now: Timestamp) -> Int64 {
        let ahead = spentUntil.milliseconds - now.milliseconds
        return ahead <= aheadMax ? max(0, ahead) : 0
    }
}
