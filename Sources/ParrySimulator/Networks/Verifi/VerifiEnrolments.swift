import ParryWire

/// Every enrolment at Verifi, by its id; it changes by entries of the ledger alone.
package struct VerifiEnrolments: Sendable {
    /// By enrolment id.
    package private(set) var all: [String: VerifiEnrolment] = [:]
    /// Enrolment ids by `requestId`.
    package private(set) var byRequest: [String: String] = [:]
    /// Final results that nobody has acknowledged.
    package private(set) var untold: [String: PlatformMessage] = [:]
    /// Enrolments without a final result yet.
    package private(set) var undecided: Set<String> = []

    /// Whether two requests ask for the same.
    func isSame(_ request: VerifiEnrolment, as id: String) -> Bool {
        guard let known = all[id] else { return false }
        return known.bin == request.bin && known.caid == request.caid && known.arns == request.arns
    }

    /// The message for one of the two results; nil once it is removed.
    func result(_ id: String, isFinal: Bool) -> PlatformMessage? {
        guard var enrolment = all[id], !enrolment.isRemoved else { return nil }
        if isFinal {
            guard undecided.contains(id) else { return untold[id] }
            enrolment.status = enrolment.isMadeToFail ? .failed : .enabled
            enrolment.reason = enrolment.isMadeToFail ? "the acquirer knows no such merchant" : nil
        } else {
            enrolment.status = .inProgress
            enrolment.reason = nil
        }
        return PlatformMessage(
            subject: id, body: enrolment.result(id),
            word: isFinal ? EthocaEnrolments.finalWord : EthocaEnrolments.intermediateWord,
            isRepeated: isFinal)
    }

    mutating func apply(_ entry: LedgerEntry) {
        let id = entry.subject
        switch entry.kind {
        case .enrolmentRequested: requested(entry)
        case .enrolmentRemoved:
            all[id]?.isRemoved = true
            undecided.remove(id)
            untold[id] = nil
        case .resultSent where entry.word == EthocaEnrolments.finalWord: decided(entry)
        case .resultAcknowledged, .resultGivenUp:
            if entry.word == EthocaEnrolments.finalWord { untold[id] = nil }
        case .rulesetReceived where entry.word == SimulatedVerifi.published:
            guard let body = entry.body, let version = SimulatedVerifi.version(of: body) else {
                return
            }
            all[id]?.ruleset = VerifiEnrolment.Ruleset(version: version, body: body)
        default: break
        }
    }

    private mutating func requested(_ entry: LedgerEntry) {
        var reader = MessageReader()
        guard var enrolment = VerifiEnrolment(entry.body ?? [], &reader) else { return }
        enrolment.isMadeToFail = entry.note != nil
        byRequest[enrolment.requestID] = entry.subject
        all[entry.subject] = enrolment
        undecided.insert(entry.subject)
    }

    private mutating func decided(_ entry: LedgerEntry) {
        let id = entry.subject
        untold[id]?.attempt = entry.attempt ?? 1
        guard undecided.remove(id) != nil, let body = entry.body,
            let root = (try? JSONDocument.parse(body))?.root
        else { return }
        all[id]?.status =
            root["status"]?.string.flatMap(VerifiEnrolment.Status.init(rawValue:)) ?? .inProgress
        all[id]?.reason = root["reason"]?.string
        untold[id] = PlatformMessage(subject: id, body: body, word: entry.word)
    }
}
