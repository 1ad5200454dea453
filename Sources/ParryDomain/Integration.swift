package import ParryWire

/// Where orders come from; linked to the merchants whose alerts its orders may match (CONTRACT.md 6).
package struct Integration: Sendable, Hashable {
    package let id: IntegrationID
    package let organisationID: OrganisationID
    package let type: IntegrationType
    package var details: Details
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
    package let version: Int64

    /// What a PATCH can change.
    package struct Details: Sendable, Hashable {
        package var name: String
        package var status: IntegrationStatus
        /// In the order sent, without repeats, all of the integration's organisation.
        package var merchantIDs: [MerchantID]

        package init(name: String, status: IntegrationStatus, merchantIDs: [MerchantID]) {
            self.name = name
            self.status = status
            self.merchantIDs = merchantIDs
        }
    }

    package init(
        id: IntegrationID, organisationID: OrganisationID, type: IntegrationType, details: Details,
        createdAt: Timestamp, updatedAt: Timestamp, version: Int64
    ) {
        self.id = id
        self.organisationID = organisationID
        self.type = type
        self.details = details
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    /// A new order feed of an organisation.
    package static func create(
        _ details: Details, type: IntegrationType = .customOrders,
        organisationID: OrganisationID, now: Moment
    ) -> Integration {
        Integration(
            id: .make(at: now, slot: organisationID.slot), organisationID: organisationID,
            type: type, details: details, createdAt: now.shown, updatedAt: now.shown, version: 1)
    }
}

/// Why an integration's change is refused (CONTRACT.md 6).
package enum IntegrationError: Error, Equatable {
    /// Only `CUSTOM_ORDERS` can be made and changed through the API.
    case unsupportedType
}

/// Why a list of merchants is refused, for integrations and enrolments alike.
package enum MerchantListError: Error, Equatable {
    case duplicates
    case differentOrganisations

    /// - Throws: ``duplicates`` when an id stands twice.
    package static func refuseDuplicates(_ ids: [String]) throws(MerchantListError) {
        if Set(ids).count != ids.count { throw .duplicates }
    }
}
