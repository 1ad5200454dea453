package import ParryWire

/// A question of an issuer for order data, by which a dispute may be deflected (CONTRACT.md 17 and 18).
package struct Lookup: Sendable, Hashable {
    package let id: LookupID
    package let organisationID: OrganisationID
    package let enrolmentID: EnrolmentID?
    /// The lookup that this one follows.
    package let parentID: LookupID?
    package let type: LookupType
    package let status: LookupStatus
    package let deflectionStatus: DeflectionStatus
    package let transaction: NoticeTransaction
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    package init(
        id: LookupID, organisationID: OrganisationID, enrolmentID: EnrolmentID?,
        parentID: LookupID?, type: LookupType, status: LookupStatus,
        deflectionStatus: DeflectionStatus, transaction: NoticeTransaction, createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.organisationID = organisationID
        self.enrolmentID = enrolmentID
        self.parentID = parentID
        self.type = type
        self.status = status
        self.deflectionStatus = deflectionStatus
        self.transaction = transaction
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}
