import ParryClient
import ParryWire

extension DeskState {
    /// Takes a key.
    ///
    /// - Returns: What is to be done for it.
    package mutating func take(_ key: DeskKey, _ model: DeskModel) -> DeskRequest? {
        if key == .interrupt { return .quit }
        notice = nil
        switch dialog {
        case .confirm(let plan): return confirm(key, plan, model)
        case .entry(let entry): return type(key, entry, model)
        case .help:
            dialog = nil
            return nil
        case nil: return isMove(key, model) ? nil : command(key, model)
        }
    }

    /// Only a `y` that was typed confirms.
    private mutating func confirm(
        _ key: DeskKey, _ plan: DeskPlan, _ model: DeskModel
    ) -> DeskRequest? {
        switch key {
        case .character("y"), .character("Y"):
            dialog = nil
            return begin(plan, model)
        case .character("n"), .character("N"), .character("q"), .escape:
            dialog = nil
            notice = Notice("Nothing was done.", isGood: true)
            return nil
        default: return nil
        }
    }

    private mutating func begin(_ plan: DeskPlan, _ model: DeskModel) -> DeskRequest? {
        if let obstacle = busyObstacle ?? plan.obstacle(hasHook: model.hasHook) {
            notice = Notice(obstacle, isGood: false)
            return nil
        }
        busy = "Working on \(plan.alert.id) …"
        return .act(plan)
    }

    private var busyObstacle: String? {
        busy == nil ? nil : "Wait until that is done: \(busy ?? "")"
    }

    private mutating func type(
        _ key: DeskKey, _ entry: DeskEntry, _ model: DeskModel
    ) -> DeskRequest? {
        var entry = entry
        switch key {
        case .escape:
            dialog = nil
            return nil
        case .enter: return submit(entry, model)
        case .backspace: if !entry.text.isEmpty { entry.text.removeLast() }
        case .character(let character): entry.add(String(character))
        case .paste(let text): entry.add(text)
        default: break
        }
        dialog = .entry(entry)
        return nil
    }

    private mutating func submit(_ entry: DeskEntry, _ model: DeskModel) -> DeskRequest? {
        let text = DeskText.trimmed(entry.text)
        switch entry.kind {
        case .filter:
            dialog = nil
            filter = text
        case .note(let alert): ask(DeskPlan(.note(text), alert), model)
        case .reference(let alert): ask(DeskPlan(.confirm(reference: text), alert), model)
        case .candidate(let alert): choose(text, alert, model)
        }
        return nil
    }

    private mutating func choose(_ text: String, _ alert: DeskAlert, _ model: DeskModel) {
        let candidates = model.detail?.match?.candidates ?? []
        guard let number = Int(text), candidates.indices.contains(number - 1) else {
            notice = Notice("There are candidates 1 to \(candidates.count).", isGood: false)
            return
        }
        let candidate = candidates[number - 1]
        let action = DeskAction.match(
            transaction: candidate.integrationTransactionID,
            integration: candidate.integrationID?.text)
        ask(DeskPlan(action, alert), model)
    }

    /// Shows what will happen, or why it cannot; what was typed stays then.
    private mutating func ask(_ plan: DeskPlan, _ model: DeskModel) {
        if let obstacle = busyObstacle ?? plan.obstacle(hasHook: model.hasHook) {
            notice = Notice(obstacle, isGood: false)
        } else {
            dialog = .confirm(plan)
        }
    }
}

extension DeskState {
    /// Moves the selection, or the text that is open.
    private mutating func isMove(_ key: DeskKey, _ model: DeskModel) -> Bool {
        switch key {
        case .up, .character("k"): move(by: -1, model)
        case .down, .character("j"): move(by: 1, model)
        case .pageUp: move(by: -max(1, pageRows), model)
        case .pageDown, .character(" "): move(by: max(1, pageRows), model)
        case .home: move(by: -1_000_000, model)
        case .end: move(by: 1_000_000, model)
        default: return false
        }
        return true
    }

    private mutating func move(by rows: Int, _ model: DeskModel) {
        guard openID == nil, view != .health else {
            scroll = max(0, scroll + rows)
            return
        }
        select((selectedIndex(model) ?? 0) + rows, model)
    }

    private mutating func command(_ key: DeskKey, _ model: DeskModel) -> DeskRequest? {
        switch key {
        case .character("q"): return quit()
        case .character("?"), .character("h"): dialog = .help
        case .character("1"): show(.alerts)
        case .character("2"): show(.enrolments)
        case .character("3"): show(.health)
        case .character("/"): dialog = .entry(DeskEntry(kind: .filter, text: filter))
        case .character("g"): return refresh()
        case .enter: return open(model)
        case .escape: back()
        case .character(let character): act(character, model)
        default: break
        }
        return nil
    }

    /// Something that is being done is not broken off by accident.
    private mutating func quit() -> DeskRequest? {
        guard let busy else { return .quit }
        notice = Notice("\(busy) Control-C leaves all the same.", isGood: false)
        return nil
    }

    private mutating func show(_ next: View) {
        view = next
        openID = nil
        scroll = 0
    }

    private mutating func back() {
        if openID != nil { openID = nil } else { filter = "" }
        scroll = 0
    }

    private mutating func refresh() -> DeskRequest {
        notice = Notice("Asking the platform …", isGood: true)
        guard view == .alerts, let openID else { return .poll }
        return .renew(openID)
    }

    private mutating func open(_ model: DeskModel) -> DeskRequest? {
        guard openID == nil, let index = selectedIndex(model) else { return nil }
        // The mark holds the row also if the first one was never chosen by hand.
        select(index, model)
        let id = listed(model)[index]
        openID = id
        scroll = 0
        return view == .alerts ? .read(id) : nil
    }

    /// The keys that do something about an alert.
    private mutating func act(_ key: Character, _ model: DeskModel) {
        guard view == .alerts, "racxnem".contains(key) else { return }
        guard let alert = model.alert(subject(model)) else {
            notice = Notice("There is no alert here.", isGood: false)
            return
        }
        switch key {
        case "r": ask(DeskPlan(.refund, alert), model)
        case "a": ask(DeskPlan(.accept, alert), model)
        case "x": ask(DeskPlan(.release, alert), model)
        case "e": ask(DeskPlan(.escalate, alert), model)
        case "n": dialog = .entry(DeskEntry(kind: .note(alert), text: alert.facts.note ?? ""))
        case "c":
            let before = alert.state.refundReference ?? ""
            type(.reference(alert), before, unless: DeskPlan(.release, alert), model)
        case "m":
            guard openID != nil, model.detail?.match?.candidates?.isEmpty == false else {
                notice = Notice("m names one of the candidates of an open alert.", isGood: false)
                return
            }
            let plan = DeskPlan(.match(transaction: "", integration: nil), alert)
            type(.candidate(alert), "", unless: plan, model)
        default: return
        }
    }

    /// Begins to type, where what it is for could be done at all.
    private mutating func type(
        _ kind: DeskEntry.Kind, _ text: String, unless plan: DeskPlan, _ model: DeskModel
    ) {
        if let obstacle = busyObstacle ?? plan.obstacle(hasHook: model.hasHook) {
            notice = Notice(obstacle, isGood: false)
        } else {
            dialog = .entry(DeskEntry(kind: kind, text: text))
        }
    }
}
