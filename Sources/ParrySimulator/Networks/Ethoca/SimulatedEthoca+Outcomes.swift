package import ParryWire

extension SimulatedEthoca {
    /// `POST /outcomes`: one acknowledgement for each, in their order (NETWORKS.md).
    ///
    /// A request that breaks the message's shape is refused as a whole, and none of its outcomes
    /// counts.
    package mutating func takeOutcomes(
        _ body: [UInt8], at now: Timestamp, _ misbehaviour: inout Misbehaviour
    ) -> NetworkStep {
        var reader = MessageReader()
        let items = Self.items(body, &reader)
        let outcomes = items.compactMap { item in
            EthocaOutcome(item, &reader).map { (outcome: $0, raw: Array(item.value.raw)) }
        }
        guard reader.faults.isEmpty else {
            return .refused(reader.faults, .ethoca, body, at: now)
        }
        var step = NetworkStep(NetworkAnswer(status: 200, body: []))
        var verdicts: [(String, EthocaVerdict)] = []
        var isLost = false
        for (outcome, raw) in outcomes {
            let verdict = judge(outcome, at: now, &misbehaviour, isLost: &isLost)
            verdicts.append((outcome.alertID, verdict))
            note(verdict, on: outcome, raw, at: now, in: &step)
        }
        // As a gateway answers that did not hear the network in time.
        step.answer = isLost ? .errors(["the answer was lost"], status: 504) : Self.answer(verdicts)
        return step
    }

    private static func items(_ body: [UInt8], _ reader: inout MessageReader) -> [MessagePart] {
        guard let root = reader.root(body, members: ["outcomes"]) else { return [] }
        return reader.list(root, "outcomes", count: 1...SimulatorLimits.outcomesMax)
    }

    private static func answer(_ verdicts: [(String, EthocaVerdict)]) -> NetworkAnswer {
        .object { json in
            json.field("status", "success")
            json.key("outcomes")
            json.beginArray()
            for (alertID, verdict) in verdicts { verdict.write(alertID, into: &json) }
            json.endArray()
        }
    }

    private mutating func judge(
        _ outcome: EthocaOutcome, at now: Timestamp, _ misbehaviour: inout Misbehaviour,
        isLost: inout Bool
    ) -> EthocaVerdict {
        if misbehaviour.take(\.recoverableOutcomes) { return .spoilt(isRecoverable: true) }
        if misbehaviour.take(\.finalOutcomes) { return .spoilt(isRecoverable: false) }
        let natural = EthocaVerdict.of(outcome, about: alerts.records[outcome.alertID], at: now)
        switch wishes[outcome.alertID] {
        case .final: return natural.code == nil ? .spoilt(isRecoverable: false) : natural
        case .recoverable(let times) where times > 0:
            wishes[outcome.alertID] = .recoverable(times: times - 1)
            return .spoilt(isRecoverable: true)
        case .lost(let times) where times > 0:
            wishes[outcome.alertID] = .lost(times: times - 1)
            isLost = true
        case .success, .recoverable, .lost, nil: break
        }
        return natural
    }

    private mutating func note(
        _ verdict: EthocaVerdict, on outcome: EthocaOutcome, _ raw: [UInt8], at now: Timestamp,
        in step: inout NetworkStep
    ) {
        var entry = LedgerEntry(
            .outcomeReceived, .ethoca, subject: outcome.alertID, at: now, body: raw)
        entry.word = verdict.word.rawValue
        entry.note = verdict.code
        apply(entry)
        step.entries.append(entry)
        guard verdict.code == EthocaVerdict.invalidOutcome else { return }
        var fault = LedgerEntry(.protocolFault, .ethoca, subject: outcome.alertID, at: now)
        fault.note = "\(outcome.word.rawValue) is no outcome for this type of alert"
        step.entries.append(fault)
    }
}
