public import ParryWire

/// An enrolment as the deprecated `/v1/enrolments` shows it: of several merchants the first one. Use ``Enrolment``.
public struct EnrolmentV1: Codable, Sendable, Hashable, Identifiable {
    public let id: EnrolmentID
    public let organisationID: OrganisationID
    public let merchantID: MerchantID?
    public let type: Word<EnrolmentType>
    public let status: Word<EnrolmentStatus>
    /// Of the type `ETHOCA_ALERT` only.
    public let ethocaAlert: EthocaAlert?
    /// Of the type `VERIFI_RDR` only.
    public let verifiRDR: VerifiRDR?
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?
    public let note: String?

    enum CodingKeys: String, CodingKey {
        case id, type, status, note
        case organisationID = "organisation_id"
        case merchantID = "merchant_id"
        case ethocaAlert = "ethoca_alert"
        case verifiRDR = "verifi_rdr"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

/// An enrolment to be made by the deprecated `/v1/enrolments`. Use ``NewEnrolment``.
public struct NewEnrolmentV1: Encodable, Sendable, Hashable {
    public var merchantID: MerchantID
    public var type: EnrolmentType
    /// Has to be there for the type `ETHOCA_ALERT`.
    public var ethocaAlert: NewEthocaAlert?
    /// Has to be there for the type `VERIFI_RDR`.
    public var verifiRDR: VerifiRDR?

    /// Ethoca alerts for billing descriptors, 1 to 250 of them.
    public init(merchantID: MerchantID, descriptors: [NewDescriptor]) {
        self.merchantID = merchantID
        type = .ethocaAlert
        ethocaAlert = NewEthocaAlert(descriptors: descriptors)
    }

    /// Verifi RDR for a BIN with its CAID, or for ARNs.
    public init(merchantID: MerchantID, verifiRDR: VerifiRDR) {
        self.merchantID = merchantID
        type = .verifiRDR
        self.verifiRDR = verifiRDR
    }

    enum CodingKeys: String, CodingKey {
        case type
        case merchantID = "merchant_id"
        case ethocaAlert = "ethoca_alert"
        case verifiRDR = "verifi_rdr"
    }
}
