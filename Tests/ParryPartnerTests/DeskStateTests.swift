import ParryWire
import Testing

@testable import ParryPartner

@Suite("Keys do what they say")
struct DeskStateTests {
    /// Types keys one after the other; the last command is what came of them.
    private func type(
        _ keys: String, _ state: inout DeskState, _ model: DeskModel
    ) -> DeskRequest? {
        var last: DeskRequest?
        for key in keys {
            let key: DeskKey = key == "\r" ? .enter : key == "\u{1B}" ? .escape : .character(key)
            last = state.take(key, model)
        }
        return last
    }

    @Test("An action is done only after a y")
    func confirmed() throws {
        let model = DeskFixture.model([try DeskFixture.undecided("netalrt_1")])
        var state = DeskState()
        #expect(type("r", &state, model) == nil)
        #expect(state.dialog == .confirm(DeskPlan(.refund, model.alerts[0])))
        #expect(state.take(.enter, model) == nil)
        #expect(state.take(.paste("y"), model) == nil)
        #expect(state.dialog != nil)
        #expect(type("y", &state, model) == .act(DeskPlan(.refund, model.alerts[0])))
        #expect(state.dialog == nil)
        #expect(state.busy != nil)
        #expect(type("a", &state, model) == nil)
        #expect(state.dialog == nil)
        #expect(state.notice?.isGood == false)
        #expect(type("q", &state, model) == nil)
        #expect(state.take(.interrupt, model) == .quit)
    }

    @Test("Anything but a y does nothing", arguments: ["rn", "r\u{1B}", "rq", "an"])
    func refused(keys: String) throws {
        let model = DeskFixture.model([try DeskFixture.undecided("netalrt_1")])
        var state = DeskState()
        #expect(type(keys, &state, model) == nil)
        #expect(state.dialog == nil)
        #expect(state.busy == nil)
        #expect(state.notice?.text == "Nothing was done.")
    }

    @Test("The decision is about the alert as it was shown, whatever comes meanwhile")
    func asShown() throws {
        let shown = DeskFixture.model([try DeskFixture.undecided("netalrt_1")])
        let later = DeskFixture.model([try DeskFixture.reserved("netalrt_1")])
        var state = DeskState()
        #expect(type("a", &state, shown) == nil)
        #expect(type("y", &state, later) == .act(DeskPlan(.accept, shown.alerts[0])))
    }

    @Test("A refund by hand is confirmed with its reference")
    func reference() throws {
        let model = DeskFixture.model([try DeskFixture.reserved("netalrt_1")])
        var state = DeskState()
        #expect(type("c\r", &state, model) == nil)
        #expect(state.notice?.text == "A reference of the refund is needed.")
        #expect(type("re_1 \r", &state, model) == nil)
        let plan = DeskPlan(.confirm(reference: "re_1"), model.alerts[0])
        #expect(state.dialog == .confirm(plan))
        #expect(type("y", &state, model) == .act(plan))
    }

    @Test("A reservation comes first: no other decision while a refund waits")
    func reserved() throws {
        let model = DeskFixture.model([try DeskFixture.reserved("netalrt_1")])
        for key in ["r", "a"] {
            var state = DeskState()
            #expect(type(key, &state, model) == nil)
            #expect(state.dialog == nil)
            #expect(state.notice?.text.contains("is reserved") == true)
        }
        var state = DeskState()
        #expect(type("xy", &state, model) == .act(DeskPlan(.release, model.alerts[0])))
    }

    @Test("People do not act where somebody else is at it")
    func turn() throws {
        var alert = try DeskFixture.undecided("netalrt_1")
        alert.decide(.accept, note: nil, at: DeskFixture.now)
        let model = DeskFixture.model([alert])
        for key in ["r", "a", "c", "x"] {
            var state = DeskState()
            #expect(type(key, &state, model) == nil)
            #expect(state.dialog == nil)
            #expect(state.notice?.text.contains("telling platform") == true)
        }
    }

    @Test("Without a transaction the guard cannot be asked, and the desk says what helps")
    func unmatched() throws {
        let model = DeskFixture.model([try DeskFixture.undecided("netalrt_1", transaction: nil)])
        var state = DeskState()
        #expect(type("r", &state, model) == nil)
        #expect(state.notice?.text.contains("e to escalate") == true)
        #expect(type("ey", &state, model) == .act(DeskPlan(.escalate, model.alerts[0])))
    }

    @Test("The selection keeps to its alert when the list changes")
    func selection() throws {
        let three = try ["netalrt_1", "netalrt_2", "netalrt_3"].map {
            try DeskFixture.undecided($0)
        }
        var state = DeskState()
        #expect(type("j", &state, DeskFixture.model(three)) == nil)
        let model = DeskFixture.model([three[1], three[2]])
        #expect(state.subject(model) == "netalrt_2")
        #expect(state.subject(DeskFixture.model([three[0], three[2]])) == "netalrt_3")
        #expect(type("jjjj", &state, model) == nil)
        #expect(state.subject(model) == "netalrt_3")
        #expect(state.subject(DeskFixture.model([])) == nil)
    }

    @Test("Enter opens and reads, Esc goes back, q and Control-C leave")
    func ways() throws {
        let model = try DeskFixture.desk()
        var state = DeskState()
        #expect(type("j\r", &state, model) == .read("netalrt_2"))
        #expect(type("g", &state, model) == .renew("netalrt_2"))
        #expect(type("\u{1B}", &state, model) == nil)
        #expect(state.openID == nil)
        #expect(type("g", &state, model) == .poll)
        #expect(type("2\r", &state, model) == nil)
        #expect(state.openID == "enrl_1")
        #expect(type("r", &state, model) == nil)
        #expect(state.dialog == nil)
        #expect(type("q", &state, model) == .quit)
        #expect(type("1c", &state, model) == nil)
        #expect(state.take(.interrupt, model) == .quit)
    }

    @Test("A filter shows what has its text in it, until Esc")
    func filter() throws {
        let model = try DeskFixture.desk()
        var state = DeskState()
        #expect(type("/kuwait\r", &state, model) == nil)
        #expect(state.alerts(model).map(\.id) == ["netalrt_3"])
        #expect(type("\u{1B}", &state, model) == nil)
        #expect(state.alerts(model).count == 3)
    }
}
