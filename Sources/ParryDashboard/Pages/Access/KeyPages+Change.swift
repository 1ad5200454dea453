import Hummingbird
import ParryDomain
import ParryService
import ParryWire

/// One key: shown, revoked, rotated.
extension KeyPages {
    /// Hours that the old key works besides the new one.
    static let overlaps: [(hours: Int64, label: String)] = [
        (0, "At once"), (1, "After 1 hour"), (24, "After 1 day"), (72, "After 3 days"),
    ]

    static func show(_ visit: SeatVisit) async throws -> Response {
        let model = try await model(visit)
        return visit.page("key", title: model.key.name, .keys, model)
    }

    static func showRevocation(_ visit: SeatVisit) async throws -> Response {
        visit.page("key-revoke", title: "Revoke a key", .keys, try await model(visit))
    }

    static func revoke(_ visit: SeatVisit) async throws -> Response {
        let key = try await visit.base.site.services.keys.revoke(
            visit.id("API key"), by: visit.principal, now: visit.now)
        return visit.redirect(to: "/keys/\(key.id.text)", Notice("key-revoked"))
    }

    static func showRotation(_ visit: SeatVisit) async throws -> Response {
        try await rotationForm(visit, chosen: "24", nil)
    }

    static func rotate(_ visit: SeatVisit) async throws -> Response {
        let id: APIKeyID = try visit.id("API key")
        let word = try await visit.form().text("overlap_hours") ?? ""
        guard let overlap = overlaps.first(where: { String($0.hours) == word }) else {
            return try await rotationForm(visit, chosen: word, "It must be one of these.")
        }
        try await requireActive(id, visit)
        try await visit.takeForm()
        AuditDetail.say([
            ("replaces", .text(id.text)), ("overlap_hours", .number(String(overlap.hours))),
        ])
        let made = try await visit.base.site.services.keys.rotate(
            id, overlapHours: overlap.hours, by: visit.principal, now: visit.now)
        let label = overlap.label.prefix(1).lowercased() + overlap.label.dropFirst()
        return try await show(made, former: label, visit)
    }

    private static func rotationForm(
        _ visit: SeatVisit, chosen: String, _ error: String?
    ) async throws -> Response {
        try await requireActive(visit.id("API key"), visit)
        var model = try await model(visit)
        model.once = SentFormService.makeID()
        model.overlap = FormField(
            "overlap_hours", "The old key ends", error: error, isRequired: true,
            choices: overlaps.map {
                Choice(String($0.hours), $0.label, isChosen: String($0.hours) == chosen)
            })
        return visit.page(
            "key-rotate", title: "Rotate a key", .keys, model,
            status: error == nil ? .ok : .unprocessableContent)
    }

    /// - Throws: ``Refusal`` for a key that has ended: there is nothing to replace.
    private static func requireActive(_ id: APIKeyID, _ visit: SeatVisit) async throws {
        let found = try await visit.base.site.services.keys.find(id, by: visit.principal)
        guard found.key.isValid(at: visit.now), found.ownerName != nil else {
            throw Refusal(
                .conflict, "KEY_ENDED",
                "This key has ended, so there is nothing to replace. Make a new key instead.")
        }
    }

    private static func model(_ visit: SeatVisit) async throws -> KeyModel {
        let path = visit.path("/keys")
        let found = try await visit.base.site.services.keys.find(
            visit.id("API key"), by: visit.principal)
        return KeyModel(key: Row(found, path: path, at: visit.now), listPath: path)
    }
}
