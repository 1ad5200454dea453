package import ParryWire

/// The lists of the desk, in so many columns. The same for the screen and for plain text.
package struct DeskTables: Sendable {
    package let columns: Int
    package let now: Timestamp

    package init(columns: Int, now: Timestamp) {
        self.columns = columns
        self.now = now
    }

    /// From here on there is room for the columns that narrow terminals lack.
    package static let wideColumns = 100

    private var isWide: Bool { columns >= Self.wideColumns }

    /// The names of the alerts' columns.
    package var alertHeader: DeskLine {
        var line = DeskLine(
            "    " + cell("LEFT", 12) + cell("AMOUNT", 15, isRight: true) + "  ", .dim)
        line.add(cell("DESCRIPTOR", alertFlex - 1) + " ", .dim)
        if isWide { line.add(cell("CUSTOMER", 15) + " ", .dim) }
        line.add(cell("MATCH", 10) + cell("WHO IS AT IT", 16), .dim)
        return line
    }

    /// An alert in one line; `!` says that the platform wants somebody to look at it.
    package func row(_ alert: DeskAlert, in model: DeskModel, isSelected: Bool) -> DeskLine {
        let style: DeskStyle = isSelected ? .selected : .plain
        let urgency = alert.urgency(at: now, warnMinutes: model.warnMinutes)
        var line = DeskLine(isSelected ? "> " : "  ", style)
        line.add(alert.facts.attention == nil ? "  " : "! ", isSelected ? style : .danger)
        line.add(cell(alert.left(at: now), 12), urgency == .plain ? style : urgency)
        line.add(cell(alert.money, 15, isRight: true) + "  ", style)
        line.add(cell(alert.facts.descriptor ?? "", alertFlex - 1) + " ", style)
        if isWide { line.add(cell(alert.customer, 15) + " ", style) }
        line.add(cell(alert.isMatched ? "matched" : "unmatched", 10), style)
        line.add(cell(alert.turn(hasHook: model.hasHook), 16), style)
        return line
    }

    /// What is left for the descriptor.
    private var alertFlex: Int { columns - 59 - (isWide ? 16 : 0) }

    /// The names of the enrolments' columns.
    package var enrolmentHeader: DeskLine {
        var line = DeskLine("  " + cell("CUSTOMER", 13) + " " + cell("TYPE", 7), .dim)
        line.add(cell("IDENTIFIERS", enrolmentFlex - 1) + " ", .dim)
        if isWide { line.add(cell("STATUS", 16), .dim) }
        line.add(cell("CUSTOMER SEES", 34), .dim)
        return line
    }

    /// An enrolment in one line.
    package func row(_ enrolment: DeskEnrolment, isSelected: Bool) -> DeskLine {
        let style: DeskStyle = isSelected ? .selected : .plain
        var line = DeskLine(isSelected ? "> " : "  ", style)
        line.add(cell(enrolment.customer, 13) + " ", style)
        line.add(cell(Self.short(enrolment.type), 7), style)
        let identifiers = enrolment.identifiers.joined(separator: ", ")
        line.add(cell(identifiers, enrolmentFlex - 1) + " ", style)
        if isWide { line.add(cell(enrolment.status, 16), style) }
        line.add(cell(enrolment.meaning, 34), isSelected ? style : enrolment.style)
        return line
    }

    private var enrolmentFlex: Int { columns - 57 - (isWide ? 16 : 0) }

    private static func short(_ type: String) -> String {
        switch EnrolmentType(rawValue: type) {
        case .ethocaAlert: "Ethoca"
        case .verifiRDR: "RDR"
        case nil: type
        }
    }

    private func cell(_ text: String, _ columns: Int, isRight: Bool = false) -> String {
        DeskText.fit(text, max(1, columns), isRight: isRight)
    }
}
