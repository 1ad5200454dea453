/// Where a person is in the desk. A value that takes keys; ``DeskSession`` does what it asks for.
package struct DeskState: Sendable, Hashable {
    /// The views, by their keys.
    package enum View: Int, Sendable, CaseIterable {
        case alerts = 1
        case enrolments
        case health
    }

    /// What stands over the view and takes the keys.
    package enum Dialog: Sendable, Hashable {
        case confirm(DeskPlan)
        case entry(DeskEntry)
        case help
    }

    /// What a deed came to, or why a key did nothing.
    package struct Notice: Sendable, Hashable {
        package let text: String
        package let isGood: Bool

        package init(_ text: String, isGood: Bool) {
            self.text = text
            self.isGood = isGood
        }
    }

    /// A row by its id, so that a list that changes does not put another one under the hand.
    private struct Mark: Sendable, Hashable {
        var id: String
        var index: Int
    }

    package var view = View.alerts
    /// Of the alert or enrolment that is open; nil in a list.
    package var openID: String?
    package var scroll = 0
    package var filter = ""
    package var dialog: Dialog?
    package var notice: Notice?
    /// What is being done; no other deed begins meanwhile.
    package var busy: String?
    /// How many rows a page of the view has, as the screen told last.
    package var pageRows = 10
    private var marks: [View: Mark] = [:]

    package init() {}

    /// The ids of what is listed in a view, with the filter.
    package func listed(_ model: DeskModel) -> [String] {
        switch view {
        case .alerts: alerts(model).map(\.id)
        case .enrolments: enrolments(model).map(\.id)
        case .health: []
        }
    }

    /// The alerts that the filter lets through.
    package func alerts(_ model: DeskModel) -> [DeskAlert] {
        filter.isEmpty ? model.alerts : model.alerts.filter { $0.holds(filter) }
    }

    /// The enrolments that the filter lets through.
    package func enrolments(_ model: DeskModel) -> [DeskEnrolment] {
        filter.isEmpty ? model.enrolments : model.enrolments.filter { $0.holds(filter) }
    }

    /// The selected row; nil in an empty list. Where its item is gone, the one that came to its place.
    package func selectedIndex(_ model: DeskModel) -> Int? {
        let ids = listed(model)
        guard !ids.isEmpty else { return nil }
        guard let mark = marks[view] else { return 0 }
        return ids.firstIndex(of: mark.id) ?? min(mark.index, ids.count - 1)
    }

    /// The id of what keys are about: what is open, or the selected row.
    package func subject(_ model: DeskModel) -> String? {
        if let openID { return openID }
        return selectedIndex(model).map { listed(model)[$0] }
    }

    mutating func select(_ index: Int, _ model: DeskModel) {
        let ids = listed(model)
        guard !ids.isEmpty else { return }
        let index = max(0, min(ids.count - 1, index))
        marks[view] = Mark(id: ids[index], index: index)
    }

    /// Takes over what the screen found out about its size.
    package mutating func see(_ frame: DeskFrame) {
        pageRows = frame.pageRows
        scroll = max(0, min(scroll, frame.scrollMax))
    }
}

/// A text that is being typed.
package struct DeskEntry: Sendable, Hashable {
    /// What it is for, with the alert as it was shown when the typing began.
    package enum Kind: Sendable, Hashable {
        case filter
        case note(DeskAlert)
        case reference(DeskAlert)
        /// A number of the candidates.
        case candidate(DeskAlert)
    }

    package let kind: Kind
    package var text: String

    /// What is asked for.
    package var prompt: String {
        switch kind {
        case .filter: "Show only what has this text in it (nothing shows all):"
        case .note: "The note on the alert, which the platform shows (nothing takes it off):"
        case .reference(let alert): "The reference of your refund of \(alert.money):"
        case .candidate: "The number of the candidate that the alert is about:"
        }
    }

    /// The most characters that it takes: the platform's limits.
    var charactersMax: Int {
        switch kind {
        case .filter: 100
        case .note: 1_024
        case .reference: 250
        case .candidate: 3
        }
    }

    mutating func add(_ more: String) {
        let plain = DeskText.safe(String(more.map { $0.isNewline ? " " : $0 }))
        text += plain.prefix(max(0, charactersMax - text.count))
    }
}

/// What a key asks for beyond the screen.
package enum DeskRequest: Sendable, Hashable {
    case quit
    /// Asks the platform what is open.
    case poll
    /// Reads everything about an alert.
    case read(String)
    /// The same, and goes on with what is due of it.
    case renew(String)
    case act(DeskPlan)
}
