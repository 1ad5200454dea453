/// What forms answer: what is wrong beside its field, what is asked once more, and what is shown once.
extension Shots {
    static let sent = people + settings + rules + queue + secrets

    private static let people: [Shot] = [
        .send(
            "sign-in-wrong", .nobody, "/dashboard/sign-in", on: "/dashboard/sign-in",
            [("email", "ada@example.com"), ("password", "wrong")], 422),
        .send(
            "confirm-wrong", .member, "/dashboard/confirm", on: "/dashboard/confirm",
            [("password", "wrong")], 422),
        .send(
            "profile-wrong", .member, "/dashboard/profile/password", on: "/dashboard/profile",
            [("password", "short"), ("again", "short")], 422),
        .send(
            "installation-partner-wrong", .operator, "/dashboard/installation/partners",
            on: "/dashboard/installation/partners/new", [("name", ""), ("mode", "LIVE")], 422),
        .send(
            "group-new-wrong", .administrator, "~/people/groups", on: "~/people/groups/new",
            [("name", "")], 422),
        .send(
            "group-invite-wrong", .administrator, "~/people/groups/{night}/invite",
            on: "~/people/groups/{night}/invite", [("name", "Nora"), ("email", "nora")], 422),
        .send(
            "member-new-wrong", .admin, "~/people/members", on: "~/people/members/new",
            [("first_name", "Mia"), ("last_name", ""), ("email", "mia@example.com")], 422),
        .send(
            "member-new-known", .admin, "~/people/members", on: "~/people/members/new",
            [("first_name", "Mia"), ("last_name", "Two"), ("email", "mia@example.com")], 422),
        .send(
            "key-new-wrong", .administrator, "~/keys", on: "~/keys/new",
            [("name", ""), ("expiry", "date"), ("expires_on", "2020-01-31")], 422),
    ]

    private static let settings: [Shot] = [
        .send(
            "organisation-new-wrong", .administrator, "~/organisations", on: "~/organisations/new",
            [("name", "")], 422),
        .send(
            "organisation-stale", .administrator, "~/organisations/{acme}",
            on: "~/organisations/{acme}/edit", [("name", "Mine"), ("seen", "0")], 409),
        .send(
            "organisation-not-deleted", .administrator, "~/organisations/{acme}/delete",
            on: "~/organisations/{acme}", [], 422),
        .send(
            "merchant-new-wrong", .administrator, "~/merchants", on: "~/merchants/new",
            [("name", ""), ("external_id", "<script>")], 422),
        .send(
            "merchant-stale", .administrator, "~/merchants/{merchant}",
            on: "~/merchants/{merchant}/edit", [("name", "Mine"), ("seen", "0")], 409),
        .send(
            "integration-new-wrong", .administrator, "~/integrations",
            on: "~/integrations/new?organisation={acme}", [("name", "")], 422),
        .send(
            "enrolment-ethoca-wrong", .administrator, "~/enrolments",
            on: "~/enrolments/new?organisation={acme}&type=ETHOCA_ALERT", [], 422),
        .send(
            "enrolment-rdr-wrong", .administrator, "~/enrolments",
            on: "~/enrolments/new?organisation={acme}&type=VERIFI_RDR",
            [("merchant_ids", "{merchant}"), ("bin", "12"), ("caid", "a b")], 422),
        .send(
            "enrolment-alert-wrong", .administrator, "~/enrolments/{ethoca}/simulate-alert",
            on: "~/enrolments/{ethoca}", [("amount", "much"), ("currency_code", "EUR")], 422),
        .send(
            "webhook-new-wrong", .administrator, "~/webhooks", on: "~/webhooks/new",
            [("url", "http://example.com/<x>")], 422),
        .send(
            "webhook-wrong", .administrator, "~/webhooks/{good}", on: "~/webhooks/{good}",
            [("url", "")], 422),
        .send(
            "webhook-stale", .administrator, "~/webhooks/{good}", on: "~/webhooks/{good}",
            [("url", "https://mine.example.com/"), ("version", "0")], 409),
    ]

    private static let rules: [Shot] = [
        .send(
            "ruleset-wrong", .administrator, "~/rulesets/new",
            on: "~/rulesets/new?organisation={acme}",
            [("rule.0.amount", "a hundred & more"), ("do", "save")], 422),
        .send(
            "ruleset-row-added", .administrator, "~/rulesets/new",
            on: "~/rulesets/new?organisation={acme}",
            [("rule.0.amount", "1,250.5"), ("do", "add-rule-descriptor")]),
        .send(
            "ruleset-backtest", .administrator, "~/rulesets/{draft}/edit",
            on: "~/rulesets/{draft}/edit", [("rule.0.amount", "45"), ("do", "backtest")]),
        .send(
            "ruleset-overtaken", .administrator, "~/rulesets/{rules}/edit",
            on: "~/rulesets/{rules}/edit", [("version", "1"), ("do", "save")], 409),
    ]

    private static let queue: [Shot] = [
        .send(
            "alert-note-stale", .administrator, "~/alerts/{refunded}/note",
            on: "~/alerts/{refunded}", [("was", "Before"), ("note", "Mine & <others>")], 409),
        .send(
            "alerts-confirm-refund", .administrator, "~/alerts/confirm", on: "~/alerts?view=all",
            [
                ("action", "REFUND"), ("id", "{urgent}"), ("id", "{open}"), ("id", "{strange}"),
                ("id", "{overdue}"), ("id", "{refunded}"), ("id", "{case}"),
            ]),
        .send(
            "alerts-confirm-none", .administrator, "~/alerts/confirm", on: "~/alerts?view=all",
            [("action", "ACCEPT_DISPUTE"), ("id", "{refunded}")]),
        .post(
            "alerts-result", .administrator, "~/alerts/act",
            [
                ("action", "REFUND"), ("id", "{open}"), ("id", "{refunded}"), ("id", "{overdue}"),
                ("id", "{declined}"),
            ]),
    ]

    private static let secrets: [Shot] = [
        .send(
            "webhook-tested", .administrator, "~/webhooks/{good}/test", on: "~/webhooks/{good}"),
        .send(
            "webhook-test-failed", .administrator, "~/webhooks/{broken}/test",
            on: "~/webhooks/{broken}"),
        .send(
            "webhook-secret", .administrator, "~/webhooks/{good}/secret", on: "~/webhooks/{good}"),
        .send(
            "webhook-rotated", .administrator, "~/webhooks/{good}/rotate",
            on: "~/webhooks/{good}", [("overlap_hours", "24")]),
        .send(
            "webhook-rotate-wrong", .administrator, "~/webhooks/{good}/rotate",
            on: "~/webhooks/{good}", [("overlap_hours", "soon")], 422),
        .send(
            "key-made", .administrator, "~/keys", on: "~/keys/new",
            [("name", "Alerts & \"more\""), ("owner", "{acme}"), ("expiry", "30")], 201),
        .send(
            "key-rotated", .administrator, "~/keys/{key}/rotate", on: "~/keys/{key}/rotate", [],
            201),
        .send(
            "group-invited", .administrator, "~/people/groups/{night}/invite",
            on: "~/people/groups/{night}/invite",
            [("name", "Nils <b>"), ("email", "nils@example.com")], 201),
        .send(
            "member-invited", .admin, "~/people/members/{mia}/invite",
            on: "~/people/members/{mia}/invite", [], 201),
        .send("sign-on-made", .administrator, "~/sign-on/key", on: "~/sign-on/key", [], 201),
        .send(
            "installation-operator-invited", .operator, "/dashboard/installation/operators",
            on: "/dashboard/installation/operators/new",
            [("name", "Olaf"), ("email", "olaf@example.com")], 201),
        .send(
            "refused-form", .administrator, "~/people/groups", on: "~/people/groups/new",
            [("_token", "another")], 403),
    ]
}
