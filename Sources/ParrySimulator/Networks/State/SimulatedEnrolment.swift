import ParryWire

/// What the platform is told about an enrolment, by the name that the ledger notes.
package enum EnrolmentResult: String, Sendable {
    /// Nothing is decided yet; told once, whether it is acknowledged or not.
    case intermediate = "INTERMEDIATE"
    /// What was decided; told again until it is acknowledged.
    case final = "FINAL"
}

/// One request to enrol, and what became of it, at either network.
protocol SimulatedEnrolment: Sendable {
    static var network: LedgerEntry.Network { get }
    /// What its ids begin with.
    static var idPrefix: String { get }
    /// Tells its random numbers from those of the other network.
    static var seedPart: UInt64 { get }

    var requestID: String { get }
    /// Whether somebody asked for it to fail.
    var isMadeToFail: Bool { get set }
    var isRemoved: Bool { get set }

    init?(_ body: [UInt8], _ reader: inout MessageReader)
    /// Whether both requests ask for the same.
    func asks(sameAs other: Self) -> Bool
    /// Stands as before any decision.
    mutating func wait()
    /// Stands as decided now.
    mutating func decide(_ id: String, among all: [String: Self])
    /// Stands as a final result has told.
    mutating func take(_ told: JSONValue)
    /// The message that tells the platform how it stands.
    func result(_ id: String) -> [UInt8]
}

/// Every enrolment at one network, by its id; it changes by entries of the ledger alone.
struct SimulatedEnrolments<Enrolment: SimulatedEnrolment>: Sendable {
    /// By enrolment id.
    private(set) var all: [String: Enrolment] = [:]
    /// Final results that nobody has acknowledged.
    private(set) var untold: [String: PlatformMessage] = [:]
    /// Enrolments without a final result yet.
    private(set) var undecided: Set<String> = []
    /// Enrolment ids by `requestId`.
    private var byRequest: [String: String] = [:]
    private let seed: UInt64
    private let delay: Duration

    init(_ settings: NetworkSettings) {
        seed = settings.seed
        delay = settings.enrolmentDelay
    }

    /// A request to enrol: 202 with an id, the results later. A repeated `requestId` gets the same id again.
    mutating func enrol(
        _ body: [UInt8], at now: Timestamp, _ misbehaviour: inout Misbehaviour
    ) -> NetworkStep {
        var reader = MessageReader()
        let request = Enrolment(body, &reader)
        guard let request, reader.faults.isEmpty else {
            return .refused(reader.faults, Enrolment.network, body, at: now)
        }
        if let id = byRequest[request.requestID] {
            return all[id].map(request.asks(sameAs:)) == true
                ? NetworkStep(Self.accepted(id))
                : .refused(
                    ["requestId was used for another enrolment"], Enrolment.network, body,
                    at: now, subject: id)
        }
        var random = SeededGenerator(seed: seed, Enrolment.seedPart, UInt64(all.count))
        let id = Enrolment.idPrefix + random.digits(10)
        var entry = LedgerEntry(
            .enrolmentRequested, Enrolment.network, subject: id, at: now, body: body)
        entry.word = request.requestID
        if misbehaviour.take(\.failedEnrolments) { entry.note = "made to fail" }
        var step = NetworkStep(Self.accepted(id))
        note(entry, in: &step)
        step.actions = [results(id, misbehaviour)]
        return step
    }

    /// The end of an enrolment: 204, again and again; 404 for what was never enrolled.
    mutating func remove(_ id: String, at now: Timestamp) -> NetworkStep {
        guard let enrolment = all[id] else {
            return .refused(
                ["there is no such enrolment"], Enrolment.network, [], at: now, subject: id,
                status: 404)
        }
        var step = NetworkStep(NetworkAnswer(status: 204, body: []))
        guard !enrolment.isRemoved else { return step }
        note(LedgerEntry(.enrolmentRemoved, Enrolment.network, subject: id, at: now), in: &step)
        return step
    }

    /// The message for one of the two results, the final one decided now; nil once it is removed.
    func result(_ id: String, _ result: EnrolmentResult) -> PlatformMessage? {
        guard var enrolment = all[id], !enrolment.isRemoved else { return nil }
        switch result {
        case .final:
            guard undecided.contains(id) else { return untold[id] }
            enrolment.decide(id, among: all)
        case .intermediate: enrolment.wait()
        }
        return PlatformMessage(
            subject: id, body: enrolment.result(id), word: result.rawValue,
            isRepeated: result == .final)
    }

    /// Changes one enrolment by what only its own network knows.
    mutating func change(_ id: String, _ change: (inout Enrolment) -> Void) {
        guard var enrolment = all[id] else { return }
        change(&enrolment)
        all[id] = enrolment
    }

    mutating func apply(_ entry: LedgerEntry) {
        let id = entry.subject
        switch entry.kind {
        case .enrolmentRequested: requested(entry)
        case .enrolmentRemoved:
            all[id]?.isRemoved = true
            undecided.remove(id)
            untold[id] = nil
        case .resultSent where entry.word == EnrolmentResult.final.rawValue: decided(entry)
        case .resultAcknowledged, .resultGivenUp:
            if entry.word == EnrolmentResult.final.rawValue { untold[id] = nil }
        default: break
        }
    }
}

extension SimulatedEnrolments {
    private static func accepted(_ id: String) -> NetworkAnswer {
        .object(status: 202) { $0.field("enrolmentId", id) }
    }

    /// The wait for the first of both results; the other follows it.
    private func results(_ id: String, _ misbehaviour: Misbehaviour) -> NetworkAction {
        misbehaviour.isOutOfOrder
            ? .wait(
                delay, then: .results(Enrolment.network, enrolmentID: id, [.final, .intermediate]))
            : .wait(
                delay / 2,
                then: .results(Enrolment.network, enrolmentID: id, [.intermediate, .final]))
    }

    private mutating func note(_ entry: LedgerEntry, in step: inout NetworkStep) {
        apply(entry)
        step.entries.append(entry)
    }

    private mutating func requested(_ entry: LedgerEntry) {
        var reader = MessageReader()
        guard var enrolment = Enrolment(entry.body ?? [], &reader) else { return }
        enrolment.isMadeToFail = entry.note != nil
        byRequest[enrolment.requestID] = entry.subject
        all[entry.subject] = enrolment
        undecided.insert(entry.subject)
    }

    /// Takes the states over that the first final result tells.
    private mutating func decided(_ entry: LedgerEntry) {
        let id = entry.subject
        untold[id]?.attempt = entry.attempt ?? 1
        guard undecided.remove(id) != nil, let body = entry.body,
            let root = (try? JSONDocument.parse(body))?.root
        else { return }
        all[id]?.take(root)
        untold[id] = PlatformMessage(subject: id, body: body, word: EnrolmentResult.final.rawValue)
    }
}
