package import ParryWire

/// What a caller wants a simulated alert to say; nil takes the default of CONTRACT.md 14.2.
package struct AlertSimulation: Sendable, Hashable {
    package var status: AlertStatus?
    package var cardScheme: CardBrand?
    package var amount: Int64?
    package var currency: String?
    package var acquirerReferenceNumber: String?
    package var authorisationCode: String?

    package init(
        status: AlertStatus?, cardScheme: CardBrand?, amount: Int64?, currency: String?,
        acquirerReferenceNumber: String?, authorisationCode: String?
    ) {
        self.status = status
        self.cardScheme = cardScheme
        self.amount = amount
        self.currency = currency
        self.acquirerReferenceNumber = acquirerReferenceNumber
        self.authorisationCode = authorisationCode
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
        _ simulation: AlertSimulation, through enrolment: Enrolment, now: Timestamp
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
            transaction: transaction(simulation, through: enrolment, now: now),
            actionRequiredDeadline: isEthoca
                ? now.adding(seconds: Limits.simulatedAlertWindowSeconds) : nil,
            receivedAt: now, createdAt: now,
            state: State(status: status, refundOutcome: status == .resolved ? .refunded : nil),
            updatedAt: now, version: 1)
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
        let scheme: CardBrand = enrolment.type == .verifiRDR ? .visa : .mastercard
        return AlertTransaction(
            amount: simulation.amount ?? Limits.simulatedAmount,
            currency: simulation.currency ?? "USD",
            authorisedAt: now.adding(seconds: -Limits.simulatedAuthorisationAgeSeconds),
            authorisationCode: simulation.authorisationCode,
            acquirerReferenceNumber: simulation.acquirerReferenceNumber,
            statementDescriptor: descriptor(of: enrolment), cardBIN: "400000", cardLast4: "1234",
            cardScheme: (simulation.cardScheme ?? scheme).rawValue, cardIssuer: "Bank of America")
    }

    private static func descriptor(of enrolment: Enrolment) -> String? {
        switch enrolment.configuration {
        case .ethocaAlert(let descriptors): descriptors.first?.text
        case .verifiRDR: nil
        }
    }
}
