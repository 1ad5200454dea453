import Foundation
import ParryClient
import ParryWire

/// Makes a client from the environment; the key stays out of sources and logs.
func makeClient() throws -> ParryClient {
    let environment = ProcessInfo.processInfo.environment
    let configuration = ClientConfiguration(
        baseURL: environment["PARRY_URL"] ?? "", key: environment["PARRY_KEY"] ?? "")
    return try ParryClient(configuration)
}

/// What a customer is on the platform; store it.
struct Customer {
    let organisation: OrganisationID
    let merchant: MerchantID
    let integration: IntegrationID
    let enrolment: EnrolmentID
}

func onboard(_ name: String, with parry: ParryClient) async throws -> Customer {
    let organisation = try await parry.organisations.create(name: name)
    let merchant = try await parry.merchants.create(
        NewMerchant(
            organisationID: organisation.id, name: name + " Main Store",
            externalID: "mid_123456789"))
    let integration = try await parry.integrations.create(
        NewIntegration(
            organisationID: organisation.id, name: name + " orders", merchantIDs: [merchant.id]))
    let descriptor = NewDescriptor(descriptor: "ACMEFIT", matchType: .startsWith)
    let enrolment = try await parry.enrolments.create(
        NewEnrolment(merchantIDs: [merchant.id], descriptors: [descriptor]))
    // In LIVE the network decides, and a webhook tells.
    try await parry.simulations.setStatus(of: enrolment.id, to: .enabled)
    return Customer(
        organisation: organisation.id, merchant: merchant.id, integration: integration.id,
        enrolment: enrolment.id)
}
