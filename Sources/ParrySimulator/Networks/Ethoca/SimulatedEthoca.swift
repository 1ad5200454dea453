package import ParryWire

/// Ethoca as a value: it judges what the platform sends, and says what it does about it.
///
/// Its state changes by ``apply(_:)`` alone, so the entries of a ledger make the same Ethoca again.
package struct SimulatedEthoca: Sendable {
    package private(set) var alerts: EthocaAlerts
    package private(set) var enrolments = EthocaEnrolments()
    /// How the outcomes of single alerts are answered: the wish of a play.
    package var wishes: [String: Play.OutcomeAnswer] = [:]
    private let seed: UInt64
    private let delay: Duration

    /// An Ethoca that knows nobody yet.
    package init(_ settings: NetworkSettings) {
        seed = settings.seed
        delay = settings.enrolmentDelay
        alerts = EthocaAlerts(windowSeconds: settings.alertWindowSeconds)
    }

    /// Follows one entry of the ledger; those of Verifi are nothing to it.
    package mutating func apply(_ entry: LedgerEntry) {
        guard entry.network == .ethoca else { return }
        alerts.apply(entry)
        enrolments.apply(entry)
    }

    private mutating func note(_ entry: LedgerEntry, in step: inout NetworkStep) {
        apply(entry)
        step.entries.append(entry)
    }

    // MARK: Enrolments

    /// `POST /descriptors`: 202 with an id, the results later. A repeated `requestId` gets the same
    /// id again.
    package mutating func enrol(
        _ body: [UInt8], at now: Timestamp, _ misbehaviour: inout Misbehaviour
    ) -> NetworkStep {
        var reader = MessageReader()
        let request = EthocaEnrolment(body, &reader)
        guard let request, reader.faults.isEmpty else {
            return .refused(reader.faults, .ethoca, body, at: now)
        }
        if let id = enrolments.byRequest[request.requestID] {
            return enrolments.isSame(request, as: id)
                ? NetworkStep(Self.accepted(id))
                : .refused(
                    ["requestId was used for another enrolment"], .ethoca, body, at: now,
                    subject: id)
        }
        var random = SeededGenerator(seed: seed, 1, UInt64(enrolments.all.count))
        let id = "ETHENR" + random.digits(10)
        var entry = LedgerEntry(.enrolmentRequested, .ethoca, subject: id, at: now, body: body)
        entry.word = request.requestID
        if misbehaviour.take(\.failedEnrolments) { entry.note = "made to fail" }
        var step = NetworkStep(Self.accepted(id))
        note(entry, in: &step)
        step.actions = Self.results(id, .ethoca, delay, misbehaviour)
        return step
    }

    static func accepted(_ id: String) -> NetworkAnswer {
        .object(status: 202) { $0.field("enrolmentId", id) }
    }

    /// The waits for both results of an enrolment.
    static func results(
        _ id: String, _ network: LedgerEntry.Network, _ delay: Duration,
        _ misbehaviour: Misbehaviour
    ) -> [NetworkAction] {
        let intermediate = misbehaviour.isOutOfOrder ? delay * 3 / 2 : delay / 2
        return [
            .wait(intermediate, then: .result(network, enrolmentID: id, isFinal: false)),
            .wait(delay, then: .result(network, enrolmentID: id, isFinal: true)),
        ]
    }

    /// `DELETE /descriptors/{id}`: 204, again and again; 404 for what was never enrolled.
    package mutating func remove(_ id: String, at now: Timestamp) -> NetworkStep {
        guard let enrolment = enrolments.all[id] else {
            return .refused(
                ["there is no such enrolment"], .ethoca, [], at: now, subject: id, status: 404)
        }
        var step = NetworkStep(NetworkAnswer(status: 204, body: []))
        guard !enrolment.isRemoved else { return step }
        note(LedgerEntry(.enrolmentRemoved, .ethoca, subject: id, at: now), in: &step)
        return step
    }

    /// What is to be told about an enrolment now; nil once it is removed.
    package func result(_ id: String, isFinal: Bool) -> PlatformMessage? {
        enrolments.result(id, isFinal: isFinal)
    }
}
