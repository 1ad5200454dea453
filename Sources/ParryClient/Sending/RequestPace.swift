/// Gives each request to one endpoint the time at which it may be sent: never more than the limit within any window,
/// the first few at once, and from then on evenly, so that a platform that counts otherwise sees no bursts either.
struct RequestPace: Sendable, Equatable {
    /// The window of the contract: 60 s.
    static let windowMilliseconds: Int64 = 60_000
    /// How many go at once after a pause.
    static let burst: Int64 = 10

    /// What holds unless the platform says otherwise.
    let ownLimit: Int
    /// The platform's own word, and until when it is believed.
    private(set) var named: NamedLimit?
    /// The times of the last requests, ascending, at most as many as the limit.
    private(set) var sent: [Int64]
    /// When the next one would be due if all were evenly spaced.
    private(set) var due: Int64
    /// What the clock showed last.
    private(set) var seen: Int64

    /// A limit that the platform named.
    struct NamedLimit: Sendable, Equatable {
        let limit: Int
        let until: Int64
    }

    /// The present limit.
    var limit: Int { named.map(\.limit) ?? ownLimit }

    init(
        limit: Int, named: NamedLimit? = nil, sent: [Int64] = [], due: Int64 = 0, seen: Int64 = 0
    ) {
        self.seen = seen
        ownLimit = Self.bounded(limit)
        self.named = named.map { NamedLimit(limit: Self.bounded($0.limit), until: $0.until) }
        self.sent = sent
        self.due = due
    }

    /// One in a hundred is left to clocks that differ.
    private var allowed: Int { max(1, limit - (limit + 99) / 100) }
    private var spacing: Int64 { max(1, Self.windowMilliseconds / Int64(allowed)) }
    private var tolerance: Int64 { spacing * (Self.burst - 1) }

    /// The time of the next request, which counts from now on.
    mutating func reserve(at now: Int64) -> Int64 {
        follow(now)
        if let named, named.until < now { self.named = nil }
        var slot = max(now, due - tolerance)
        due = max(slot, due) + spacing
        if sent.count >= allowed {
            let free = sent[sent.count - allowed] + Self.windowMilliseconds
            if free > slot {
                slot = free
                due = slot + spacing + tolerance
            }
        }
        sent.append(slot)
        if sent.count > limit { sent.removeFirst(sent.count - limit) }
        return slot
    }

    /// The platform refused: nothing goes before that time, and no burst follows. A limit that it names is kept to
    /// for an hour: it may be raised, and no refusal would say so.
    mutating func refused(until time: Int64, limit newLimit: Int?) {
        if let newLimit {
            named = NamedLimit(
                limit: Self.bounded(newLimit), until: time + Self.namedMilliseconds)
        }
        due = max(due, time + tolerance)
    }

    /// However long the platform asks for, requests are tried again after so long: one that waits in silence misses
    /// deadlines.
    static let pauseSecondsMax: Int64 = 120

    private static let namedMilliseconds: Int64 = 3_600_000

    /// A clock that was set back must not stop everything for so long: what was given out moves with it.
    private mutating func follow(_ now: Int64) {
        let back = seen - now
        seen = now
        guard back > Self.jitterMilliseconds else { return }
        sent = sent.map { $0 - back }
        due -= back
    }

    /// So far processes' readings of one clock can be apart.
    private static let jitterMilliseconds: Int64 = 1_000

    private static func bounded(_ limit: Int) -> Int { min(max(1, limit), 100_000) }
}
