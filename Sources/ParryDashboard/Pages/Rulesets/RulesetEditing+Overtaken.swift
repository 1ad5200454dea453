import ParryDomain
import ParryService
import ParryStore
import ParryWire

extension RulesetEditing {
    /// What somebody else saved while the form was open, beside what is in the form.
    struct Overtaken: Sendable {
        let actor: String
        let at: TimeText
        let lines: [Line]

        /// One thing that can differ.
        struct Line: Sendable {
            let label: String
            /// When the form was opened; nil where that version is not kept.
            let before: String?
            let theirs: String
            let mine: String
            let differs: Bool
        }
    }
}

extension RulesetEditing.Overtaken {
    init(
        _ form: RulesetForm, _ theirs: Ruleset, _ versions: [RulesetService.NamedVersion],
        _ candidates: [RulesetService.Candidate]
    ) {
        actor = versions.first { $0.version.number == theirs.version }?.name ?? "somebody"
        at = TimeText(theirs.updatedAt)
        let before = versions.first { $0.version.number == form.version }?.version.body
        let names = Dictionary(
            candidates.map { ($0.enrolment.id.text, $0.enrolment.ruledName) }
        ) { first, _ in first }
        func list(_ ids: [String]) -> String {
            ids.map { names[$0] ?? $0 }.joined(separator: "; ")
        }
        func state(_ isEnabled: Bool) -> String { isEnabled ? "Enabled" : "Disabled" }
        lines = [
            Line(
                "Rules", before.map { RuleSentence($0).text }, RuleSentence(theirs).text,
                form.sentence?.text ?? ""),
            Line(
                "State", before.map { state($0.details.isEnabled) },
                state(theirs.details.isEnabled), state(form.isEnabled)),
            Line(
                "Enrolments", before.map { list($0.details.enrolmentIDs.map(\.text)) },
                list(theirs.details.enrolmentIDs.map(\.text)), list(form.enrolments)),
        ]
    }
}

extension RulesetEditing.Overtaken.Line {
    fileprivate init(_ label: String, _ before: String?, _ theirs: String, _ mine: String) {
        self.init(
            label: label, before: before, theirs: theirs, mine: mine, differs: theirs != mine)
    }
}
