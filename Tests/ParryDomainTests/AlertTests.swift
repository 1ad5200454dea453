import ParryDomain
import ParryWire
import Testing

@Suite("Alerts")
struct AlertTests {
    private let now = Timestamp(milliseconds: 1_771_322_400_000)

    private func alert(
        _ type: EnrolmentType = .ethocaAlert, status: AlertStatus? = nil
    ) throws -> Alert {
        let merchant = MerchantID.make(at: now, slot: 7)
        let configuration: EnrolmentConfiguration =
            type == .ethocaAlert
            ? .ethocaAlert([.init(text: "ACME", matchType: .startsWith, status: .pending)])
            : .verifiRDR(.acquirer(bin: "424242", caid: "ACME01"))
        var enrolment = Enrolment.create(
            configuration, merchantIDs: [merchant],
            organisationID: .make(at: now, slot: 7), now: Moment(now))
        try enrolment.simulate(.enabled, now: now)
        var simulation = AlertSimulation()
        simulation.status = status
        return try Alert.simulated(simulation, through: enrolment, now: Moment(now))
    }

    @Test(
        "A declared action resolves an open Ethoca alert with its outcome",
        arguments: [(AlertAction.refund, RefundOutcome.refunded), (.acceptDispute, .notRefunded)])
    func actions(_ action: AlertAction, _ outcome: RefundOutcome) throws {
        var alert = try alert()
        #expect(try alert.update(action: action, note: "done", now: now))
        #expect(alert.state.status == .resolved)
        #expect(alert.state.refundOutcome == outcome)
        #expect(alert.state.note == "done")
    }

    @Test("A second action is refused and changes nothing")
    func secondAction() throws {
        var alert = try alert()
        _ = try alert.update(action: .refund, note: nil, now: now)
        let before = alert
        #expect(throws: AlertError.notActionable) {
            try alert.update(action: .acceptDispute, note: "late", now: now)
        }
        #expect(alert == before)
    }

    @Test("An action at the deadline is too late, one a millisecond before is not")
    func deadline() throws {
        var late = try alert()
        let deadline = try #require(late.actionRequiredDeadline)
        #expect(deadline == now.adding(seconds: 48 * 3_600))
        #expect(throws: AlertError.deadlinePassed) {
            try late.update(action: .refund, note: nil, now: deadline)
        }
        #expect(
            try late.update(action: .refund, note: nil, now: deadline.adding(milliseconds: -1)))
    }

    @Test("Cancelling needs a processor that the platform does not have")
    func cancel() throws {
        var alert = try alert()
        for action in [AlertAction.cancel, .refundAndCancel] {
            #expect(throws: AlertError.actionNotSupported) {
                try alert.update(action: action, note: nil, now: now)
            }
        }
        #expect(alert.state.status == .actionRequired)
    }

    @Test("An RDR alert arrives resolved, has no deadline and takes notes but no action")
    func rdr() throws {
        var alert = try alert(.verifiRDR)
        #expect(alert.state.status == .resolved)
        #expect(alert.state.refundOutcome == .refunded)
        #expect(alert.actionRequiredDeadline == nil)
        #expect(throws: AlertError.notActionable) {
            try alert.update(action: .refund, note: nil, now: now)
        }
        #expect(try alert.update(action: nil, note: "seen", now: now))
    }

    @Test("An RDR alert cannot be simulated as waiting for an action")
    func rdrActionRequired() {
        #expect(throws: SimulationError.invalidStatusForEnrolmentType) {
            try alert(.verifiRDR, status: .actionRequired)
        }
    }

    @Test("A note that is already there is no change, and null clears it")
    func notes() throws {
        var alert = try alert()
        #expect(try alert.update(action: nil, note: "a", now: now))
        #expect(try !alert.update(action: nil, note: "a", now: now.adding(seconds: 1)))
        #expect(alert.updatedAt == now)
        #expect(try alert.update(action: nil, note: .some(nil), now: now))
        #expect(alert.state.note == nil)
    }
}
