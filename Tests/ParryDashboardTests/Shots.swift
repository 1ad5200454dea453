@testable import ParryDashboard

/// All pages, files and answers that have a snapshot. What is sent comes last, since it changes the world.
enum Shots {
    static let all = seen + files + empty + refused + sent

    /// Routes of GET that show no page: one that has no end, and those that only lead on.
    static let withoutPage: Set<String> = [
        "/alerts/live", "/webhooks/{id}/pause", "/webhooks/{id}/secret", "/webhooks/{id}/rotate",
        "/webhooks/{id}/test", "/sso/{partner}",
    ]

    private static let seen = signIn + work + setUp + webhooks + access + roles

    private static let signIn: [Shot] = [
        .see("sign-in", .nobody, "/dashboard/sign-in"),
        .see("forgotten-without-mail", .nobody, "/dashboard/forgot"),
        .see(
            "sign-in-expired", .nobody,
            "/dashboard/sign-in?notice=expired&next=/dashboard/profile"),
        .see("join", .nobody, "/dashboard/join/{link}"),
        .see("confirm", .administrator, "/dashboard/confirm?next=/dashboard/profile"),
        .see("accounts", .operator, "/dashboard"),
        .see("accounts-none-found", .operator, "/dashboard?q=nothing"),
        .see("profile", .administrator, "/dashboard/profile"),
        .see("installation", .operator, "/dashboard/installation"),
        .see("installation-partner-new", .operator, "/dashboard/installation/partners/new"),
        .see("installation-operator-new", .operator, "/dashboard/installation/operators/new"),
        .see(
            "installation-operator-withdraw", .operator,
            "/dashboard/installation/operators/withdraw?person={person-otto}"),
    ]

    private static let work: [Shot] = [
        .see("overview", .administrator, "~"),
        .see("overview-week", .administrator, "~?days=7&organisation={acme}"),
        .see("feed-health", .administrator, "~/overview/feeds"),
        .see("feed-health-one", .administrator, "~/overview/feeds?integration={feed}"),
        .see("alerts", .administrator, "~/alerts"),
        .see("alerts-all", .administrator, "~/alerts?view=all"),
        .see(
            "alerts-searched", .administrator,
            "~/alerts?view=all&q=4242&received_from=yesterday&organisation={acme}"),
        .see("alert-open", .administrator, "~/alerts/{open}"),
        .see("alert-urgent", .administrator, "~/alerts/{urgent}"),
        .see("alert-overdue", .administrator, "~/alerts/{overdue}"),
        .see("alert-unmatched", .administrator, "~/alerts/{strange}"),
        .see("alert-besides", .administrator, "~/alerts/{besides}"),
        .see("alert-match", .administrator, "~/alerts/{strange}/match"),
        .see("alert-match-searched", .administrator, "~/alerts/{strange}/match?q=AF-100"),
        .see(
            "alert-match-chosen", .administrator,
            "~/alerts/{strange}/match?integration_id={feed}"
                + "&integration_transaction_id=txn-AF-1009"),
        .see("alert-match-none", .administrator, "~/alerts/{strange}/match?none=yes"),
        .see("alert-refunded", .administrator, "~/alerts/{refunded}"),
        .see("alert-declined", .administrator, "~/alerts/{declined}"),
        .see("alert-expired", .administrator, "~/alerts/{expired}"),
        .see("alert-invalid", .administrator, "~/alerts/{invalid}"),
        .see("alert-of-rdr", .administrator, "~/alerts/{case}"),
        .see("orders", .administrator, "~/orders"),
        .see(
            "orders-filtered", .administrator, "~/orders?reference_id=nothing&created_from=2026-13"),
        .see("order", .administrator, "~/orders/{order}"),
        .see("audit", .administrator, "~/audit"),
        .see("audit-filtered", .administrator, "~/audit?action=ruleset.create&from=x"),
    ]

    private static let setUp: [Shot] = [
        .see("organisations", .administrator, "~/organisations"),
        .see("organisations-none-found", .administrator, "~/organisations?q=nothing"),
        .see("organisation-new", .administrator, "~/organisations/new"),
        .see("organisation", .administrator, "~/organisations/{acme}"),
        .see("organisation-edit", .administrator, "~/organisations/{acme}/edit"),
        .see("merchants", .administrator, "~/merchants"),
        .see("merchant-new", .administrator, "~/merchants/new?organisation={acme}"),
        .see("merchant", .administrator, "~/merchants/{merchant}"),
        .see("merchant-edit", .administrator, "~/merchants/{merchant}/edit"),
        .see("integrations", .administrator, "~/integrations"),
        .see("integration-start", .administrator, "~/integrations/new"),
        .see("integration-new", .administrator, "~/integrations/new?organisation={acme}"),
        .see("integration", .administrator, "~/integrations/{feed}"),
        .see("integration-disabled", .administrator, "~/integrations/{old-feed}"),
        .see("integration-edit", .administrator, "~/integrations/{feed}/edit"),
        .see("enrolments", .administrator, "~/enrolments"),
        .see("enrolments-ignored", .administrator, "~/enrolments?status=GONE&type=VERIFI_RDR"),
        .see("enrolment-start", .administrator, "~/enrolments/new"),
        .see(
            "enrolment-new-ethoca", .administrator,
            "~/enrolments/new?organisation={acme}&type=ETHOCA_ALERT"),
        .see(
            "enrolment-new-rdr", .administrator,
            "~/enrolments/new?organisation={acme}&type=VERIFI_RDR"),
        .see("enrolment-ethoca", .administrator, "~/enrolments/{ethoca}"),
        .see("enrolment-rdr", .administrator, "~/enrolments/{rdr}"),
        .see("enrolment-pending", .administrator, "~/enrolments/{arns}"),
        .see("enrolment-cancelled", .administrator, "~/enrolments/{cancelled}"),
        .see("rulesets", .administrator, "~/rulesets"),
        .see("ruleset-start", .administrator, "~/rulesets/new"),
        .see("ruleset-new", .administrator, "~/rulesets/new?organisation={acme}"),
        .see("ruleset", .administrator, "~/rulesets/{rules}"),
        .see("ruleset-disabled", .administrator, "~/rulesets/{draft}"),
        .see("ruleset-edit", .administrator, "~/rulesets/{rules}/edit"),
        .see("ruleset-delete", .administrator, "~/rulesets/{rules}/delete"),
    ]

    private static let webhooks: [Shot] = [
        .see("webhooks", .administrator, "~/webhooks"),
        .see("webhook-new", .administrator, "~/webhooks/new"),
        .see("webhook", .administrator, "~/webhooks/{good}"),
        .see("webhook-failing", .administrator, "~/webhooks/{broken}"),
        .see("webhook-paused", .administrator, "~/webhooks/{silent}"),
        .see("webhook-delete", .administrator, "~/webhooks/{broken}/delete"),
        .see("webhook-redeliver", .administrator, "~/webhooks/{broken}/redeliver?states=FAILED"),
        .see("deliveries", .administrator, "~/webhooks/{broken}/deliveries"),
        .see(
            "deliveries-filtered", .administrator,
            "~/webhooks/{broken}/deliveries?type=alert.created&state=gone"),
        .see("delivery", .administrator, "~/webhooks/deliveries/{delivery-good}"),
        .see("delivery-failing", .administrator, "~/webhooks/deliveries/{delivery-broken}"),
        .see("redeliveries", .administrator, "~/webhooks/redeliveries"),
        .see("redelivery", .administrator, "~/webhooks/redeliveries/{job}"),
        .see("events", .administrator, "~/webhooks/events"),
        .see("event", .administrator, "~/webhooks/events/{event}"),
    ]

    private static let access: [Shot] = [
        .see("keys", .administrator, "~/keys"),
        .see("key-new", .administrator, "~/keys/new"),
        .see("key", .administrator, "~/keys/{key}"),
        .see("key-revoked", .administrator, "~/keys/{old-key}"),
        .see("key-revoke", .administrator, "~/keys/{key}/revoke"),
        .see("key-rotate", .administrator, "~/keys/{key}/rotate"),
        .see("people", .administrator, "~/people"),
        .see("group-new", .administrator, "~/people/groups/new"),
        .see("group-of-administrators", .administrator, "~/people/groups/{admins}"),
        .see("group", .administrator, "~/people/groups/{night}"),
        .see("group-invite", .administrator, "~/people/groups/{night}/invite"),
        .see(
            "group-remove", .administrator,
            "~/people/groups/{support}/remove?person={person-member}"),
        .see(
            "group-remove-last", .administrator,
            "~/people/groups/{admins}/remove?person={person-administrator}"),
        .see(
            "group-withdraw", .administrator,
            "~/people/groups/{night}/withdraw?person={person-nora}"),
        .see("members", .admin, "~/people"),
        .see("member-new", .admin, "~/people/members/new"),
        .see("member", .admin, "~/people/members/{mia}"),
        .see("member-invite", .admin, "~/people/members/{mia}/invite"),
        .see("member-remove", .admin, "~/people/members/{mia}/remove"),
        .see("sign-on", .administrator, "~/sign-on"),
        .see("sign-on-key", .administrator, "~/sign-on/key"),
        .see("sign-on-remove", .administrator, "~/sign-on/remove"),
    ]

    /// What other roles see of the same.
    private static let roles: [Shot] = [
        .see("overview-of-operator", .operator, "~"),
        .see("overview-of-standard", .standard, "~"),
        .see("alerts-of-standard", .standard, "~/alerts"),
        .see("alert-of-standard", .standard, "~/alerts/{open}"),
        .see("organisation-of-standard", .standard, "~/organisations/{acme}"),
        .see("enrolment-of-standard", .standard, "~/enrolments/{ethoca}"),
        .see("ruleset-of-standard", .standard, "~/rulesets/{rules}"),
        .see("organisations-of-member", .member, "~/organisations"),
        .see("webhooks-of-member", .member, "~/webhooks"),
        .see("keys-of-admin", .admin, "~/keys"),
        .see("key-new-of-admin", .admin, "~/keys/new?preset=steady"),
        .see("audit-of-admin", .admin, "~/audit"),
    ]

    /// An account in which nothing has happened, in LIVE.
    private static let empty: [Shot] = [
        "", "/overview/feeds", "/alerts", "/orders", "/organisations", "/merchants",
        "/integrations", "/enrolments", "/rulesets", "/webhooks", "/webhooks/events",
        "/webhooks/redeliveries", "/keys", "/people", "/sign-on", "/audit",
    ].map { path in
        let name = path.isEmpty ? "overview" : String(path.dropFirst()).replacing("/", with: "-")
        return .see("empty-\(name)", .operator, "/dashboard/{fresh}\(path)")
    }

    /// Every table as a file.
    private static let files: [Shot] =
        Dashboard.routes.compactMap { route -> Shot? in
            guard let end = route.path.firstRange(of: "/export.") else { return nil }
            let name = String(route.path[..<end.lowerBound].dropFirst())
                .replacing("/", with: "-").replacing("{id}-", with: "")
            let path = route.path.replacing("{id}", with: "{broken}")
            if case .person = route.access { return .see(name, .operator, "/dashboard\(path)") }
            return .see(name, .administrator, "~\(path)")
        } + [
            .see("members", .admin, "~/people/export.csv"),
            .see("members", .admin, "~/people/export.json"),
        ]

    private static let refused: [Shot] = [
        .see("refused-unknown-page", .administrator, "~/nowhere", 404),
        .see("refused-unknown-alert", .administrator, "~/alerts/{acme}", 404),
        .see("refused-account", .member, "/dashboard/{fresh}", 404),
        .see("refused-role", .standard, "~/keys", 403),
        .see("refused-installation", .administrator, "/dashboard/installation", 403),
        .see("refused-link", .nobody, "/dashboard/join/nothing", 404),
        .see("refused-single-sign-on", .nobody, "/dashboard/sso/{partner}?token=x", 403),
        .see("refused-redelivery", .administrator, "~/webhooks/redeliveries/{acme}", 404),
    ]
}
