import ParryWire

/// What the platform's answer to a decision request means (NETWORKS.md).
package struct DecisionReading: Sendable, Equatable {
    /// The platform's decision; nil when it gave none that counts.
    package private(set) var decision: RDRDecision?
    /// Why the network falls back; nil when it need not.
    package private(set) var reason: String?
    /// Where the answer breaks NETWORKS.md.
    package private(set) var faults: [String] = []

    /// Reads an answer.
    ///
    /// - Parameters:
    ///   - budget: The time that the platform had.
    ///   - earlier: What it answered to the same decision before.
    package init(
        _ reply: PlatformReply, to decisionID: String, budget: Duration, earlier: RDRDecision?
    ) {
        guard let status = reply.status else {
            reason = reply.failure ?? "no answer"
            return
        }
        guard status == 200 else {
            reason = "status \(status)"
            faults = ["a decision request was answered \(status)"]
            return
        }
        read(reply.body, decisionID)
        if let earlier, let decision, earlier != decision {
            faults.append("the same decisionId was answered \(earlier.rawValue) before")
        }
        guard reply.milliseconds > Int64(budget / .milliseconds(1)) else { return }
        reason = "\(reply.milliseconds) ms is over the budget"
        decision = nil
    }

    private mutating func read(_ body: [UInt8], _ decisionID: String) {
        var reader = MessageReader()
        if let root = reader.root(body, members: ["decisionId", "decision", "rulesetId"]) {
            let id = reader.text(root, "decisionId", 1...SimulatorLimits.descriptorMax)
            if let id, id != decisionID {
                reader.fault(root, "decisionId", "is that of another decision")
            }
            decision = reader.word(root, "decision")
            _ = reader.textOrNull(root, "rulesetId", 1...SimulatorLimits.descriptorMax)
        }
        faults = reader.faults
        guard !faults.isEmpty else { return }
        decision = nil
        reason = "an answer that NETWORKS.md does not know"
    }
}
