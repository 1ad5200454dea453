package import ParryWire

/// One notice of `POST /networks/verifi/rdr/notifications`: the decision request's members, the
/// case and what became of it (NETWORKS.md).
package struct VerifiNotificationMessage: Sendable, Hashable {
    /// What became of the case at the network.
    package enum Status: String, Sendable, CaseIterable {
        case accepted = "ACCEPTED"
        case declined = "DECLINED"
        /// The case was taken back after it had been decided.
        case deleted = "DELETED"
    }

    /// The decision that this is about; it need never have been asked for.
    package var decision: VerifiDecisionMessage
    package var caseID: String
    package var status: Status

    /// Takes a decision request, its case and the case's state.
    package init(decision: VerifiDecisionMessage, caseID: String, status: Status) {
        self.decision = decision
        self.caseID = caseID
        self.status = status
    }

    /// Writes the notice as one object.
    package func write(into writer: inout JSONWriter) {
        writer.beginObject()
        decision.writeMembers(into: &writer)
        writer.field("caseId", caseID)
        writer.field("status", status)
        writer.endObject()
    }

    /// The notice's body.
    package var json: [UInt8] {
        var writer = JSONWriter(capacity: 768)
        write(into: &writer)
        return writer.bytes
    }
}
