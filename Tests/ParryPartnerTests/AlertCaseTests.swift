import ParryWire
import Testing

@testable import ParryPartner

@Suite("An alert on its way to its outcome")
struct AlertCaseTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    @Test("An accepted alert is told to the platform and has ended")
    func accept() {
        var alert = openCase()
        #expect(alert.step == .decide)
        alert.decide(decision(.accept), at: now)
        #expect(alert.step == .act)
        #expect(alert.decision == .accept)
        alert.ended()
        #expect(alert.step == .ended)
        #expect(alert.dueAt == nil)
    }

    @Test("A refund asks the guard first, is made, committed and told, in this order")
    func refund() {
        var alert = openCase()
        var steps = [alert.step]
        alert.decide(decision(.refund), at: now)
        steps.append(alert.step)
        alert.hear(.safe(intent: "rfi_1"), hasHook: true, at: now)
        steps.append(alert.step)
        alert.refunded(reference: "re_1", at: now)
        steps.append(alert.step)
        alert.committed(at: now)
        steps.append(alert.step)
        alert.ended()
        steps.append(alert.step)
        #expect(steps == [.decide, .guardRefund, .refund, .commit, .act, .ended])
        #expect(alert.refundIntentID == "rfi_1")
        #expect(alert.refundReference == "re_1")
    }

    @Test("What was refunded before is not refunded again, and told as refunded")
    func alreadyRefunded() {
        var alert = openCase()
        alert.decide(decision(.refund), at: now)
        alert.hear(.alreadyRefunded, hasHook: true, at: now)
        #expect(alert.step == .act)
        #expect(alert.decision == .refund)
        #expect(alert.refundIntentID == nil)
    }

    @Test("While another refund is on its way the guard is asked again, by a new question")
    func inFlight() {
        var alert = openCase()
        alert.decide(decision(.refund), at: now)
        alert.hear(.inFlight, hasHook: true, at: now)
        #expect(alert.step == .guardRefund)
        #expect(alert.round == 1)
        #expect(alert.dueAt.map { $0 > now } == true)
    }

    @Test("Without a hook a person refunds, and nothing is due until the person says so")
    func byHand() {
        var alert = openCase()
        alert.decide(.refund, note: nil, at: now)
        alert.hear(.safe(intent: "rfi_1"), hasHook: false, at: now)
        #expect(alert.step == .refundByHand)
        #expect(alert.dueAt == nil)
        alert.refunded(reference: "re_1", at: now)
        #expect(alert.step == .commit)
    }

    @Test("A refund that the hook refuses gives the amount free and waits for people")
    func hookRefuses() {
        var alert = openCase()
        alert.decide(decision(.refund), at: now)
        alert.hear(.safe(intent: "rfi_1"), hasHook: true, at: now)
        alert.notRefunded("the card is closed", at: now)
        #expect(alert.step == .release)
        #expect(alert.decision == nil)
        alert.released()
        #expect(alert.step == .left)
        #expect(alert.reason == "the card is closed")
        #expect(alert.round == 1)
    }

    @Test(
        "An alert that ends elsewhere is not acted on any more",
        arguments: [AlertCase.Step.decide, .guardRefund, .act, .left])
    func endedElsewhere(step: AlertCase.Step) throws {
        var alert = openCase()
        alert.step = step
        alert.see(try seen(status: "RESOLVED"), at: now)
        #expect(alert.step == .ended)
    }

    @Test("An alert that ends before a person's refund was confirmed stays in front of people")
    func endedBeforeConfirmation() throws {
        var alert = openCase()
        alert.decide(.refund, note: nil, at: now)
        alert.hear(.safe(intent: "rfi_1"), hasHook: false, at: now)
        alert.see(try seen(status: "RESOLVED"), at: now)
        #expect(alert.step == .left)
        #expect(alert.refundIntentID == "rfi_1")
        // However often it is read again.
        alert.see(try seen(status: "RESOLVED"), at: now)
        #expect(alert.step == .left)
        alert.refunded(reference: "re_1", at: now)
        #expect(alert.step == .commit)
    }

    @Test("Near the deadline it is too late to begin a refund")
    func tooLate() {
        var alert = openCase()
        alert.deadline = now.adding(seconds: 60)
        #expect(!alert.isTooLate(toTake: 59, at: now))
        #expect(alert.isTooLate(toTake: 60, at: now))
        alert.deadline = nil
        #expect(!alert.isTooLate(toTake: 60, at: now))
    }

    @Test("An alert that ends before the hook was asked to refund gives the amount free")
    func endedBeforeHook() throws {
        var alert = openCase()
        alert.decide(decision(.refund), at: now)
        alert.hear(.safe(intent: "rfi_1"), hasHook: true, at: now)
        alert.see(try seen(status: "RESOLVED"), at: now)
        #expect(alert.step == .release)
    }

    @Test("What the hook says of the money is heard although the alert ended meanwhile")
    func endedInRefund() throws {
        var alert = openCase()
        alert.decide(decision(.refund), at: now)
        alert.hear(.safe(intent: "rfi_1"), hasHook: true, at: now)
        alert.beginRefund(at: now)
        alert.see(try seen(status: "RESOLVED"), at: now)
        #expect(alert.step == .refunding)
        alert.refunded(reference: "re_1", at: now)
        alert.committed(at: now)
        #expect(alert.step == .ended)
    }

    @Test("What the hook may have done and nobody knows waits for people, who are told the intent")
    func unknownRefund() {
        var alert = openCase()
        alert.decide(decision(.refund), at: now)
        alert.hear(.safe(intent: "rfi_1"), hasHook: true, at: now)
        alert.beginRefund(at: now)
        alert.leaveRefund("the reservation expired while the hook refunded")
        #expect(alert.step == .left)
        #expect(alert.reason?.contains("rfi_1") == true)
        #expect(alert.refundIntentID == "rfi_1")
    }

    @Test("A reservation that expired before the hook was asked is asked for anew")
    func reservedAgain() {
        var alert = openCase()
        alert.decide(decision(.refund), at: now)
        alert.hear(.safe(intent: "rfi_1"), hasHook: true, at: now)
        alert.reserveAgain(at: now)
        #expect(alert.step == .guardRefund)
        #expect(alert.round == 1)
        #expect(alert.refundIntentID == nil)
    }

    @Test("A refund that was made is committed although the alert has ended")
    func committedAfterEnd() throws {
        var alert = openCase()
        alert.decide(decision(.refund), at: now)
        alert.hear(.safe(intent: "rfi_1"), hasHook: true, at: now)
        alert.refunded(reference: nil, at: now)
        alert.see(try seen(status: "RESOLVED"), at: now)
        #expect(alert.step == .commit)
        alert.committed(at: now)
        #expect(alert.step == .ended)
    }

    @Test("Failures wait longer and longer, and soon try again when the deadline is near")
    func retry() {
        var alert = openCase()
        var waits: [Int64] = []
        for _ in 1...12 {
            alert.retry("no answer", at: now)
            waits.append(((alert.dueAt ?? now).milliseconds - now.milliseconds) / 1_000)
        }
        #expect(waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300])
        alert.deadline = now.adding(seconds: 100)
        alert.retry("no answer", at: now)
        #expect(alert.dueAt == now.adding(seconds: 10))
    }

    @Test("RDR alerts and alerts of acceptance runs are stored and left alone")
    func leftAlone() throws {
        let rdr = AlertCase(try seen(type: "VERIFI_RDR", status: "RESOLVED"), isOurs: true, at: now)
        #expect(rdr.step == .ended)
        let acceptance = AlertCase(try seen(), isOurs: false, at: now)
        #expect(acceptance.step == .left)
        #expect(acceptance.dueAt == nil)
    }

    @Test("Each warning before the deadline comes once, the nearest one")
    func warnings() {
        var alert = openCase()
        let minutes: [Int64] = [1_440, 360, 60]
        alert.deadline = now.adding(seconds: 7 * 3_600)
        #expect(DeadlineWatch.warning(alert, minutes, at: now) == 1_440)
        alert.warnedMinutes = 1_440
        #expect(DeadlineWatch.warning(alert, minutes, at: now) == nil)
        #expect(DeadlineWatch.warning(alert, minutes, at: now.adding(seconds: 6 * 3_600)) == 60)
        alert.deadline = nil
        #expect(DeadlineWatch.warning(alert, minutes, at: now) == nil)
    }

    private func openCase() -> AlertCase {
        guard let seen = try? seen() else { preconditionFailure("the sample is no alert") }
        return AlertCase(seen, isOurs: true, at: now)
    }

    private func seen(
        type: String = "ETHOCA_ALERT", status: String = "ACTION_REQUIRED"
    ) throws -> SeenAlert {
        try SeenAlert(
            Array(
                """
                {"id": "netalrt_1", "organisation_id": "org_1", "enrolment_type": "\(type)",
                "status": "\(status)", "transaction_amount_in_cents": 4900,
                "transaction_currency_code": "USD", "integration_id": "int_1",
                "integration_transaction_id": "txn_1"}
                """.utf8))
    }

    private func decision(_ verdict: HookDecision.Verdict) -> HookDecision {
        HookDecision(
            verdict: verdict, note: nil, integrationID: nil, transactionReference: nil, amount: nil,
            currency: nil)
    }
}
