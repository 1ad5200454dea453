extension FormStep {
    /// Every form of the dashboard, in an order in which each finds what it needs.
    static let all = setUp + rules + queue + webhooks + keys + people + personal

    private static let setUp: [FormStep] = [
        .leads(
            "~/organisations", on: "~/organisations/new", [("name", "New & shiny")],
            to: "~/organisations/*?notice=created", named: "shop"),
        .leads(
            "~/organisations/{shop}", on: "~/organisations/{shop}/edit", [("name", "Renamed")],
            to: "~/organisations/{shop}?notice=saved"),
        .leads(
            "~/merchants", on: "~/merchants/new",
            [("organisation_id", "{shop}"), ("name", "Till"), ("external_id", "MID-1")],
            to: "~/merchants/*?notice=created", named: "till"),
        .leads(
            "~/merchants/{till}", on: "~/merchants/{till}/edit", [("name", "Second till")],
            to: "~/merchants/{till}?notice=saved"),
        .leads(
            "~/integrations", on: "~/integrations/new?organisation={shop}",
            [("name", "Uploads"), ("merchant_ids", "{till}")],
            to: "~/integrations/*?notice=created", named: "uploads"),
        .leads(
            "~/integrations/{uploads}", on: "~/integrations/{uploads}/edit",
            [("status", "DISABLED")], to: "~/integrations/{uploads}?notice=saved"),
        .leads(
            "~/enrolments", on: "~/enrolments/new?organisation={shop}&type=ETHOCA_ALERT",
            [
                ("merchant_ids", "{till}"), ("descriptor", "NEWSHOP"),
                ("match_type", "STARTS_WITH"),
            ], to: "~/enrolments/*?notice=enrolled", named: "enrolled"),
        .leads(
            "~/enrolments/{enrolled}/simulate", on: "~/enrolments/{enrolled}",
            [("status", "ENABLED")], to: "~/enrolments/{enrolled}?notice=simulated"),
        .leads(
            "~/enrolments/{enrolled}/simulate-alert", on: "~/enrolments/{enrolled}",
            [("amount", "49.00")], to: "~/alerts/*?notice=simulated", named: "simulated"),
        .leads(
            "~/enrolments", on: "~/enrolments/new?organisation={shop}&type=VERIFI_RDR",
            [("merchant_ids", "{till}"), ("bin", "433333"), ("caid", "SHOPCAID1")],
            to: "~/enrolments/*?notice=enrolled", named: "second"),
        .leads(
            "~/enrolments/{second}/cancel", on: "~/enrolments/{second}",
            to: "~/enrolments/{second}?notice=cancelled"),
        .leads(
            "~/merchants", on: "~/merchants/new",
            [("organisation_id", "{beta}"), ("name", "Unused")],
            to: "~/merchants/*?notice=created", named: "unused"),
        .leads(
            "~/merchants/{unused}/delete", on: "~/merchants/{unused}",
            to: "~/merchants?notice=deleted"),
        .leads(
            "~/organisations", on: "~/organisations/new", [("name", "Empty")],
            to: "~/organisations/*?notice=created", named: "bare"),
        .leads(
            "~/organisations/{bare}/delete", on: "~/organisations/{bare}",
            to: "~/organisations?notice=deleted"),
    ]

    private static let rules: [FormStep] = [
        .leads(
            "~/rulesets/new", on: "~/rulesets/new?organisation={shop}",
            [("rule.0.amount", "100"), ("enrolment", "{enrolled}"), ("do", "save")],
            to: "~/rulesets/*?notice=created", named: "made"),
        .leads(
            "~/rulesets/{made}/edit", on: "~/rulesets/{made}/edit",
            [("rule.0.amount", "2,000.50"), ("do", "save")],
            to: "~/rulesets/{made}?notice=saved"),
        .shows(
            "~/rulesets/{made}/edit", on: "~/rulesets/{made}/edit",
            [("rule.0.amount", "10"), ("do", "backtest")]),
        .leads(
            "~/rulesets/{made}/delete", on: "~/rulesets/{made}/delete",
            to: "~/rulesets?notice=deleted"),
    ]

    private static let queue: [FormStep] = [
        .leads(
            "~/alerts/{strange}/match",
            on: "~/alerts/{strange}/match?integration_id={feed}"
                + "&integration_transaction_id=txn-AF-1009",
            to: "~/alerts/{strange}?notice=sale-set"),
        .leads(
            "~/alerts/{open}/note", on: "~/alerts/{open}", [("note", "Called the customer.")],
            to: "~/alerts/{open}?notice=note-saved"),
        .leads(
            "~/alerts/{declined}/seen", on: "~/alerts/{declined}",
            to: "~/alerts/{declined}?notice=seen"),
        .leads(
            "~/alerts/{besides}/refund-besides", on: "~/alerts/{besides}",
            [("sure", "yes"), ("action", "REFUND")], to: "~/alerts/{besides}?notice=acted&n=1"),
        .shows(
            "~/alerts/confirm", on: "~/alerts", [("action", "REFUND"), ("id", "{open}")]),
        .leads(
            "~/alerts/act", on: nil, [("action", "REFUND"), ("id", "{open}")],
            to: "~/alerts?notice=acted&n=1"),
    ]

    private static let webhooks: [FormStep] = [
        .leads(
            "~/webhooks", on: "~/webhooks/new", [("url", "https://new.example.com/")],
            to: "~/webhooks/*?notice=endpoint-created", named: "hook"),
        .leads(
            "~/webhooks/{hook}", on: "~/webhooks/{hook}", [("url", "https://other.example.com/")],
            to: "~/webhooks/{hook}?notice=saved"),
        .leads(
            "~/webhooks/{hook}/pause", on: "~/webhooks/{hook}",
            to: "~/webhooks/{hook}?notice=paused"),
        .leads(
            "~/webhooks/{hook}/pause", on: "~/webhooks/{hook}",
            to: "~/webhooks/{hook}?notice=resumed"),
        .shows("~/webhooks/{hook}/secret", on: "~/webhooks/{hook}"),
        .shows("~/webhooks/{hook}/rotate", on: "~/webhooks/{hook}"),
        .shows("~/webhooks/{hook}/test", on: "~/webhooks/{hook}"),
        .leads(
            "~/webhooks/{broken}/redeliver",
            on: "~/webhooks/{broken}/redeliver?states=DELIVERED&states=FAILED",
            to: "~/webhooks/redeliveries/*?notice=redelivery-started"),
        .leads(
            "~/webhooks/deliveries/{delivery-good}/redeliver",
            on: "~/webhooks/deliveries/{delivery-good}",
            to: "~/webhooks/deliveries/{delivery-good}?notice=redelivering&n=1"),
        .leads(
            "~/webhooks/{hook}/delete", on: "~/webhooks/{hook}/delete",
            to: "~/webhooks?notice=deleted"),
    ]

    private static let keys: [FormStep] = [
        .shows("~/keys", on: "~/keys/new", [("name", "Walk"), ("owner", "{shop}")], 201),
        .shows("~/keys", on: "~/keys/new", [("name", "Own")], 201, by: .admin),
        .shows("~/keys/{key}/rotate", on: "~/keys/{key}/rotate", [], 201),
        .leads(
            "~/keys/{key}/revoke", on: "~/keys/{key}/revoke",
            to: "~/keys/{key}?notice=key-revoked"),
        .shows("~/sign-on/key", on: "~/sign-on/key", [], 201),
        .leads("~/sign-on/remove", on: "~/sign-on/remove", to: "~/sign-on?notice=deleted"),
    ]

    private static let people: [FormStep] = [
        .leads(
            "~/people/groups", on: "~/people/groups/new", [("name", "Walkers")],
            to: "~/people/groups/*?notice=created", named: "walkers"),
        .leads(
            "~/people/groups/{walkers}/name", on: "~/people/groups/{walkers}",
            [("name", "Runners")], to: "~/people/groups/{walkers}?notice=saved"),
        .leads(
            "~/people/groups/{walkers}/organisations", on: "~/people/groups/{walkers}",
            [("organisation", "{acme}"), ("organisation", "{beta}")],
            to: "~/people/groups/{walkers}?notice=saved"),
        .shows(
            "~/people/groups/{walkers}/invite", on: "~/people/groups/{walkers}/invite",
            [("name", "Rita"), ("email", "rita@example.com")], 201),
        .leads(
            "~/people/groups/{night}/withdraw",
            on: "~/people/groups/{night}/withdraw?person={person-nick}",
            to: "~/people/groups/{night}?notice=withdrawn"),
        .leads(
            "~/people/groups/{support}/remove",
            on: "~/people/groups/{support}/remove?person={person-member}",
            to: "~/people/groups/{support}?notice=removed"),
        .leads(
            "~/people/members", on: "~/people/members/new",
            [("first_name", "Sam"), ("last_name", "Seen"), ("email", "sam@example.com")],
            to: "~/people/members/*?notice=created", by: .admin, named: "sam"),
        .leads(
            "~/people/members/{mia}", on: "~/people/members/{mia}", [("role", "ADMIN")],
            to: "~/people/members/{mia}?notice=saved", by: .admin),
        .shows(
            "~/people/members/{mia}/invite", on: "~/people/members/{mia}/invite", [], 201,
            by: .admin),
        .leads(
            "~/people/members/{mia}/remove", on: "~/people/members/{mia}/remove",
            to: "~/people?notice=removed", by: .admin),
        .leads(
            "/dashboard/installation/partners", on: "/dashboard/installation/partners/new",
            [("name", "Walk"), ("mode", "TEST")], to: "/dashboard/*?notice=created",
            by: .operator),
        .shows(
            "/dashboard/installation/operators", on: "/dashboard/installation/operators/new",
            [("name", "Ole"), ("email", "ole@example.com")], 201, by: .operator),
        .leads(
            "/dashboard/installation/operators/withdraw",
            on: "/dashboard/installation/operators/withdraw?person={person-otto}",
            to: "/dashboard/installation?notice=withdrawn", by: .operator),
    ]

    private static let personal: [FormStep] = [
        .leads(
            "/dashboard/join/{link}", on: "/dashboard/join/{link}",
            [("password", "correct horse battery"), ("again", "correct horse battery")],
            to: "/dashboard?notice=password-set", by: .nobody),
        .leads(
            "/dashboard/profile/sessions/{session}/end", on: "/dashboard/profile",
            to: "/dashboard/sign-in?notice=signed-out", by: .standard),
        .leads(
            "/dashboard/confirm", on: "/dashboard/confirm?next=/dashboard/profile",
            [("password", "correct horse battery")], to: "/dashboard/profile", by: .member),
        .leads(
            "/dashboard/profile/password", on: "/dashboard/profile",
            [("password", "another horse battery"), ("again", "another horse battery")],
            to: "/dashboard/profile?notice=password-set", by: .member),
        .leads(
            "/dashboard/sign-out", on: "/dashboard/profile",
            to: "/dashboard/sign-in?notice=signed-out", by: .member),
        .leads(
            "/dashboard/sign-in", on: "/dashboard/sign-in",
            [("email", "standard@example.com"), ("password", "correct horse battery")],
            to: "/dashboard", by: .standard),
    ]
}
