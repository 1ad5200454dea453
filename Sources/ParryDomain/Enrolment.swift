package import ParryWire

/// One merchant's (or several merchants') registration for one alert product (CONTRACT.md 7).
package struct Enrolment: Sendable, Hashable {
    package let id: EnrolmentID
    package let organisationID: OrganisationID
    package let merchantIDs: [MerchantID]
    package internal(set) var configuration: EnrolmentConfiguration
    package internal(set) var status: EnrolmentStatus
    /// Shown to the customer.
    package internal(set) var note: String?
    package let createdAt: Timestamp
    package internal(set) var updatedAt: Timestamp
    /// When it last changed before it was read, in real time: the organisation may show another one.
    package var changedAt: Timestamp
    package let version: Int64

    package init(
        id: EnrolmentID, organisationID: OrganisationID, merchantIDs: [MerchantID],
        configuration: EnrolmentConfiguration, status: EnrolmentStatus, note: String?,
        createdAt: Timestamp, updatedAt: Timestamp, version: Int64
    ) {
        self.id = id
        self.organisationID = organisationID
        self.merchantIDs = merchantIDs
        self.configuration = configuration
        self.status = status
        self.note = note
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        changedAt = updatedAt
        self.version = version
    }

    /// A new enrolment: `PENDING`, in the organisation of its merchants.
    package static func create(
        _ configuration: EnrolmentConfiguration, merchantIDs: [MerchantID],
        organisationID: OrganisationID, now: Moment
    ) -> Enrolment {
        Enrolment(
            id: .make(at: now, slot: organisationID.slot), organisationID: organisationID,
            merchantIDs: merchantIDs, configuration: configuration, status: .pending, note: nil,
            createdAt: now.shown, updatedAt: now.shown, version: 1)
    }

    /// What the enrolment is for.
    package var type: EnrolmentType { configuration.type }
}

extension EnrolmentStatus {
    /// Whether the enrolment has ended, so that its identifiers are free and its merchants may go. The
    /// simulation can bring an un-enrolled one back.
    package var hasEnded: Bool {
        switch self {
        case .failed, .cancelled, .unenrolled: true
        case .pending, .inProgress, .actionRequired, .enabled, .paused: false
        }
    }

    /// The words of the statuses in which an enrolment has ended.
    package static let ended = allCases.filter(\.hasEnded).map(\.rawValue)
}

extension Enrolment {
    /// The note of an enrolment that the partner cancelled (CONTRACT.md 7).
    package static let cancellationNote = "Enrolment cancelled via API request"

    /// Cancels at the partner's request.
    ///
    /// - Throws: ``EnrolmentError/notPending(_:)`` from any status but `PENDING`.
    package mutating func cancel(now: Timestamp) throws(EnrolmentError) {
        guard status == .pending else { throw .notPending(status) }
        status = .cancelled
        note = Self.cancellationNote
        updatedAt = now
    }

    /// The note of an enrolment whose identifier is enrolled elsewhere. It does not say where (CONTRACT.md 21,
    /// row 20).
    package var conflictNote: String {
        switch type {
        case .ethocaAlert:
            "A descriptor is enrolled elsewhere. Use a more specific one or another match type."
        case .verifiRDR:
            "The BIN and CAID, or an ARN, is enrolled elsewhere. Ask for it to be transferred."
        }
    }

    /// Waits for attention, because the identifier is enrolled elsewhere.
    package mutating func block(now: Timestamp) {
        status = .actionRequired
        note = conflictNote
        updatedAt = now
    }

    /// Enables or un-enrols as the simulation asks, descriptors included (CONTRACT.md 7.3 and 14.1).
    ///
    /// Any status that is not final can be simulated, and `UNENROLLED` can be enabled again.
    /// - Throws: ``EnrolmentError/isFinal(_:)``.
    package mutating func simulate(
        _ newStatus: EnrolmentStatus, now: Timestamp
    ) throws(EnrolmentError) {
        if status == .failed || status == .cancelled { throw .isFinal(status) }
        guard newStatus != status else { return }
        status = newStatus
        configuration.setDescriptorStatus(newStatus)
        updatedAt = now
    }
}

/// Why an enrolment's change is refused.
package enum EnrolmentError: Error, Equatable {
    case missingEthocaAlertConfiguration
    case missingVerifiRDRConfiguration
    case invalidMatchType
    case invalidVerifiRDRConfiguration
    /// Another live enrolment of the same partner holds the descriptor (CONTRACT.md 21, row 20).
    case ethocaIdentifierTaken
    /// Another live enrolment of the same partner holds the BIN + CAID or an ARN.
    case verifiIdentifierTaken
    case notPending(EnrolmentStatus)
    case isFinal(EnrolmentStatus)
    /// The life of an enrolment has no such step.
    case cannotBecome(EnrolmentStatus, EnrolmentStatus)
}
