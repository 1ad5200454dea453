/// A field of a form with its label, hint and what is wrong with it. Templates show it with `{{>field}}`, choices with
/// `{{>choice}}`, check-boxes with `{{>checks}}`.
struct FormField: Sendable {
    /// Also its `id`; unique on the page.
    let name: String
    let label: String
    /// Of the input: `text`, `email`, `url`, `number`, `search`, `datetime-local`.
    var type = "text"
    var value = ""
    var hint: String?
    var error: String?
    var isRequired = false
    /// Of a choice or of check-boxes.
    var choices: [Choice] = []

    init(
        _ name: String, _ label: String, type: String = "text", value: String? = nil,
        hint: String? = nil, error: String? = nil, isRequired: Bool = false,
        choices: [Choice] = []
    ) {
        self.name = name
        self.label = label
        self.type = type
        self.value = value ?? ""
        self.hint = hint
        self.error = error
        self.isRequired = isRequired
        self.choices = choices
    }
}
