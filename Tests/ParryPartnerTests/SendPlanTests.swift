import Testing

@testable import ParryPartner

@Suite("What is to be done about orders of a feed")
struct SendPlanTests {
    @Test("New orders are sent, known ones are not, others are changed")
    func plain() {
        let plan = SendPlan(
            [order("new", "1"), order("same", "1"), order("other", "2")],
            known: ["same": known("1", "ord_1"), "other": known("1", "ord_2")])
        #expect(plan.new.map(\.reference) == ["new"])
        #expect(plan.known == 1)
        #expect(plan.changes.map(\.id) == ["ord_2"])
        #expect(plan.later.isEmpty)
    }

    @Test("An order that is twice in the input goes out once")
    func repeated() {
        let plan = SendPlan([order("a", "1"), order("a", "1")], known: [:])
        #expect(plan.new.count == 1)
        #expect(plan.repeated == 1)
    }

    @Test("Two versions of one order go out one after the other")
    func versions() {
        let plan = SendPlan([order("a", "1"), order("a", "2")], known: [:])
        #expect(plan.new.count == 1)
        #expect(plan.later.map(\.reference) == ["a"])
        let changes = SendPlan(
            [order("a", "2"), order("a", "3")], known: ["a": known("1", "ord_1")])
        #expect(changes.changes.count == 1)
        #expect(changes.later.count == 1)
    }

    @Test("Another version of what is on its way waits for its answer")
    func onItsWay() {
        let plan = SendPlan(
            [order("a", "1"), order("b", "2")],
            known: ["a": known("1", nil), "b": known("1", nil)])
        #expect(plan.repeated == 1)
        #expect(plan.later.map(\.reference) == ["b"])
        #expect(plan.new.isEmpty)
    }

    @Test("A version that is there waits for the change that is on its way or planned before it")
    func backAgain() {
        let planned = SendPlan(
            [order("a", "2"), order("a", "1")], known: ["a": known("1", "ord_1")])
        #expect(planned.changes.count == 1)
        #expect(planned.later.count == 1)
        #expect(planned.known == 0)
        let changing = FeedStore.Known(
            digest: OrderDigest.of(Array("1".utf8)), orderID: "ord_1", isOnItsWay: true)
        let onItsWay = SendPlan([order("a", "1")], known: ["a": changing])
        #expect(onItsWay.later.count == 1)
        #expect(onItsWay.known == 0)
    }

    private func order(_ reference: String, _ content: String) -> SentOrder {
        SentOrder(
            FeedOrder(
                line: 1, referenceID: reference, document: Array(content.utf8), coverage: []))
    }

    private func known(_ content: String, _ id: String?) -> FeedStore.Known {
        FeedStore.Known(
            digest: OrderDigest.of(Array(content.utf8)), orderID: id, isOnItsWay: id == nil)
    }
}
