public import ParryWire

/// What a network watches for some merchants: descriptors, or a BIN with its CAID.
public struct Enrolment: Codable, Sendable, Hashable, Identifiable {
    public let id: EnrolmentID
    public let organisationID: OrganisationID
    public let merchantIDs: [MerchantID]
    public let type: Word<EnrolmentType>
    /// Alerts come while it is `ENABLED`.
    public let status: Word<EnrolmentStatus>
    /// Of the type `ETHOCA_ALERT` only.
    public let ethocaAlert: EthocaAlert?
    /// Of the type `VERIFI_RDR` only.
    public let verifiRDR: VerifiRDR?
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?
    /// What the network or the operator says about it.
    public let note: String?

    enum CodingKeys: String, CodingKey {
        case id, type, status, note
        case organisationID = "organisation_id"
        case merchantIDs = "merchant_ids"
        case ethocaAlert = "ethoca_alert"
        case verifiRDR = "verifi_rdr"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

/// What Ethoca watches.
public struct EthocaAlert: Codable, Sendable, Hashable {
    public let descriptors: [EnrolledDescriptor]
}

/// A billing descriptor, which has a status of its own.
public struct EnrolledDescriptor: Codable, Sendable, Hashable {
    public let descriptor: String
    public let matchType: Word<DescriptorMatchType>?
    public let status: Word<EnrolmentStatus>?

    enum CodingKeys: String, CodingKey {
        case descriptor, status
        case matchType = "match_type"
    }
}

/// What Verifi watches: a BIN with its CAID, or ARNs.
public struct VerifiRDR: Codable, Sendable, Hashable {
    /// 6 to 8 digits.
    public let bin: String?
    /// 1 to 16 letters or digits.
    public let caid: String?
    /// At most 100, of 23 digits each.
    public let arns: [String]?

    /// The acquirer's BIN with the merchant's CAID.
    public init(bin: String, caid: String) {
        self.init(bin: bin, caid: caid, arns: nil)
    }

    /// Acquirer reference numbers of sales of the merchant.
    public init(arns: [String]) {
        self.init(bin: nil, caid: nil, arns: arns)
    }

    private init(bin: String?, caid: String?, arns: [String]?) {
        self.bin = bin
        self.caid = caid
        self.arns = arns
    }
}

/// An enrolment to be made; it begins as `PENDING`.
public struct NewEnrolment: Encodable, Sendable, Hashable {
    /// 1 to 100 merchants of one organisation.
    public var merchantIDs: [MerchantID]
    public var type: EnrolmentType
    /// Has to be there for the type `ETHOCA_ALERT`.
    public var ethocaAlert: NewEthocaAlert?
    /// Has to be there for the type `VERIFI_RDR`.
    public var verifiRDR: VerifiRDR?

    /// Ethoca alerts for billing descriptors, 1 to 250 of them.
    public init(merchantIDs: [MerchantID], descriptors: [NewDescriptor]) {
        self.merchantIDs = merchantIDs
        type = .ethocaAlert
        ethocaAlert = NewEthocaAlert(descriptors: descriptors)
    }

    /// Verifi RDR for a BIN with its CAID, or for ARNs.
    public init(merchantIDs: [MerchantID], verifiRDR: VerifiRDR) {
        self.merchantIDs = merchantIDs
        type = .verifiRDR
        self.verifiRDR = verifiRDR
    }

    enum CodingKeys: String, CodingKey {
        case type
        case merchantIDs = "merchant_ids"
        case ethocaAlert = "ethoca_alert"
        case verifiRDR = "verifi_rdr"
    }
}

/// What Ethoca is to watch.
public struct NewEthocaAlert: Encodable, Sendable, Hashable {
    public var descriptors: [NewDescriptor]

    /// 1 to 250 descriptors.
    public init(descriptors: [NewDescriptor]) {
        self.descriptors = descriptors
    }
}

/// A billing descriptor to be enrolled.
public struct NewDescriptor: Encodable, Sendable, Hashable {
    /// 1 to 250 characters.
    public var descriptor: String
    public var matchType: DescriptorMatchType

    /// The text, and how the text of a statement has to agree with it.
    public init(descriptor: String, matchType: DescriptorMatchType) {
        self.descriptor = descriptor
        self.matchType = matchType
    }

    enum CodingKeys: String, CodingKey {
        case descriptor
        case matchType = "match_type"
    }
}
