package import ParryWire

/// The card networks (NETWORKS.md).
package enum CardNetwork: String, Sendable, CaseIterable {
    case ethoca = "ETHOCA"
    case verifi = "VERIFI"

    /// The product of an enrolment there.
    package var enrolmentType: EnrolmentType {
        switch self {
        case .ethoca: .ethocaAlert
        case .verifi: .verifiRDR
        }
    }
}

extension EnrolmentType {
    /// Who runs the product.
    package var network: CardNetwork {
        switch self {
        case .ethocaAlert: .ethoca
        case .verifiRDR: .verifi
        }
    }
}

/// What the issuer says the matter is; each has outcomes of its own (CONTRACT.md 9.5).
package enum DisputeCategory: String, Sendable, CaseIterable {
    case fraud = "FRAUD"
    case dispute = "DISPUTE"
}

/// An alert as a network told it, in our words.
package struct NetworkAlert: Sendable, Hashable {
    /// The alert's id at the network.
    package let networkID: String
    package let category: DisputeCategory
    /// When the network raised it.
    package var alertedAt: Timestamp
    package let transaction: AlertTransaction
    /// When the sale took place, as far as the network says; ``transaction`` shows the alert's time otherwise.
    package let transactionAt: Timestamp?
    package let reasonCode: String?
    /// No network told it: a caller plays it, and nobody is told its outcome.
    package var isSimulated = false
    /// What ``transaction`` shows although nobody said so.
    package var fillers: Set<AlertFiller> = []

    package init(
        networkID: String, category: DisputeCategory, alertedAt: Timestamp,
        transaction: AlertTransaction, transactionAt: Timestamp?, reasonCode: String?
    ) {
        self.networkID = networkID
        self.category = category
        self.alertedAt = alertedAt
        self.transaction = transaction
        self.transactionAt = transactionAt
        self.reasonCode = reasonCode
    }
}

/// Members of a simulated alert that it cannot be without, where its caller did not give them.
package enum AlertFiller: String, Sendable, CaseIterable {
    case amount
    case currency
}

extension NetworkAlert {
    /// The disputed amount in minor units, as far as it was told.
    package var amount: Int64? { fillers.contains(.amount) ? nil : transaction.amount }
    /// Its currency, as far as it was told.
    package var currency: String? { fillers.contains(.currency) ? nil : transaction.currency }
}

extension NetworkAlert {
    /// The alert as an organisation has it, whose clock runs ahead of the network's.
    package func shown(at now: Moment) -> NetworkAlert {
        guard now.lead != 0 else { return self }
        var alert = self
        alert.alertedAt = alertedAt.adding(milliseconds: now.lead)
        return alert
    }
}

extension Alert {
    /// When a person must have acted: the earlier of receipt and the network's own time, plus the window,
    /// less what it takes to get the outcome out (CONTRACT.md 9.3). A whole second, as it is shown.
    package static func deadline(
        of alert: NetworkAlert, receivedAt: Timestamp, windowHours: Int
    ) -> Timestamp {
        min(alert.alertedAt, receivedAt).truncatedToSecond
            .adding(seconds: Int64(windowHours) * 3_600 - Limits.alertMarginSeconds)
    }

    /// An alert that a network raised, with what its judgement made of it.
    package static func raised(
        _ alert: NetworkAlert, through source: AlertSource, deadline: Timestamp?, state: State,
        now: Moment
    ) -> Alert {
        Alert(
            id: .make(at: now, slot: source.organisationID.slot),
            networkID: alert.networkID, enrolment: source, transaction: alert.transaction,
            actionRequiredDeadline: deadline, receivedAt: now.shown, createdAt: now.shown,
            state: state, updatedAt: now.shown, version: 1)
    }
}
