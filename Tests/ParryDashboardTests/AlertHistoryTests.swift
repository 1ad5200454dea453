import ParryDomain
import ParryService
import ParryWire
import Testing

@testable import ParryDashboard

@Suite("The history of an alert")
struct AlertHistoryTests {
    @Test("A line of the audit log names who made the change before it")
    func actor() {
        let history = AlertHistory(
            facts(
                changes: [
                    change(.alertCreated, at: 0, after: ["status": "ACTION_REQUIRED"]),
                    change(
                        .alertUpdated, at: 60, before: ["status": "ACTION_REQUIRED"],
                        after: [
                            "status": "RESOLVED", "transaction_refund_outcome": "REFUNDED",
                        ]),
                ], doings: [doing("Ada", at: 61)]))
        #expect(history.ending?.title == "Declared refunded")
        #expect(history.ending?.actor == "Ada")
        #expect(
            history.entries.map(\.title) == ["Received from Ethoca Alerts", "Declared refunded"])
    }

    @Test("Nobody acted when an alert ends at its deadline without a line of the audit log")
    func deadline() {
        let history = AlertHistory(
            facts(
                changes: [
                    change(
                        .alertUpdated, at: 7_200, before: ["status": "ACTION_REQUIRED"],
                        after: [
                            "status": "RESOLVED", "transaction_refund_outcome": "NOT_REFUNDED",
                        ])
                ], doings: []))
        #expect(
            history.ending?.title == "Dispute accepted by itself: nobody acted before the deadline")
        #expect(history.ending?.actor == nil)
    }

    @Test("A line of the audit log from long after a change is not about it")
    func unpaired() {
        let history = AlertHistory(
            facts(
                changes: [
                    change(
                        .alertUpdated, at: 60, before: ["note": nil], after: ["note": "Called."])
                ], doings: [doing("Ada", at: 600)]))
        #expect(history.entries.map(\.actor) == [nil, nil, "Ada"])
        #expect(history.noteWriter == nil)
    }

    @Test("A sale that an order shows later is told as that, one set by hand as that")
    func matches() {
        let matched = ["integration_transaction_id": "txn-1"]
        let history = AlertHistory(
            facts(
                changes: [
                    change(
                        .alertUpdated, at: 60, before: ["integration_transaction_id": nil],
                        after: matched),
                    change(
                        .alertUpdated, at: 600, before: ["integration_transaction_id": "txn-1"],
                        after: ["integration_transaction_id": "txn-2"]),
                ], doings: [doing("Ada", at: 600, "alert.match")]))
        #expect(
            history.entries.map(\.title) == [
                "Received from Ethoca Alerts", "Matched to transaction txn-1",
                "Set by hand to transaction txn-2",
            ])
    }

    @Test("An open alert has its deadline at the end")
    func ahead() {
        let history = AlertHistory(facts(.actionRequired, changes: [], doings: []))
        #expect(history.entries.map(\.isAhead) == [false, true])
        #expect(history.ending == nil)
    }

    @Test(
        "What the network was told is told by how far it has come",
        arguments: [
            (NetworkRequestState.done, "Ethoca was told and took it: refunded"),
            (.waiting, "Ethoca is to be told: refunded"),
            (.parked, "Ethoca did not take it: refunded"),
        ])
    func told(state: NetworkRequestState, title: String) {
        var facts = facts(changes: [], doings: [])
        facts.told = [
            AlertDossier.Told(
                state: state, reason: .refunded, attemptCount: 2, dueAt: time(90),
                createdAt: time(60), endedAt: state == .waiting ? nil : time(70))
        ]
        #expect(AlertHistory(facts).entries.last?.title == title)
    }

    private static let begin: Int64 = 1_770_000_000

    private func time(_ seconds: Int64) -> Timestamp {
        Timestamp(milliseconds: (Self.begin + seconds) * 1_000)
    }

    private func doing(
        _ actor: String, at seconds: Int64, _ action: String = "alert.update"
    ) -> AlertHistory.Doing {
        AlertHistory.Doing(at: time(seconds), actor: actor, action: action)
    }

    private func change(
        _ type: EventType, at seconds: Int64, before: [String: String?] = [:],
        after: [String: String] = [:]
    ) -> AlertChange {
        AlertChange(
            id: .make(at: time(seconds), slot: 1), type: type, at: time(seconds), before: before,
            after: after)
    }

    private func facts(
        _ status: AlertStatus = .resolved, changes: [AlertChange], doings: [AlertHistory.Doing]
    ) -> AlertHistory.Facts {
        let alert = AlertPageSamples.alert(status, at: time(0), deadline: time(7_200))
        var facts = AlertHistory.Facts(alert: alert)
        facts.changes = changes
        facts.doings = doings
        return facts
    }
}

/// Alerts for tests of their page.
enum AlertPageSamples {
    static func alert(
        _ status: AlertStatus, type: EnrolmentType = .ethocaAlert, amount: Int64 = 4_900,
        currency: String = "USD", at time: Timestamp, deadline: Timestamp?
    ) -> Alert {
        Alert(
            id: .make(at: time, slot: 1), networkID: "A1",
            enrolment: AlertSource(
                id: .make(at: time, slot: 1), organisationID: .make(at: time, slot: 1),
                merchantID: .make(at: time, slot: 1), type: type),
            transaction: AlertTransaction(
                amount: amount, currency: currency, authorisedAt: time, authorisationCode: nil,
                acquirerReferenceNumber: nil, statementDescriptor: nil, cardBIN: nil,
                cardLast4: nil, cardScheme: nil, cardIssuer: nil),
            actionRequiredDeadline: deadline, receivedAt: time, createdAt: time,
            state: Alert.State(status: status, refundOutcome: nil), updatedAt: time, version: 1)
    }
}
