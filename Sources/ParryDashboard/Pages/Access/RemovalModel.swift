import ParryDomain
import ParryWire

/// The page that asks once more before somebody is taken out: who it is, and what follows.
struct RemovalModel: Sendable {
    let heading: String
    /// What follows, the gravest first.
    let consequences: [String]
    let action: String
    let button: String
    /// What the link calls it not to do it.
    let keep: String
    let backPath: String
    let backLabel: String
    /// Whom the form names, where its address does not.
    var personID: String?
    /// Why it cannot be done.
    var refusal: String?

    init(
        heading: String, consequences: [String], action: String, button: String, keep: String,
        backPath: String, backLabel: String
    ) {
        self.heading = heading
        self.consequences = consequences
        self.action = action
        self.button = button
        self.keep = keep
        self.backPath = backPath
        self.backLabel = backLabel
    }

    /// Of an invitation that somebody has not taken yet. Not by name: the name may be known from another account.
    init(withdrawing person: Person, action: String, backPath: String, backLabel: String) {
        self.init(
            heading: "Withdraw the invitation of \(person.email)?",
            consequences: [
                "The link that was handed over no longer works. It cannot be shown again.",
                "To come in they need a new invitation.",
            ], action: action, button: "Withdraw", keep: "Keep it", backPath: backPath,
            backLabel: backLabel)
        personID = person.id.text
    }
}
