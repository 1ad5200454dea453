import ParryWire
import Testing

@testable import ParryPartner

@Suite("The desk's screen")
struct DeskScreenTests {
    private func frame(
        _ state: DeskState, _ model: DeskModel, _ columns: Int = 80, _ rows: Int = 24
    ) -> DeskFrame {
        DeskScreen(
            state, model, at: DeskFixture.now, size: DeskSize(columns: columns, rows: rows)
        ).frame()
    }

    @Test("Alerts at 80 by 24")
    func narrow() throws {
        let lines = frame(DeskState(), try DeskFixture.desk()).lines.map(\.text)
        let url = " TEST  acme-test  http://127.0.0.1:8080"
        #expect(
            lines == [
                url + String(repeating: " ", count: 28) + "10:00:00 UTC",
                "[1 Alerts (3)]  2 Enrolments (1)   3 Health",
                "    LEFT                 AMOUNT  DESCRIPTOR           MATCH     WHO IS AT IT",
                ">   45 min 00 s       USD 49.00  ACME*SHOP BERLIN     matched   you refund",
                "  ! 2 h 05 min          JPY 500  東京ストア 渋谷の本… unmatched you decide",
                "    no deadline       KWD 1.250  ACME*KUWAIT          matched   you decide",
            ] + Array(repeating: "", count: 16) + [
                " netalrt_1: refund it, then confirm here",
                " Enter open  r refund  a accept  c confirm  x release  ? more  q quit",
            ])
    }

    @Test("Alerts at 120 by 40 have the customer too")
    func wide() throws {
        let frame = frame(DeskState(), try DeskFixture.desk(), 120, 40)
        #expect(frame.lines.count == 40)
        #expect(frame.pageRows == 35)
        let gap = String(repeating: " ", count: 29)
        #expect(
            frame.lines[3].text
                == ">   45 min 00 s       USD 49.00  ACME*SHOP BERLIN" + gap
                + "acme            matched   you refund")
    }

    @Test("Every line is as wide as the terminal, in every view and dialog")
    func widths() throws {
        let model = try DeskFixture.desk()
        let plan = DeskPlan(
            .confirm(reference: String(repeating: "東", count: 250)), model.alerts[0])
        let note = DeskEntry(
            kind: .note(model.alerts[0]), text: String(repeating: "ü", count: 1_024))
        for columns in [70, 80, 100, 120, 200] {
            for rows in [14, 24, 40] {
                for view in DeskState.View.allCases {
                    for dialog in [nil, .help, .confirm(plan), .entry(note)] as [DeskState.Dialog?]
                    {
                        for open in [nil, "netalrt_2", "enrl_1"] {
                            var state = DeskState()
                            state.view = view
                            state.dialog = dialog
                            state.openID = open
                            let lines = frame(state, model, columns, rows).lines
                            #expect(lines.count == rows)
                            #expect(
                                lines.allSatisfy { line in
                                    line.spans.reduce(0) { $0 + DeskText.width($1.text) } == columns
                                })
                        }
                    }
                }
            }
        }
    }

    @Test(
        "A terminal that is too small is told so", arguments: [(69, 24), (80, 13), (1, 1), (0, 0)])
    func small(columns: Int, rows: Int) throws {
        let frame = frame(DeskState(), try DeskFixture.desk(), columns, rows)
        #expect(frame.lines.count == rows)
        let text = frame.lines.map(\.text).joined(separator: " ")
        #expect(columns < 60 || text.contains("too small: 70 columns and 14 lines"))
    }

    @Test("TEST and LIVE differ in word and colour")
    func modes() throws {
        for (mode, style) in [(AccountMode.test, DeskStyle.test), (.live, .live)] {
            let alert = try DeskFixture.undecided("netalrt_1")
            let model = DeskFixture.model([alert], mode: mode)
            var state = DeskState()
            _ = state.take(.character("r"), model)
            let lines = frame(state, model).lines
            #expect(lines[0].spans.first?.style == style)
            #expect(lines[0].text.hasPrefix(" \(mode.rawValue) "))
            let reminder =
                mode == .live ? " LIVE: this is real money." : " TEST: no real money moves."
            #expect(lines[21].text == reminder)
        }
    }

    @Test("A confirmation shows the money and what will happen")
    func confirmation() throws {
        for hasHook in [false, true] {
            let alert = try DeskFixture.undecided("netalrt_1")
            let model = DeskFixture.model([alert], hasHook: hasHook)
            var state = DeskState()
            _ = state.take(.character("r"), model)
            let text = frame(state, model).lines.map(\.text).joined(separator: "\n")
            #expect(text.contains(" Refund USD 49.00 of txn_1?\n"))
            #expect(text.contains("refunds, as after its own decisions") == hasHook)
            #expect(text.contains("press c here") == !hasHook)
            #expect(text.hasSuffix(" y yes, do it   n no, leave it"))
        }
    }

    @Test(
        "Time turns yellow below the second warning and red below the last",
        arguments: [
            (Int64(2_000), DeskStyle.plain), (400, .plain), (360, .warning), (61, .warning),
            (60, .danger), (-5, .danger),
        ])
    func urgency(minutes: Int64, style: DeskStyle) throws {
        let seen = try DeskFixture.seen("netalrt_1", minutes: minutes)
        let alert = DeskAlert(AlertCase(seen, isOurs: true, at: DeskFixture.now), customer: nil)
        #expect(alert.urgency(at: DeskFixture.now, warnMinutes: [1_440, 360, 60]) == style)
    }

    @Test(
        "Enrolments mean to customers what the guide says",
        arguments: [
            ("PENDING", "submitted, not live"), ("IN_PROGRESS", "being configured"),
            ("ACTION_REQUIRED", "blocked: see the note"), ("ENABLED", "live"),
            ("FAILED", "failed: escalate with note and id"), ("CANCELLED", "inactive"),
            ("PAUSED", "inactive"), ("UNENROLLED", "inactive"),
            ("NEW_WORD", "not known to this version, not live"),
        ])
    func meaning(status: String, meaning: String) {
        #expect(DeskFixture.enrolment(status).meaning == meaning)
    }

    @Test("Enrolments at 80 by 24")
    func enrolments() throws {
        var state = DeskState()
        state.view = .enrolments
        let lines = frame(state, try DeskFixture.desk()).lines.map(\.text)
        #expect(lines[2] == "  CUSTOMER      TYPE   IDENTIFIERS            CUSTOMER SEES")
        #expect(lines[3] == "> acme          Ethoca ACME*SHOP              inactive")
        #expect(lines[22] == " enrl_1: PAUSED: Send the contract.")
    }

    @Test("Plain text has every alert with its id and reason")
    func pages() throws {
        let lines = DeskPages(try DeskFixture.desk(), at: DeskFixture.now).lines(.alerts)
        #expect(lines[0] == "TEST acme-test http://127.0.0.1:8080, 2026-02-17 10:00:00 UTC")
        #expect(lines.contains("      netalrt_1: refund it, then confirm here"))
        #expect(lines.contains("      netalrt_2: ! OUTCOME_REFUSED"))
        #expect(lines.allSatisfy { DeskText.width($0) <= 120 })
    }

    @Test("Health says what is wrong and what to do")
    func health() {
        var health = DeskHealth()
        health.clockOffsetSeconds = -301
        let totals = FeedStore.Totals(accepted: 200, lacksARN: 1, lastSentAt: DeskFixture.now)
        health.feeds = [DeskHealth.Feed(name: "acme/orders", totals: totals, unanswered: 2)]
        let sheet = DeskSheet.health(health, at: DeskFixture.now, columns: 120)
        let text = sheet.lines.map(\.text).joined(separator: "\n")
        #expect(text.contains("does not run"))
        #expect(text.contains("the platform's is 301 s behind"))
        #expect(text.contains("99 % have an ARN, 100 % a code, 100 % a BIN"))
        #expect(text.contains("2 requests without an answer"))
        #expect(text.contains("Last received       never"))
    }
}
