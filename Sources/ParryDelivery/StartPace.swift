import ParryDomain
import ParryWire

/// When the next send may begin to an endpoint that did not take the last one. A value without a clock.
///
/// Such a send mostly needs a new connection, and what is begun together times out together: a hundred handshakes and ends
/// keep the event loops busy for as many milliseconds, and every other webhook waits. So they begin one by one, unless they
/// end well: each that does lets two more begin at once.
struct StartPace {
    private let gapMilliseconds: Int64
    /// When all that began would have begun, each a gap after the one before.
    private var spentUntil = Timestamp(milliseconds: 0)
    /// How many may begin before their time.
    private var credit = 0

    /// - Parameter gapMilliseconds: From one to the next, once a new endpoint's share of them began.
    init(gapMilliseconds: Int64) {
        self.gapMilliseconds = gapMilliseconds
    }

    /// Whether one more may begin.
    func allows(at now: Timestamp) -> Bool { credit > 0 || isTime(at: now) }

    /// One more begins that had to be allowed.
    mutating func began(at now: Timestamp) {
        if isTime(at: now) {
            spentUntil = now.adding(milliseconds: ahead(at: now) + gapMilliseconds)
        } else {
            credit -= 1
        }
    }

    /// One that began ended well.
    mutating func succeeded() {
        credit = min(credit + 2, Limits.sendsPerEndpointMax)
    }

    /// A second has passed.
    mutating func age() { credit /= 2 }

    private var aheadMax: Int64 { gapMilliseconds * Int64(Limits.sendsToNewEndpointMax) }

    private func isTime(at now: Timestamp) -> Bool {
        ahead(at: now) + gapMilliseconds <= aheadMax
    }

    /// In milliseconds; nothing after a jump of the clock.
    private func ahead(at now: Timestamp) -> Int64 {
        let ahead = spentUntil.milliseconds - now.milliseconds
        return ahead <= aheadMax ? max(0, ahead) : 0
    }
}
