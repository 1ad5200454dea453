package import ParryWire

/// The size of a terminal.
package struct DeskSize: Sendable, Hashable {
    package let columns: Int
    package let rows: Int

    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }

    /// Less than this cannot be worked with.
    package static let least = DeskSize(columns: 70, rows: 14)
}

/// A screen full of lines: as many as the terminal has, each as wide as it is.
package struct DeskFrame: Sendable, Hashable {
    package let lines: [DeskLine]
    /// How far its text can be scrolled.
    package let scrollMax: Int
    /// How many rows of the view fit.
    package let pageRows: Int
}

/// Draws the desk: a pure function of where the person is, what there is, the time and the size.
package struct DeskScreen: Sendable {
    private let state: DeskState
    private let model: DeskModel
    private let now: Timestamp
    private let size: DeskSize

    package init(_ state: DeskState, _ model: DeskModel, at now: Timestamp, size: DeskSize) {
        self.state = state
        self.model = model
        self.now = now
        self.size = size
    }

    /// The screen.
    package func frame() -> DeskFrame {
        guard size.columns >= DeskSize.least.columns, size.rows >= DeskSize.least.rows else {
            return tooSmall()
        }
        let foot = dialog() + [message(), DeskLine(hints, .dim)]
        let room = max(1, size.rows - 2 - foot.count)
        let body = body(room)
        let lines = [title(), tabs()] + body.lines + foot
        return DeskFrame(
            lines: lines.map { $0.fitted(size.columns) }, scrollMax: body.scrollMax,
            pageRows: body.pageRows)
    }

    private func tooSmall() -> DeskFrame {
        let text =
            "\(model.mode.rawValue). The terminal is too small: \(DeskSize.least.columns) columns "
            + "and \(DeskSize.least.rows) lines are needed, and it has \(size.columns) and "
            + "\(size.rows)."
        let lines = DeskText.wrap(text, max(1, size.columns)).prefix(max(0, size.rows))
        let fill = max(0, size.rows - lines.count)
        let all = lines.map { DeskLine($0) } + Array(repeating: DeskLine(), count: fill)
        return DeskFrame(
            lines: all.map { $0.fitted(max(0, size.columns)) }, scrollMax: 0, pageRows: 1)
    }

    /// The mode stands first, and each mode has its colour: nobody takes one for the other.
    private func title() -> DeskLine {
        let clock = DeskFormat.moment(now).dropFirst(11) + " "
        let left = " \(model.mode.rawValue)  \(model.environment)  \(model.url)"
        let room = size.columns - clock.count
        return DeskLine(
            DeskText.fit(left, room) + clock, model.mode == .live ? .live : .test)
    }

    private func tabs() -> DeskLine {
        var line = DeskLine()
        for view in DeskState.View.allCases {
            let isCurrent = view == state.view
            let name = "\(view.rawValue) \(name(of: view))"
            line.add(isCurrent ? "[\(name)] " : " \(name)  ", isCurrent ? .bold : .dim)
        }
        if !state.filter.isEmpty {
            line.add("  only with: \(DeskText.safe(state.filter))", .warning)
        }
        return line
    }

    private func name(of view: DeskState.View) -> String {
        switch view {
        case .alerts: "Alerts (\(model.alerts.count))"
        case .enrolments: "Enrolments (\(model.enrolments.count))"
        case .health: "Health"
        }
    }

    /// What the last key came to, or else what is to know about the selected row.
    private func message() -> DeskLine {
        if let notice = state.notice {
            let text = " " + DeskText.safe(notice.text)
            return DeskLine(text, notice.isGood ? .good : .warning)
        }
        if let busy = state.busy { return DeskLine(" " + busy, .bold) }
        return DeskLine(" " + DeskText.safe(remark ?? ""))
    }

    private var remark: String? {
        guard state.openID == nil, let id = state.subject(model) else { return nil }
        switch state.view {
        case .alerts: return model.alert(id).map(remark)
        case .enrolments:
            guard let one = model.enrolments.first(where: { $0.id == id }) else { return nil }
            let since = one.liveSince.map { "live since \(DeskFormat.moment($0))" }
            return [one.id, one.status, since, one.note].compactMap { $0 }.joined(separator: ": ")
        case .health: return nil
        }
    }

    private func remark(_ alert: DeskAlert) -> String {
        let attention = alert.facts.attention.map { "! \($0)" }
        let reason = alert.state.reason ?? DeskSheet.tries(alert.state, at: now)
        return [alert.id, attention, reason].compactMap { $0 }.joined(separator: ": ")
    }

    private var hints: String {
        switch state.dialog {
        case .confirm: " y yes, do it   n no, leave it"
        case .entry: " Enter take it   Esc leave it"
        case .help: " any key goes back"
        case nil: openHints
        }
    }

    private var openHints: String {
        switch (state.view, state.openID) {
        case (.alerts, nil):
            " Enter open  r refund  a accept  c confirm  x release  ? more  q quit"
        case (.alerts, _):
            " Esc back  r refund  a accept  c confirm  x release  m match  ? more  q quit"
        case (_, nil): " Enter open  / filter  g ask the platform  ? more  q quit"
        default: " Esc back  g ask the platform  ? more  q quit"
        }
    }
}

extension DeskScreen {
    /// The middle of the screen, filled up to the room that it has.
    private struct Body {
        var lines: [DeskLine]
        var scrollMax = 0
        var pageRows: Int
    }

    private func body(_ room: Int) -> Body {
        let tables = DeskTables(columns: size.columns, now: now)
        if state.dialog == .help { return text(DeskHelp.lines.map { DeskLine($0) }, room) }
        if let sheet = sheet() { return text(sheet.lines, room) }
        let selected = state.selectedIndex(model)
        switch state.view {
        case .alerts:
            let rows = state.alerts(model)
            return list(tables.alertHeader, rows.count, room, "No alert is open.") {
                tables.row(rows[$0], in: model, isSelected: $0 == selected)
            }
        case .enrolments:
            let rows = state.enrolments(model)
            return list(tables.enrolmentHeader, rows.count, room, "No enrolment is known yet.") {
                tables.row(rows[$0], isSelected: $0 == selected)
            }
        case .health: return text([], room)
        }
    }

    /// What is open, or the view that is no list.
    private func sheet() -> DeskSheet? {
        if state.view == .health {
            return DeskSheet.health(model.health, at: now, columns: size.columns)
        }
        guard let id = state.openID else { return nil }
        if state.view == .enrolments {
            return model.enrolments.first { $0.id == id }.map {
                DeskSheet.enrolment($0, at: now, columns: size.columns)
            }
        }
        let detail = model.detail?.alert.id == id ? model.detail : nil
        return model.alert(id).map {
            DeskSheet.alert($0, detail, in: model, at: now, columns: size.columns)
        }
    }

    private func text(_ lines: [DeskLine], _ room: Int) -> Body {
        let scrollMax = max(0, lines.count - room)
        let shown = lines.dropFirst(min(state.scroll, scrollMax)).prefix(room)
        let fill = Array(repeating: DeskLine(), count: room - shown.count)
        return Body(lines: shown + fill, scrollMax: scrollMax, pageRows: room)
    }

    /// The page of a list that has the selected row.
    private func list(
        _ header: DeskLine, _ count: Int, _ room: Int, _ nothing: String,
        _ row: (Int) -> DeskLine
    ) -> Body {
        let rows = max(1, room - 1)
        let top = (state.selectedIndex(model) ?? 0) / rows * rows
        var lines = [header] + (top..<max(top, min(count, top + rows))).map(row)
        if count == 0 {
            let filtered = "Nothing here has that text in it; Esc shows all."
            lines.append(DeskLine("  " + (state.filter.isEmpty ? nothing : filtered), .dim))
        }
        let fill = Array(repeating: DeskLine(), count: max(0, room - lines.count))
        return Body(lines: Array((lines + fill).prefix(room)), pageRows: rows)
    }

    /// What is asked, above the hints.
    private func dialog() -> [DeskLine] {
        let rule = DeskLine(String(repeating: "-", count: size.columns), .dim)
        switch state.dialog {
        case .confirm(let plan):
            let lines = plan.lines(hasHook: model.hasHook).enumerated().flatMap { index, line in
                pieces(line).map { DeskLine(" " + $0, index == 0 ? .bold : .plain) }
            }
            return [rule] + Array(lines.prefix(size.rows - 8)) + modeReminder(plan)
        case .entry(let entry):
            let room = size.columns - 4
            var tail = DeskText.safe(entry.text)
            while DeskText.width(tail) > room { tail.removeFirst() }
            return [rule] + pieces(entry.prompt).map { DeskLine(" " + $0, .bold) }
                + [DeskLine(" > " + tail + "_")]
        case .help, nil: return []
        }
    }

    private func pieces(_ text: String) -> [String] { DeskText.wrap(text, size.columns - 2) }

    /// Where money or a dispute is at stake, the confirmation says of which mode it is.
    private func modeReminder(_ plan: DeskPlan) -> [DeskLine] {
        switch plan.action {
        case .note, .escalate: []
        default:
            [
                model.mode == .live
                    ? DeskLine(" LIVE: this is real money.", .danger)
                    : DeskLine(" TEST: no real money moves.", .good)
            ]
        }
    }
}
