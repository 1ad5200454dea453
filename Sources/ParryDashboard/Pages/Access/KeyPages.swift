import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// API keys: listed, made, rotated and revoked.
enum KeyPages {
    static let routes: [Route] = [
        .show("/keys", .keys, list),
        .show("/keys/export.csv", .keys) { try await export($0, .csv) },
        .show("/keys/export.json", .keys) { try await export($0, .json) },
        .show("/keys/new", .keys, confirmed: true, showForm),
        .change("/keys", .keys, "api_key.create", confirmed: true, create),
        .show("/keys/{id}", .keys, show),
        .show("/keys/{id}/revoke", .keys, showRevocation),
        .change("/keys/{id}/revoke", .keys, "api_key.revoke", revoke),
        .show("/keys/{id}/rotate", .keys, confirmed: true, showRotation),
        .change("/keys/{id}/rotate", .keys, "api_key.rotate", confirmed: true, rotate),
    ]

    /// What a list's address asks for, and what of it cannot be read.
    struct Asked {
        var filter = APIKeyStore.Filter()
        var ignored: [String] = []

        init(_ query: FormFields) {
            var state: APIKeyState?
            if let word = query.text("state") {
                state = APIKeyState(rawValue: word)
                if state == nil { ignored.append("state") }
            }
            var owner: String?
            if let word = query.text("owner") {
                let isID = PartnerGroupID(word) != nil || OrganisationID(word) != nil
                if isID { owner = word } else { ignored.append("owner") }
            }
            filter = APIKeyStore.Filter(state: state, owner: owner)
        }
    }

    private static func list(_ visit: SeatVisit) async throws -> Response {
        let asked = Asked(visit.query)
        let page = Pager.page(visit.query)
        let found = try await visit.base.site.services.keys.list(
            asked.filter, page: page, by: visit.principal, now: visit.now)
        let path = visit.path("/keys")
        let kept = FormFields.query(visit.query.filters())
        return visit.page(
            "keys", title: "API keys", .keys,
            Model(
                path: path, query: kept, isFiltered: asked.filter != APIKeyStore.Filter(),
                owner: asked.filter.owner,
                ignored: asked.ignored.ignoredNote,
                states: [Choice("", "All", isChosen: asked.filter.state == nil)]
                    + APIKeyState.allCases.map {
                        Choice($0.rawValue, $0.label, isChosen: $0 == asked.filter.state)
                    },
                keys: found.items.map { Row($0, path: path, at: visit.now) },
                pager: Pager(page, count: found.count, path: path, query: visit.query)))
    }

    private static func export(_ visit: SeatVisit, _ format: ExportFormat) async throws -> Response
    {
        let asked = Asked(visit.query)
        let (keys, principal, now) = (visit.base.site.services.keys, visit.principal, visit.now)
        return try await Export("api_keys", columns(at: now)) { offset, _ in
            let page = Page(limit: Export<KeyService.Managed>.rowsMax, offset: offset)
            return try await keys.list(asked.filter, page: page, by: principal, now: now).items
        }.response(format)
    }

    private static func columns(at now: Timestamp) -> [Export<KeyService.Managed>.Column] {
        [
            .init("id") { .text($0.key.id.text) },
            .init("name") { .text($0.key.name) },
            .init("state") { .text($0.state(at: now).rawValue) },
            .init("owner_id") { .text($0.key.owner.id) },
            .init("owner_name") { .text($0.ownerName) },
            .init("abilities") { .text(Row.abilities(of: $0.key).joined(separator: " ")) },
            .init("created_at") { .time($0.key.createdAt) },
            .init("expires_at") { .time($0.key.expiresAt) },
            .init("revoked_at") { .time($0.key.revokedAt) },
            .init("last_used_at") { .time($0.key.lastUsedAt) },
        ]
    }
}
