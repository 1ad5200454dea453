import Hummingbird
import ParryDatabase
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// The operator's pages: partners, who runs the installation, and how it is.
enum InstallationPages {
    static let routes: [Route] = [
        Route(.get, "/installation", .person(show)),
        Route(.get, "/installation/export.csv", .person { try await export($0, .csv) }),
        Route(.get, "/installation/export.json", .person { try await export($0, .json) }),
        Route(.get, "/installation/partners/new", .person(showNew)),
        Route(.post, "/installation/partners", .person(createPartner), action: "partner.create"),
        Route(.get, "/installation/operators/new", .person(showInvite), confirmed: true),
        Route(
            .post, "/installation/operators", .person(invite), confirmed: true,
            action: "operator.invite"),
        Route(.get, "/installation/operators/withdraw", .person(showWithdrawal)),
        Route(
            .post, "/installation/operators/withdraw", .person(withdraw),
            action: "operator.withdraw_invitation"),
    ]

    /// - Throws: ``Refusal/notAllowed`` for who does not run the installation, or came by a partner's single sign-on.
    static func admit(_ visit: PersonVisit) throws {
        guard visit.visitor.person.isOperator, visit.visitor.session.partnerID == nil else {
            throw Refusal.notAllowed
        }
    }

    private static func show(_ visit: PersonVisit) async throws -> Response {
        try admit(visit)
        let services = visit.base.site.services
        let (search, page) = (visit.query.text("q") ?? "", Pager.page(visit.query))
        let partners = try await services.accounts.partners(name: search, page: page)
        let operators = try await services.people.operators()
        let invited = try await services.people.invitedOperators(now: visit.now)
        let kept = FormFields.query(search.isEmpty ? [] : [(name: "q", value: search)])
        return visit.page(
            "installation", title: "Installation",
            Model(
                search: search, isSearched: !search.isEmpty, query: kept,
                partners: partners.items.map(Row.init),
                pager: Pager(
                    page, count: partners.count, path: "/dashboard/installation",
                    query: visit.query),
                operators: operators.map {
                    GroupPages.Member($0, isSelf: $0.id == visit.visitor.person.id)
                }, invited: invited.map(GroupPages.Waiting.init),
                state: try await state(services, now: visit.now)))
    }

    private static func state(
        _ services: DashboardServices, now: Timestamp
    ) async throws -> StateModel {
        let (installation, connections) = (services.installation, services.enrolments.connections)
        let version = try await installation.schemaVersion()
        let isSpread = try await installation.isDistributed()
        let queue = try await installation.queueDepth(now: now)
        let networks = try await installation.networkDepths(now: now)
        return StateModel(
            schema: String(version),
            isCurrent: version == InstallationService.knownSchemaVersion,
            known: String(InstallationService.knownSchemaVersion),
            engine: engine(installation.dialect, isSpread: isSpread),
            queues: [Queue(queue)] + networks.map { Queue($0, connections) },
            unnumbered: Money.count(queue.unnumberedEvents))
    }

    private static func engine(_ dialect: Dialect, isSpread: Bool) -> String {
        switch dialect {
        case .sqlite: "SQLite"
        case .postgreSQL: isSpread ? "PostgreSQL, spread by Citus" : "PostgreSQL"
        }
    }

    private static func export(
        _ visit: PersonVisit, _ format: ExportFormat
    ) async throws -> Response {
        try admit(visit)
        let accounts = visit.base.site.services.accounts
        let search = visit.query.text("q") ?? ""
        return try await Export<AccountStore.Summary>(
            "partners",
            [
                .init("id") { .text($0.partner.id.text) },
                .init("name") { .text($0.partner.name) },
                .init("mode") { .text($0.partner.mode.rawValue) },
                .init("organisations") { .number($0.organisationCount) },
                .init("groups") { .number($0.groupCount) },
                .init("keys") { .number($0.keyCount) },
                .init("created_at") { .time($0.partner.createdAt) },
            ]
        ) { offset, _ in
            let page = Page(limit: Export<AccountStore.Summary>.rowsMax, offset: offset)
            return try await accounts.partners(name: search, page: page).items
        }.response(format)
    }
}
