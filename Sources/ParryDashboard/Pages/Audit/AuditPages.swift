import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// Who changed what.
enum AuditPages {
    static let routes = list.routes

    private static let list = ListPage(
        path: "/audit", title: "Audit log", section: .audit, power: .audit, file: "audit",
        columns: AuditRow.columns,
        filter: filter,
        rows: { visit, filter, page in
            try await visit.base.site.services.audit.list(filter, page: page, by: visit.principal)
        },
        behind: { $0.behind = $1.entry },
        model: { AuditModel($0) })

    private static func filter(_ reader: inout ListFilterReader) -> AuditStore.Filter {
        var filter = AuditStore.Filter()
        filter.actor = reader.text("actor")
        filter.action = reader.text("action")
        filter.subjectID = reader.text("subject")
        (filter.from, filter.to) = reader.days("done")
        return filter
    }
}

/// The log.
struct AuditModel: Sendable {
    let head: ListHead
    let fields: [FormField]
    let entries: [AuditRow]
    let pager: Pager

    init(_ list: ListPage<AuditStore.Filter, AuditService.Named>.Shown) {
        let query = list.visit.query
        head = list.head([])
        entries = list.items.map { AuditRow($0, list.visit) }
        pager = list.pager
        fields = [
            FormField(
                "action", "What", type: "search", value: query["action"],
                hint: "As alert.update; alert. for all of it."),
            FormField("actor", "Who", type: "search", value: query["actor"], hint: "An id."),
            FormField(
                "subject", "To what", type: "search", value: query["subject"], hint: "An id."),
            FormField("done_from", "From", type: "date", value: query["done_from"]),
            FormField("done_to", "to", type: "date", value: query["done_to"]),
        ]
    }
}

/// A line of the log.
struct AuditRow: Sendable {
    let time: TimeText
    let actor: String
    let actorID: String?
    let actorPath: String
    let action: String
    let actionPath: String
    let subject: String
    let subjectPath: String?
    let detail: String

    init(_ named: AuditService.Named, _ visit: SeatVisit) {
        let entry = named.entry
        time = TimeText(entry.createdAt)
        actor = named.actorName.flatMap { $0.isEmpty ? nil : $0 } ?? entry.actor
        actorID = actor == entry.actor ? nil : entry.actor
        actorPath = visit.path("/audit") + FormFields.query([(name: "actor", value: entry.actor)])
        action = entry.action
        actionPath =
            visit.path("/audit") + FormFields.query([(name: "action", value: entry.action)])
        subject = entry.subjectID ?? ""
        subjectPath = entry.subjectID.flatMap { Self.path($0, visit) }
        detail = entry.detail
    }

    /// The page of a thing, by the prefix of its id.
    private static func path(_ id: String, _ visit: SeatVisit) -> String? {
        let pages = [
            "netalrt_": "/alerts/", "enrl_": "/enrolments/", "org_": "/organisations/",
            "mrch_": "/merchants/", "int_": "/integrations/", "rset_": "/rulesets/",
            "whe_": "/webhooks/", "key_": "/keys/",
        ]
        return pages.first { id.hasPrefix($0.key) }.map { visit.path($0.value + id) }
    }

    /// The columns of the file.
    static let columns: [Export<AuditService.Named>.Column] = [
        .init("created_at") { .time($0.entry.createdAt) },
        .init("actor") { .text($0.entry.actor) },
        .init("actor_name") { .text($0.actorName) },
        .init("action") { .text($0.entry.action) },
        .init("subject_id") { .text($0.entry.subjectID) },
        .init("organisation_id") { .text($0.entry.organisationID?.text) },
        .init("detail") { .text($0.entry.detail) },
        .init("id") { .text($0.entry.id.text) },
    ]
}
