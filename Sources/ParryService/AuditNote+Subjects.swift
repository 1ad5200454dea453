import ParryDomain
import ParryWire

/// What an organisation has, named by its own id.
protocol OrganisationAuditSubject: AuditSubject {
    associatedtype Resource: IdentifiedResource
    var id: Identifier<Resource> { get }
    var organisationID: OrganisationID { get }
}

extension OrganisationAuditSubject {
    var auditedID: String { id.text }
    var auditedOrganisation: OrganisationID? { organisationID }
}

extension Alert: OrganisationAuditSubject {}
extension Enrolment: OrganisationAuditSubject {}
extension Merchant: OrganisationAuditSubject {}
extension Integration: OrganisationAuditSubject {}
extension Membership: OrganisationAuditSubject {}
extension Ruleset: OrganisationAuditSubject {}
extension RefundIntent: OrganisationAuditSubject {}

extension AlertMatch: AuditSubject {
    var auditedID: String { alert.id.text }
    var auditedOrganisation: OrganisationID? { alert.organisationID }
}

extension Organisation: AuditSubject {
    var auditedID: String { id.text }
    var auditedOrganisation: OrganisationID? { id }
}

extension WebhookEndpoint: AuditSubject {
    var auditedID: String { id.text }
    var auditedOrganisation: OrganisationID? { organisationID }
    var auditedPartner: PartnerID? { partnerID }
}

extension EndpointWithSecret: AuditSubject {
    var auditedID: String { endpoint.auditedID }
    var auditedOrganisation: OrganisationID? { endpoint.organisationID }
    var auditedPartner: PartnerID? { endpoint.partnerID }
}

extension APIKey: AuditSubject {
    var auditedID: String { id.text }
    var auditedOrganisation: OrganisationID? {
        if case .organisation(let organisation, _) = owner { organisation } else { nil }
    }
    var auditedPartner: PartnerID? { owner.partnerID }
}

extension PartnerGroup: AuditSubject {
    var auditedID: String { id.text }
    var auditedPartner: PartnerID? { partnerID }
}

extension Partner: AuditSubject {
    var auditedID: String { id.text }
    var auditedPartner: PartnerID? { id }
}

extension Person: AuditSubject {
    var auditedID: String { id.text }
}

extension PersonService.Invitation: AuditSubject {
    var auditedID: String { person.id.text }
    var auditedOrganisation: OrganisationID? {
        if case .organisation(let id) = link.purpose { id } else { nil }
    }
}

extension TestClock: AuditSubject {
    var auditedID: String { organisationID.text }
    var auditedOrganisation: OrganisationID? { organisationID }
}
