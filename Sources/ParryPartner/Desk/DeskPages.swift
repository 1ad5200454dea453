package import ParryWire

/// The views as plain text, for pipes and mails: without colours and keys, as long as they are.
package struct DeskPages: Sendable {
    private let model: DeskModel
    private let now: Timestamp
    private let columns: Int

    package init(_ model: DeskModel, at now: Timestamp, columns: Int = 120) {
        self.model = model
        self.now = now
        self.columns = columns
    }

    /// One view, line by line.
    package func lines(_ view: DeskState.View) -> [String] {
        let tables = DeskTables(columns: columns, now: now)
        let rows: [DeskLine]
        switch view {
        case .alerts:
            rows =
                model.alerts.isEmpty
                ? [DeskLine("No alert is open.")]
                : [tables.alertHeader] + model.alerts.flatMap { alert(tables, $0) }
        case .enrolments:
            rows =
                model.enrolments.isEmpty
                ? [DeskLine("No enrolment is known yet.")]
                : [tables.enrolmentHeader] + model.enrolments.flatMap { enrolment(tables, $0) }
        case .health: rows = DeskSheet.health(model.health, at: now, columns: columns).lines
        }
        return [heading, ""] + rows.map(\.text)
    }

    /// Everything about one alert.
    package func lines(_ detail: DeskDetail) -> [String] {
        let sheet = DeskSheet.alert(
            detail.alert, detail, in: model, at: now, columns: columns)
        return [heading, ""] + sheet.lines.map(\.text)
    }

    private var heading: String {
        "\(model.mode.rawValue) \(model.environment) \(model.url), \(DeskFormat.moment(now))"
    }

    private func alert(_ tables: DeskTables, _ alert: DeskAlert) -> [DeskLine] {
        let attention = alert.facts.attention.map { "! \($0)" }
        let remark = [alert.id, attention, alert.state.reason].compactMap { $0 }
        return [tables.row(alert, in: model, isSelected: false)]
            + below(remark.joined(separator: ": "))
    }

    private func enrolment(_ tables: DeskTables, _ one: DeskEnrolment) -> [DeskLine] {
        let since = one.liveSince.map { "live since \(DeskFormat.moment($0))" }
        let note = one.note.map { "note: \($0)" }
        let remark = [one.id, one.name, since, note].compactMap { $0 }
        return [tables.row(one, isSelected: false)] + below(remark.joined(separator: ", "))
    }

    private func below(_ text: String) -> [DeskLine] {
        DeskText.wrap(text, columns - 6).map { DeskLine("      " + $0) }
    }
}
