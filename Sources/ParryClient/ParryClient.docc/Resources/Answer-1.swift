import ParryClient
import ParryWire

func simulateAlert(
    of organisation: OrganisationID, for enrolment: EnrolmentID, with parry: ParryClient
) async throws -> Alert {
    var simulation = AlertSimulation(organisationID: organisation, enrolmentID: enrolment)
    simulation.amountInCents = 4_900
    simulation.transactionAcquirerReferenceNumber = "74027012345678901234567"
    // Matched to the order like an alert of the network.
    simulation.match = true
    return try await parry.simulations.alert(simulation)
}
