package import ParryWire

/// What a caller wants a simulated alert to say; nil takes the default of CONTRACT.md 14.2.
package struct AlertSimulation: Sendable, Hashable {
    package var status: AlertStatus?
    package var cardScheme: CardBrand?
    package var amount: Int64?
    package var currency: String?
    package var acquirerReferenceNumber: String?
    package var authorisationCode: String?
    package var cardBIN: String?
    package var cardLast4: String?
    package var authorisedAt: Timestamp?
    package var statementDescriptor: String?
    /// Whether it is matched and judged like an alert from a network (amendment 6). Then what is not given is unknown, and
    /// no filler is shown where the alert can be without.
    package var isMatched = false

    package init() {}

    /// What a ``SimulationRequest`` asks for, besides the enrolment.
    package init(_ body: RequestObject) {
        status = body[SimulationRequest.status].flatMap(AlertStatus.init)
        cardScheme = body[SimulationRequest.cardScheme].flatMap(CardBrand.init)
        amount = body[SimulationRequest.amount]
        currency = body[SimulationRequest.currency]
        acquirerReferenceNumber = body[SimulationRequest.acquirerReferenceNumber]
        authorisationCode = body[SimulationRequest.authorisationCode]
        cardBIN = body[SimulationRequest.cardBIN]
        cardLast4 = body[SimulationRequest.cardLast4]
        authorisedAt = body[SimulationRequest.authorisedAt]
        statementDescriptor = body[SimulationRequest.statementDescriptor]
        isMatched = body[SimulationRequest.match] ?? false
    }
}

/// Why a simulation is refused (CONTRACT.md 14.2).
package enum SimulationError: Error, Equatable {
    case organisationNotTestMode
    case enrolmentNotEnabled
    case enrolmentOrganisationMismatch
    /// RDR alerts are decided by the network and never wait for an action.
    case invalidStatusForEnrolmentType
}

extension Alert {
    /// An alert as the simulator raises it; nothing is matched.
    ///
    /// - Throws: ``SimulationError/enrolmentNotEnabled`` or
    ///   ``SimulationError/invalidStatusForEnrolmentType``.
    package static func simulated(
        _ simulation: AlertSimulation, through enrolment: Enrolment, now: Moment
    ) throws(SimulationError) -> Alert {
        guard enrolment.status == .enabled, let merchantID = enrolment.merchantIDs.first else {
            throw .enrolmentNotEnabled
        }
        let status = simulation.status ?? defaultStatus(for: enrolment.type)
        if enrolment.type == .verifiRDR, status == .actionRequired {
            throw .invalidStatusForEnrolmentType
        }
        let isEthoca = enrolment.type == .ethocaAlert
        return Alert(
            id: .make(at: now, slot: enrolment.organisationID.slot),
            networkID: simulatedNetworkID(),
            enrolment: AlertSource(
                id: enrolment.id, organisationID: enrolment.organisationID, merchantID: merchantID,
                type: enrolment.type),
            transaction: transaction(simulation, through: enrolment, now: now.shown),
            actionRequiredDeadline: isEthoca
                ? now.shown.truncatedToSecond.adding(
                    seconds: Limits.simulatedAlertWindowSeconds) : nil,
            receivedAt: now.shown, createdAt: now.shown,
            state: State(status: status, refundOutcome: status == .resolved ? .refunded : nil),
            updatedAt: now.shown, version: 1)
    }

    private static func defaultStatus(for type: EnrolmentType) -> AlertStatus {
        type == .ethocaAlert ? .actionRequired : .resolved
    }

    private static func simulatedNetworkID() -> String {
        let digits = String(Int64.random(in: 0..<1_000_000_000_000_000))
        return "SIM" + String(repeating: "0", count: 15 - digits.utf8.count) + digits
    }

    /// The filler values are those that the guide shows (CONTRACT.md 14.2).
    private static func transaction(
        _ simulation: AlertSimulation, through enrolment: Enrolment, now: Timestamp
    ) -> AlertTransaction {
        let age = Limits.simulatedAuthorisationAgeSeconds
        var transaction = AlertTransaction(
            amount: simulation.amount ?? Limits.simulatedAmount,
            currency: simulation.currency ?? "USD",
            authorisedAt: simulation.authorisedAt ?? now.adding(seconds: -age),
            authorisationCode: simulation.authorisationCode,
            acquirerReferenceNumber: simulation.acquirerReferenceNumber,
            statementDescriptor: simulation.statementDescriptor, cardBIN: simulation.cardBIN,
            cardLast4: simulation.cardLast4, cardScheme: simulation.cardScheme?.rawValue,
            cardIssuer: nil)
        if !simulation.isMatched { transaction.fill(for: enrolment) }
        return transaction
    }

}

extension AlertTransaction {
    fileprivate mutating func fill(for enrolment: Enrolment) {
        let scheme: CardBrand
        switch enrolment.configuration {
        case .ethocaAlert(let descriptors):
            scheme = .mastercard
            statementDescriptor = statementDescriptor ?? descriptors.first?.text
        case .verifiRDR: scheme = .visa
        }
        cardScheme = cardScheme ?? scheme.rawValue
        cardBIN = cardBIN ?? "400000"
        cardLast4 = cardLast4 ?? "1234"
        cardIssuer = "Bank of America"
    }
}

extension NetworkAlert {
    /// What matching may know of a simulated alert: what its caller gave.
    package init(_ simulation: AlertSimulation, of alert: Alert) {
        self.init(
            networkID: alert.networkID, category: .dispute, alertedAt: alert.receivedAt,
            transaction: alert.transaction, transactionAt: simulation.authorisedAt, reasonCode: nil)
        isSimulated = true
        if simulation.amount == nil { fillers.insert(.amount) }
        if simulation.currency == nil { fillers.insert(.currency) }
    }
}
