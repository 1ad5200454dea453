import Crypto
import ParryDatabase
import ParryDomain
import ParryService
import ParryStore
import ParryTestSupport
import ParryWire

@testable import ParryDelivery

// A world in which time is a number: two dispatchers on one real database, receivers that answer late, wrongly, not
// at all, or take an event and lose the answer, and a seed that says when who crashes, whose clock jumps, and
// which exchange with the database fails, before or after its commit. First everything goes wrong for
// some minutes, then nothing does any more, and the ledger has to close.

/// One run of the world by one seed.
struct Simulation {
    private struct Scheduled {
        let at: Int64
        let order: Int
        let what: What
    }

    private enum What {
        case event(DispatchState.Event, of: Int, life: Int)
        case tick(Int)
        case happen
        case crash(Int)
        case jump(Int)
    }

    private struct Dispatcher {
        /// To the second one any endpoint that waits is a crowd.
        init(_ number: Int, life: Int = 0) {
            state = number == 0 ? DispatchState() : DispatchState(fewEndpointsMax: 0)
            self.life = life
        }

        var state: DispatchState
        /// Events of an earlier life are not heard.
        let life: Int
        var skew: Int64 = 0
        var inFlight: [DeliveryID: ClaimedDelivery] = [:]
    }

    private static let eventsMax = 30
    private static let troubleMilliseconds: Int64 = 60_000
    private static let stepsMax = 20_000

    private var random: SeededGenerator
    private var now = Sample.start.milliseconds
    private var agenda: [Scheduled] = []
    private var order = 0
    private var dispatchers = [Dispatcher(0), Dispatcher(1)]
    private let end: Int64
    private let database: any Database
    private let queue: DeliveryQueue
    private let sample: Sample
    private let endpoints: [WebhookEndpoint]
    private(set) var ledger = Ledger()
    /// What happened, in one number: the same for the same seed.
    private(set) var trace: UInt64 = 0xCBF2_9CE4_8422_2325

    /// - Parameter database: Migrated and empty.
    init(seed: UInt64, on database: any Database) async throws {
        random = SeededGenerator(seed: seed)
        end = now + Self.troubleMilliseconds
        let secrets = SecretBox(key: SymmetricKey(data: Array(repeating: 7, count: 32)))
        self.database = database
        queue = DeliveryQueue(database: database, secrets: secrets)
        let sample = Sample()
        self.sample = sample
        try await sample.insert(into: database)
        let made = (0..<3).map { number in
            WebhookEndpoint(
                id: .init(stored: "whe_\(number)"), partnerID: sample.partner.id,
                organisationID: nil,
                details: .init(url: "https://localhost/\(number)", eventTypes: [.alertCreated]),
                createdAt: Sample.start, updatedAt: Sample.start, version: 1)
        }
        endpoints = made
        try await database.write { tx in
            for endpoint in made {
                let secret = try secrets.seal("whsec_x", for: endpoint.id.text)
                try WebhookEndpointStore.insert(endpoint, encryptedSecret: secret, tx)
            }
        }
    }

    /// Plays it to the end.
    mutating func run() async throws {
        for _ in 0..<Self.eventsMax { schedule(.happen, after: below(Self.troubleMilliseconds)) }
        for number in dispatchers.indices {
            schedule(.tick(number), after: below(1_000))
            for _ in 0..<below(4) {
                schedule(.crash(number), after: below(Self.troubleMilliseconds))
            }
            if one(in: 3) { schedule(.jump(number), after: below(Self.troubleMilliseconds)) }
        }
        var steps = 0
        while steps < Self.stepsMax, let next = takeNext() {
            steps += 1
            now = max(now, next.at)
            note(now, next.order)
            try await play(next.what)
            if agenda.allSatisfy({ if case .tick = $0.what { true } else { false } }),
                now >= end, try await isOver()
            {
                break
            }
        }
        for dispatcher in dispatchers { ledger.ended(dispatcher.state.plan) }
        try await ledger.close(database)
    }

    private var isCalm: Bool { now >= end }

    private mutating func play(_ what: What) async throws {
        switch what {
        case .event(let event, let number, let life):
            guard dispatchers[number].life == life else { return }
            try await tell(number, event)
        case .tick(let number):
            try await tell(number, .tick)
            schedule(.tick(number), after: 2_000)
        case .happen: try await happen()
        case .crash(let number): try await crash(number)
        case .jump(let number):
            dispatchers[number].skew = Int64(below(120_000)) - 60_000
            ledger.clockJumped(of: number)
        }
    }

    /// Nothing waits any more; otherwise the clock goes on to when something is due.
    private mutating func isOver() async throws -> Bool {
        let due = try await database.read { try DeliveryStore.nextDue($0) }
        guard let due else { return true }
        for number in dispatchers.indices { dispatchers[number].skew = 0 }
        now = max(now, due.milliseconds - 1_000)
        agenda = []
        for number in dispatchers.indices { schedule(.tick(number), after: 1_000) }
        return false
    }

    private mutating func tell(_ number: Int, _ event: DispatchState.Event) async throws {
        let time = Timestamp(milliseconds: now + dispatchers[number].skew)
        switch event {
        case .ended(let result): dispatchers[number].inFlight[result.delivery.id] = nil
        default: break
        }
        for action in dispatchers[number].state.handle(event, now: time) {
            try await perform(action, number, time)
        }
    }

    private mutating func perform(
        _ action: DispatchState.Action, _ number: Int, _ time: Timestamp
    ) async throws {
        switch action {
        case .send(let parcel): send(parcel.claimed, number, time)
        case .exchange(let ended, let appetite):
            try await exchange(ended, appetite, number, time)
        case .release(let parcels):
            try await queue.release(parcels, now: time)
            for parcel in parcels { ledger.leaseEnded(of: parcel.claimed) }
        case .look(let appetite):
            if try await queue.hasWork(for: appetite, now: time) { hear(number, .found, after: 1) }
        case .pause(let pause): hear(number, .paused(pause), after: pause.milliseconds)
        case .startGracePeriod, .cancelSends, .finish: break
        }
    }

    private mutating func happen() async throws {
        let (sample, now) = (sample, Timestamp(milliseconds: now))
        let tails = endpoints.map { _ in String((0..<6).map { _ in "abcdefgh"[below(8)] }) }
        let ids = try await database.write { tx in
            let event = Event(
                id: .make(at: now, slot: sample.organisation.id.slot),
                organisationID: sample.organisation.id, partnerID: sample.partner.id,
                type: .alertCreated, objectID: "x", body: Array("{}".utf8), createdAt: now)
            try EventStore.append(event, tx)
            // Ids by the seed, because order and jitter follow from them.
            let made = try tx.rows(
                "SELECT id FROM delivery WHERE event_id = \(event.id.text) ORDER BY endpoint_id"
            ) { try $0.text() }
            return try zip(made, tails).map { id, tail in
                let new = Self.deliveryID(like: event.id, tail: tail)
                try tx.execute("UPDATE delivery SET id = \(new.text) WHERE id = \(id)")
                return new
            }
        }
        ledger.accepted += ids
        if one(in: 2) { hear(below(2), .wake, after: 1) }
    }

    /// An id of the event's millisecond and slot that ends so. At the edge of a slot the digits in front of
    /// the end would carry into the next one, so there are two to choose from.
    private static func deliveryID(like id: EventID, tail: String) -> DeliveryID {
        let (first, last) = DeliveryID.bounds(like: id)
        let low = DeliveryID(stored: last.text.dropLast(8) + "11" + tail)
        let high = DeliveryID(stored: first.text.dropLast(8) + "zz" + tail)
        return low.slot == id.slot ? low : high
    }

    /// Everything that the process knew is gone; what it was sending may arrive or not.
    private mutating func crash(_ number: Int) async throws {
        for id in dispatchers[number].inFlight.keys { ledger.excuse(id) }
        for result in dispatchers[number].state.ended { ledger.excuse(result.delivery.id) }
        let life = dispatchers[number].life + 1
        dispatchers[number] = Dispatcher(number, life: life)
        hear(number, .wake, after: below(5_000))
    }

    private mutating func send(_ claimed: ClaimedDelivery, _ number: Int, _ time: Timestamp) {
        dispatchers[number].inFlight[claimed.id] = claimed
        note(claimed.attemptCount, number)
        ledger.sent(
            claimed,
            atOnce: dispatchers[number].inFlight.values.count {
                $0.endpointID == claimed.endpointID
            })
        let (outcome, took, arrives) = answer()
        if arrives { ledger.received[claimed.id, default: 0] += 1 }
        if arrives, outcome != .answered(200) { ledger.excuse(claimed.id) }
        let attempt = DeliveryAttempt(
            startedAt: time, durationMilliseconds: Int64(took), outcome: outcome)
        let ended = time.adding(milliseconds: Int64(took))
        let next = RetrySchedule(of: claimed).next(
            after: attempt, number: Int(claimed.attemptCount) + 1, now: ended)
        hear(
            number, .ended(.init(delivery: claimed, attempt: attempt, next: next)), after: took)
    }

    /// What a receiver makes of a request, how long it takes, and whether the event has arrived.
    private mutating func answer() -> (DeliveryAttempt.Outcome, Int, Bool) {
        guard !isCalm else { return (.answered(200), 5, true) }
        return switch below(10) {
        case 0: (.failed("no answer within 20 seconds"), 20_000, one(in: 2))
        case 1: (.failed("reset"), below(2_000), one(in: 2))
        case 2, 3: (.answered(500), below(500), false)
        case 4: (.answered(200), below(19_000), true)
        default: (.answered(200), below(200), true)
        }
    }

    private mutating func exchange(
        _ ended: [EndedDelivery], _ appetite: DeliveryAppetite, _ number: Int, _ time: Timestamp
    ) async throws {
        let fault = isCalm ? 9 : below(10)
        // A result that cannot be written before its lease ends is as good as lost.
        if fault < 2 { for result in ended { ledger.excuse(result.delivery.id) } }
        if fault == 0 { return hear(number, .exchangeFailed(ended), after: below(3_000)) }
        let claim = try await queue.exchange(ended, claim: appetite, now: time)
        for result in ended { ledger.leaseEnded(of: result.delivery) }
        for parcel in claim.parcels {
            ledger.leased(
                parcel.claimed, by: number, at: now, skew: dispatchers[number].skew)
        }
        // The answer of the commit is lost: what it claimed comes again when its lease ends.
        if fault == 1 { return hear(number, .exchangeFailed(ended), after: below(3_000)) }
        hear(number, .claimed(claim), after: 1 + below(20))
    }
}

extension Simulation {
    private mutating func hear(
        _ number: Int, _ event: DispatchState.Event, after wait: some BinaryInteger
    ) {
        schedule(.event(event, of: number, life: dispatchers[number].life), after: wait)
    }

    private mutating func schedule(_ what: What, after wait: some BinaryInteger) {
        order += 1
        agenda.append(Scheduled(at: now + Int64(wait), order: order, what: what))
    }

    private mutating func takeNext() -> Scheduled? {
        let next = agenda.indices.min {
            (agenda[$0].at, agenda[$0].order) < (agenda[$1].at, agenda[$1].order)
        }
        return next.map { agenda.remove(at: $0) }
    }

    private mutating func note(_ numbers: any BinaryInteger...) {
        for number in numbers {
            trace = (trace ^ UInt64(truncatingIfNeeded: number)) &* 0x100_0000_01B3
        }
    }

    private mutating func below(_ limit: some BinaryInteger) -> Int {
        Int.random(in: 0..<Int(limit), using: &random)
    }

    private mutating func one(in limit: Int) -> Bool { below(limit) == 0 }
}

extension String {
    fileprivate subscript(_ place: Int) -> Character { self[index(startIndex, offsetBy: place)] }
}

/// What was accepted, what was sent and what arrived.
struct Ledger {
    var accepted: [DeliveryID] = []
    var received: [DeliveryID: Int] = [:]
    private var leases: [DeliveryID: Lease] = [:]
    private var excused: Set<DeliveryID> = []
    private(set) var faults: [String] = []
    private(set) var counts: [String: Int] = [:]

    /// Who has a delivery, and until when.
    private struct Lease {
        let number: Int64
        let dispatcher: Int
        /// By the clock that does not jump.
        let end: Int64
        /// Of the dispatcher's clock, when it began.
        let skew: Int64
        /// Whether that clock has jumped since then.
        var hasJumped = false
    }

    /// A dispatcher has claimed it. That another one's clock says that its lease is over, when it is not, explains that it
    /// may arrive twice.
    mutating func leased(
        _ claimed: ClaimedDelivery, by dispatcher: Int, at now: Int64, skew: Int64
    ) {
        if let former = leases[claimed.id],
            former.hasJumped || now < former.end && skew != former.skew
        {
            excuse(claimed.id)
        }
        leases[claimed.id] = Lease(
            number: claimed.lease, dispatcher: dispatcher,
            end: now + 1_000 * Limits.deliveryLeaseSeconds, skew: skew)
    }

    /// Who has a lease and a clock that jumped may send when the lease is over.
    mutating func clockJumped(of dispatcher: Int) {
        for index in leases.indices where leases.values[index].dispatcher == dispatcher {
            leases.values[index].hasJumped = true
        }
    }

    /// Its result was written, or it was given back.
    mutating func leaseEnded(of claimed: ClaimedDelivery) {
        if leases[claimed.id]?.number == claimed.lease { leases[claimed.id] = nil }
    }

    /// A crash or a lost answer explains that it may arrive twice.
    mutating func excuse(_ id: DeliveryID) { excused.insert(id) }

    mutating func sent(_ claimed: ClaimedDelivery, atOnce: Int) {
        if claimed.attemptCount > 5 { faults.append("\(claimed.id) is tried a seventh time") }
        if atOnce > Limits.sendsPerEndpointMax { faults.append("\(atOnce) sends to an endpoint") }
    }

    /// A send that counts for ever takes the place of another.
    mutating func ended(_ plan: SendPlan) {
        if plan.inFlight != 0 { faults.append("\(plan.inFlight) sends count that have ended") }
    }

    /// Compares with what the database says.
    mutating func close(_ database: any Database) async throws {
        let rows = try await database.read { tx in
            try tx.rows(
                """
                SELECT id, 'PENDING' AS state FROM delivery
                UNION ALL SELECT id, state FROM delivery_ended
                """
            ) { (id: DeliveryID(stored: try $0.text()), state: try $0.text()) }
        }
        counts = Dictionary(grouping: rows, by: \.state).mapValues(\.count)
        if rows.count != accepted.count || Set(rows.map(\.id)) != Set(accepted) {
            faults.append("\(accepted.count) accepted, \(rows.count) stored")
        }
        for (id, state) in rows {
            let times = received[id, default: 0]
            if state == "PENDING" { faults.append("\(id) still waits") }
            if state == "DELIVERED", times == 0 { faults.append("\(id) never arrived") }
            if times > 1, !excused.contains(id) {
                faults.append("\(id) arrived \(times) times without a reason")
            }
        }
    }
}
