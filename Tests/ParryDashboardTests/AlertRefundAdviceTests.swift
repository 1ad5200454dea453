import ParryDomain
import ParryWire
import Testing

@testable import ParryDashboard

@Suite("What the refund guard says before somebody acts")
struct AlertRefundAdviceTests {
    private static let time = Timestamp(milliseconds: 1_770_000_000_000)

    @Test("A sale that nothing is known of cannot be judged")
    func unknown() {
        #expect(advice(nil, hasSale: false).tone == .warn)
        #expect(advice(nil).tone == .warn)
    }

    @Test("Nothing refunded is safe")
    func safe() {
        #expect(
            advice(ledger([])).sentence == "Safe to refund: nothing has been refunded yet.")
    }

    @Test("What the network refunded must not be refunded again")
    func network() {
        var known = AlertPageSamples.alert(
            .resolved, type: .verifiRDR, at: Self.time, deadline: nil)
        known.state.refundOutcome = .refunded
        let advice = AlertRefundAdvice(
            AlertPageSamples.alert(.actionRequired, at: Self.time, deadline: nil), hasSale: true,
            nil, networkRefund: known)
        #expect(advice.forbidsRefund)
        #expect(advice.sentence.hasPrefix("Do not refund: the network refunded this sale on 2026-"))
    }

    @Test("What an order tells to be refunded must not be refunded again")
    func order() {
        #expect(advice(ledger([entry(.order, 4_900)])).forbidsRefund)
    }

    @Test("A part that went back leaves the rest")
    func part() {
        let advice = advice(ledger([entry(.order, 2_000)]))
        #expect(advice.tone == .warn)
        #expect(
            advice.sentence
                == "Refund 29.00 USD at most: 20.00 USD of 49.00 USD has gone back already.")
    }

    @Test("What is on its way is waited for")
    func inFlight() {
        #expect(advice(ledger([], pending: [4_900])).sentence.hasPrefix("Wait: 49.00 USD"))
    }

    @Test("What is on its way leaves less of the rest")
    func both() {
        let advice = advice(ledger([entry(.order, 2_000)], pending: [1_000]))
        #expect(
            advice.sentence
                == "Refund 19.00 USD at most: 20.00 USD of 49.00 USD has gone back already, "
                + "and 10.00 USD is on its way back.")
    }

    @Test("More back than the sale is said after the end, too")
    func twice() {
        let both = ledger([entry(.order, 4_900), entry(.network, 4_900)])
        #expect(advice(both, .resolved).sentence.hasPrefix("More was refunded than the sale"))
    }

    private func advice(
        _ ledger: RefundLedger?, _ status: AlertStatus = .actionRequired, hasSale: Bool = true
    ) -> AlertRefundAdvice {
        AlertRefundAdvice(
            AlertPageSamples.alert(status, at: Self.time, deadline: nil), hasSale: hasSale, ledger)
    }

    private func ledger(
        _ entries: [RefundLedger.Entry], pending: [Int64?] = []
    ) -> RefundLedger {
        RefundLedger(amount: 4_900, currency: "USD", entries: entries, pending: pending)
    }

    private func entry(_ source: RefundSource, _ amount: Int64) -> RefundLedger.Entry {
        RefundLedger.Entry(source, amount: amount, at: Self.time)
    }
}
