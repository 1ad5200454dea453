/// What the form of a new thing, or of a change of one, has around its fields. Templates begin with `{{<edit-form}}`.
struct EditFrame: Sendable {
    let title: String
    let action: String
    let cancel: String
    let isNew: Bool
    /// The version that an edit is shown.
    let seen: Int64
    let trouble: String?
    let isStale: Bool
    let conflicts: [EditConflict]

    /// - Parameters:
    ///   - path: Of the list.
    ///   - now: What is changed; nil for a new one.
    ///   - conflicts: Only shown when it was changed meanwhile.
    init(
        _ visit: SeatVisit, _ path: String, _ title: String, of now: (id: String, version: Int64)?,
        _ trouble: FormTrouble?, conflicts: [EditConflict]
    ) {
        self.title = title
        action = visit.path(path + (now.map { "/\($0.id)" } ?? ""))
        cancel = action
        isNew = now == nil
        seen = now?.version ?? 0
        self.trouble = trouble?.message
        isStale = trouble?.isStale ?? false
        self.conflicts = isStale ? conflicts : []
    }
}
