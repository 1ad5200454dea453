import ParryDomain
import ParryService
import ParryWire

/// What became of an action on several alerts when not all went as wished.
struct AlertResultModel: Sendable {
    let title: String
    let action: String
    let doneCount: Int
    let hasDone: Bool
    let chosenCount: Int
    let hasRefused: Bool
    let refused: [Line]
    /// Chosen alerts that are not in this account.
    let unknownCount: Int
    let hasUnknown: Bool
    let backPath: String
    let backWords: String

    /// An alert that was not decided by this.
    struct Line: Sendable {
        let alert: AlertQueueRow
        let reason: String
        /// Who was faster; nil where it was not a person or key.
        let who: String?
        let isOwn: Bool
        /// What was declared then.
        let did: String?
        let when: TimeText?
        /// Whether what is so now is what was wanted.
        let isAsWished: Bool
    }

    init(
        _ choice: AlertQueueChoice, _ docket: [AlertService.Docketed],
        _ reasons: [AlertID: String], _ visit: SeatVisit
    ) {
        chosenCount = choice.ids.count
        doneCount = choice.ids.count - reasons.count
        hasDone = doneCount > 0
        unknownCount = reasons.count - docket.count
        hasUnknown = unknownCount > 0
        action = choice.action.rawValue
        refused = docket.map { Line($0, reasons[$0.alert.id] ?? "", choice.action, visit) }
        hasRefused = !refused.isEmpty
        backPath = visit.path(choice.back)
        backWords = choice.backWords
        title =
            doneCount == 0
            ? (chosenCount == 1 ? "Not decided by you" : "None decided by you")
            : "\(doneCount) of \(chosenCount) decided"
    }
}

extension AlertResultModel.Line {
    fileprivate init(
        _ entry: AlertService.Docketed, _ reason: String, _ action: AlertAction,
        _ visit: SeatVisit
    ) {
        alert = AlertQueueRow(entry.alert, at: entry.now, organisation: nil, visit)
        self.reason = reason
        let isDecided = entry.alert.state.status != .actionRequired
        isOwn = entry.doing?.entry.actor == visit.principal.actor.id
        who = entry.doing?.actorLabel
        did = entry.doing?.alertAction?.rawValue
        when = isDecided ? TimeText(entry.doing?.entry.createdAt ?? entry.alert.updatedAt) : nil
        isAsWished = isDecided && entry.doing?.alertAction == action
    }
}
