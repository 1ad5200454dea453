import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// What is decided about alerts without a person: the list of rulesets, one of them, and how it is deleted.
enum RulesetPages {
    static let routes: [Route] =
        list.routes + [
            .show("/rulesets/new", .rules, RulesetEditing.showNew),
            .change("/rulesets/new", .rules, "ruleset.create", RulesetEditing.sendNew),
            .show("/rulesets/{id}", .view, show),
            .show("/rulesets/{id}/edit", .rules, RulesetEditing.show),
            .change("/rulesets/{id}/edit", .rules, "ruleset.update", RulesetEditing.send),
            .show("/rulesets/{id}/delete", .rules, confirmDeletion),
            .change("/rulesets/{id}/delete", .rules, "ruleset.delete", delete),
        ]

    private static let list = ListPage(
        path: "/rulesets", title: "Rulesets", section: .rulesets, file: "rulesets",
        columns: columns,
        filter: filter,
        rows: { visit, filter, page in
            try await visit.base.site.services.rulesets.listShown(
                filter, page: page, by: visit.principal)
        },
        model: { try await ListModel($0) })

    private static func filter(_ reader: inout ListFilterReader) -> RulesetStore.Filter {
        var filter = RulesetStore.Filter()
        filter.organisationID = reader.id("organisation")
        return filter
    }

    private static func show(_ visit: SeatVisit) async throws -> Response {
        let id: RulesetID = try visit.id("ruleset")
        let service = visit.base.site.services.rulesets
        let shown = try await service.show(id, by: visit.principal)
        let versions = try await service.versions(of: id, by: visit.principal)
        return visit.page(
            "ruleset", title: "Ruleset", .rulesets, DetailModel(shown, versions, visit))
    }

    private static func confirmDeletion(_ visit: SeatVisit) async throws -> Response {
        let id: RulesetID = try visit.id("ruleset")
        let shown = try await visit.base.site.services.rulesets.show(id, by: visit.principal)
        return visit.page(
            "ruleset-delete", title: "Delete a ruleset", .rulesets, DeletionModel(shown, visit))
    }

    private static func delete(_ visit: SeatVisit) async throws -> Response {
        try await visit.base.site.services.rulesets.delete(
            visit.id("ruleset"), by: visit.principal, now: visit.now)
        return visit.redirect(to: "/rulesets", Notice("deleted"))
    }

    private static let columns: [Export<RulesetService.Shown>.Column] = [
        .init("id") { .text($0.ruleset.id.text) },
        .init("organisation_id") { .text($0.organisation.id.text) },
        .init("organisation_name") { .text($0.organisation.name) },
        .init("enrolment_ids") { shown in
            .text(shown.ruleset.details.enrolmentIDs.map(\.text).joined(separator: " "))
        },
        .init("outcome") { .text($0.ruleset.details.outcome.rawValue) },
        .init("join_operator") { .text($0.ruleset.details.joinOperator.rawValue) },
        .init("is_enabled") { .flag($0.ruleset.details.isEnabled) },
        .init("rule_count") { .number(Int64($0.ruleset.rules.count)) },
        .init("sentence") { .text(RuleSentence($0.ruleset).text) },
        .init("version") { .number($0.ruleset.version) },
        .init("publication_status") { .text($0.ruleset.publication?.status.rawValue) },
        .init("published_version") { .number($0.ruleset.publication?.publishedVersion) },
        .init("publication_error") { .text($0.told.compactMap(\.error).first) },
        .init("created_at") { .time($0.ruleset.createdAt) },
        .init("updated_at") { .time($0.ruleset.updatedAt) },
    ]
}
