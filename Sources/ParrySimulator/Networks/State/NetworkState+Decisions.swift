package import ParryWire

/// What came of asking the platform for a decision.
package struct DecisionOutcome: Sendable, Equatable {
    package let decisionID: String
    /// What holds at the network now.
    package let effective: RDRDecision
    /// Whether the network fell back.
    package let isFallback: Bool
    /// Why, if so.
    package let reason: String?
    package let faults: [String]
}

extension NetworkState {
    /// Notes that a decision is asked for.
    ///
    /// - Returns: The decision's id; empty when the message has none.
    package mutating func ask(_ message: [UInt8], at now: Timestamp) -> String {
        let id = (try? JSONDocument.parse(message))?.root["decisionId"]?.string ?? ""
        var entry = LedgerEntry(.decisionAsked, .verifi, subject: id, at: now, body: message)
        entry.attempt = (verifi.cases.decisions[id]?.asked ?? 0) + 1
        note(entry)
        return id
    }

    /// Notes what the platform decided, or that the network decides by its fallback (NETWORKS.md).
    ///
    /// What was decided once stays: an answer to a second question changes nothing at the network.
    package mutating func conclude(
        decision id: String, _ reply: PlatformReply, at now: Timestamp
    ) -> DecisionOutcome {
        let known = verifi.cases.decisions[id]
        let reading = DecisionReading(
            reply, to: id, budget: settings.decisionTimeout, earlier: known?.answered)
        for fault in reading.faults {
            var entry = LedgerEntry(.protocolFault, .verifi, subject: id, at: now, body: reply.body)
            entry.note = "answer to a decision: \(fault)"
            note(entry)
        }
        let kind: LedgerEntry.Kind =
            reading.decision == nil ? .decisionFellBack : .decisionAnswered
        var entry = LedgerEntry(kind, .verifi, subject: id, at: now)
        entry.word = (reading.decision ?? settings.decisionFallback).rawValue
        entry.body = reply.body.isEmpty ? nil : reply.body
        (entry.milliseconds, entry.status) = (reply.milliseconds, reply.status)
        entry.note = reading.reason
        note(entry)
        return DecisionOutcome(
            decisionID: id,
            effective: verifi.cases.decisions[id]?.effective ?? settings.decisionFallback,
            isFallback: reading.decision == nil, reason: reading.reason, faults: reading.faults)
    }

    /// A notice as the network sends it: what was decided goes before what a play or a world
    /// expected. A deletion stays one, and so does a case that nobody was asked about.
    package func truthful(_ notice: PlatformMessage) -> PlatformMessage {
        guard notice.word != VerifiNotificationMessage.Status.deleted.rawValue,
            let root = (try? JSONDocument.parse(notice.body))?.root,
            let id = root["decisionId"]?.string,
            let decided = verifi.cases.decisions[id]?.effective
        else { return notice }
        let status: VerifiNotificationMessage.Status =
            decided == .accept ? .accepted : .declined
        var truthful = notice
        truthful.word = status.rawValue
        truthful.body =
            NetworkAnswer.object { json in
                for (name, value) in root.members {
                    json.key(name)
                    if name == "status" {
                        json.string(status.rawValue)
                    } else {
                        json.raw(value.raw)
                    }
                }
            }.body
        return truthful
    }
}
