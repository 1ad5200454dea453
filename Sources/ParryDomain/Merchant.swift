package import ParryWire

/// A merchant account of an organisation: a MID, a CAID, a provider's account (CONTRACT.md 4).
package struct Merchant: Sendable, Hashable {
    package let id: MerchantID
    package let organisationID: OrganisationID
    package var details: Details
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
    package let version: Int64

    /// What the partner says about the account.
    package struct Details: Sendable, Hashable {
        package var name: String
        package var type: MerchantType
        package var externalID: String?
        package var defaultRepresentmentServiceType: RepresentmentServiceType?

        package init(
            name: String, type: MerchantType, externalID: String?,
            defaultRepresentmentServiceType: RepresentmentServiceType?
        ) {
            self.name = name
            self.type = type
            self.externalID = externalID
            self.defaultRepresentmentServiceType = defaultRepresentmentServiceType
        }
    }

    package init(
        id: MerchantID, organisationID: OrganisationID, details: Details, createdAt: Timestamp,
        updatedAt: Timestamp, version: Int64
    ) {
        self.id = id
        self.organisationID = organisationID
        self.details = details
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    /// A new merchant of an organisation.
    package static func create(
        _ details: Details, organisationID: OrganisationID, now: Moment
    ) -> Merchant {
        Merchant(
            id: .make(at: now, slot: organisationID.slot), organisationID: organisationID,
            details: details, createdAt: now.shown, updatedAt: now.shown, version: 1)
    }

    /// Takes new details; says whether anything changed.
    ///
    /// - Throws: ``MerchantError/typeChangeRestricted`` once an integration or enrolment is linked.
    package mutating func update(
        _ newDetails: Details, isLinked: Bool, now: Timestamp
    ) throws(MerchantError) -> Bool {
        guard newDetails != details else { return false }
        if isLinked, newDetails.type != details.type { throw .typeChangeRestricted }
        details = newDetails
        updatedAt = now
        return true
    }
}

/// Why a merchant's change is refused (CONTRACT.md 4).
package enum MerchantError: Error, Equatable {
    case typeChangeRestricted
    case deletionRestricted
}
