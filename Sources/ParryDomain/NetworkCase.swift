package import ParryWire

/// An RDR case that the network has decided, or taken back (NETWORKS.md).
package struct NetworkCase: Sendable, Hashable {
    /// What became of it at the network.
    package enum Status: String, Sendable, CaseIterable {
        /// The cardholder was refunded on Visa's rails.
        case accepted = "ACCEPTED"
        case declined = "DECLINED"
        case deleted = "DELETED"
    }

    package let status: Status
    /// The question that it was decided by, where it was asked of us.
    package let decisionID: String?
    /// Its id is the case's.
    package let alert: NetworkAlert
    package let acquirerBIN: String?
    package let cardAcceptorID: String?

    package init(
        status: Status, decisionID: String? = nil, alert: NetworkAlert, acquirerBIN: String?,
        cardAcceptorID: String?
    ) {
        self.status = status
        self.decisionID = decisionID
        self.alert = alert
        self.acquirerBIN = acquirerBIN
        self.cardAcceptorID = cardAcceptorID
    }

    /// What an enrolment can be known by that this case came through, the surest first.
    package var identifiers: [String] {
        Self.identifiers(
            acquirerBIN: acquirerBIN, cardAcceptorID: cardAcceptorID,
            acquirerReferenceNumber: alert.transaction.acquirerReferenceNumber)
    }

    /// The same of a question.
    package static func identifiers(
        acquirerBIN: String?, cardAcceptorID: String?, acquirerReferenceNumber: String?
    ) -> [String] {
        var found: [String] = []
        if let bin = acquirerBIN, let caid = cardAcceptorID {
            found.append(bin + ":" + caid.uppercased())
        }
        if let arn = acquirerReferenceNumber { found.append(arn) }
        return found
    }

    /// How the alert of such a case stands.
    package func state(
        integrationID: IntegrationID?, transaction: String?
    ) -> Alert.State {
        Alert.State(
            status: status == .deleted ? .invalid : .resolved,
            refundOutcome: status == .deleted
                ? nil : status == .accepted ? .refunded : .notRefunded,
            integrationID: integrationID, integrationTransactionID: transaction)
    }
}
