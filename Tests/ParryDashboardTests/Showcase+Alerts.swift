import HTTPTypes
import ParryDatabase
import ParryDomain
import ParryServer
import ParryService
import ParryStore
import ParryTestSupport
import ParryWire

/// The story's second part: alerts of every kind, and what becomes of them.
extension Showcase {
    func raiseAlerts() async throws {
        try await makeEndpoints()
        clock.set(Self.time("2026-11-20T10:00:00Z"))
        try await alert("expired", about: "100006", 1_290, "5555")
        try await alert("refunded", about: "100003", 7_900, "2222")
        try await alert("declined", about: "100004", 2_400, "3333")
        try await alert("invalid", about: "100007", 7_500, "6666")
        try await make(
            "case", "/v1/simulate/alerts",
            """
            {"organisation_id":"{acme}","enrolment_id":"{rdr}","status":"RESOLVED",
            "amount_in_cents":2500,"currency_code":"USD","card_scheme":"VISA"}
            """)
        clock.set(Self.time("2026-11-20T11:00:00Z"))
        try await alert("overdue", about: "100005", 12_900, "4444")
        clock.set(Self.time("2026-11-20T14:05:00Z"))
        try await alert(
            "urgent", about: "100001", 4_900, "4242",
            extra: #","transaction_acquirer_reference_number":"74027016322000000000017""#)
    }

    /// - Parameter code: The authorisation code of the sale.
    private func alert(
        _ name: String, about code: String, _ amount: Int, _ last4: String, extra: String = ""
    ) async throws {
        try await make(
            name, "/v1/simulate/alerts",
            """
            {"organisation_id":"{acme}","enrolment_id":"{ethoca}","match":true,
            "amount_in_cents":\(amount),"currency_code":"USD","card_scheme":"VISA",
            "transaction_card_bin":"424242","transaction_card_last4":"\(last4)",
            "transaction_authorisation_code":"\(code)",
            "transaction_authorised_at":"2026-11-18T09:30:00Z",
            "transaction_statement_descriptor":"ACMEFIT MONTHLY"\(extra)}
            """)
    }

    func workOnAlerts() async throws {
        clock.set(Self.time("2026-11-20T15:00:00Z"))
        try await ask(
            .patch, "/v1/alerts/{refunded}",
            #"{"action":"REFUND","note":"Refunded in <b>Stripe</b> & told by mail.\nSee re_9."}"#)
        try await ask(.patch, "/v1/alerts/{declined}", #"{"action":"ACCEPT_DISPUTE"}"#)
        try await ask(
            .patch, "/v1/orders/{late-order}",
            """
            {"refunds":[{"reference_id":"re-4","amount_in_cents":2400,"currency":"USD",
            "status":"SUCCEEDED","original_transaction_reference_id":"txn-AF-1004",
            "refund_datetime":"2026-11-20T15:30:00Z"}]}
            """)
        try await review()
        try await passTime(until: "2026-11-22T07:00:00Z")
        try await alert("open", about: "100002", 125_000, "1111")
        try await make(
            "strange", "/v1/simulate/alerts",
            """
            {"organisation_id":"{acme}","enrolment_id":"{ethoca}","match":true,
            "amount_in_cents":3300,"currency_code":"USD","card_scheme":"VISA",
            "transaction_card_bin":"424242","transaction_card_last4":"7777",
            "transaction_authorised_at":"2026-11-19T22:30:00Z",
            "transaction_statement_descriptor":"ACMEFIT <GIFT>"}
            """)
        try await alert("besides", about: "100010", 5_600, "8888")
        try await make(
            "besides-case", "/v1/simulate/alerts",
            """
            {"organisation_id":"{acme}","enrolment_id":"{rdr}","match":true,"status":"RESOLVED",
            "amount_in_cents":5600,"currency_code":"USD","card_scheme":"VISA",
            "transaction_card_bin":"424242","transaction_card_last4":"8888",
            "transaction_authorisation_code":"100010",
            "transaction_authorised_at":"2026-11-18T09:30:00Z",
            "transaction_statement_descriptor":"ACMEFIT MONTHLY"}
            """)
        // One deadline passes and its alert is ended, another one passes after that.
        try await passTime(until: "2026-11-22T10:30:00Z")
        clock.set(Self.time("2026-11-22T11:40:00Z"))
        try await make(
            "intent", "/v1/refund-intents",
            """
            {"organisation_id":"{acme}","integration_id":"{feed}",
            "transaction_reference_id":"txn-AF-1002","amount_in_cents":25000,"currency":"USD",
            "expires_in_seconds":3600}
            """)
        try await writeRulesets()
    }

    /// Ends what is due, in steps so short that no two alerts are due in one.
    private func passTime(until end: String) async throws {
        let deadlines = DeadlineService(database: world.database, wake: .silent)
        while clock.now < Self.time(end) {
            clock.set(min(clock.now.adding(seconds: 900), Self.time(end)))
            while try await deadlines.step(now: clock.now) {}
        }
    }

    private func review() async throws {
        clock.advance(seconds: 60)
        let reviews = AlertReviewService(database: world.database, wake: .silent)
        while try await reviews.step(now: clock.now) {}
    }

    private func writeRulesets() async throws {
        for (name, enrolment, isEnabled) in [("rules", "rdr", true), ("draft", "ethoca", false)] {
            try await make(
                name, "/v1/rulesets",
                """
                {"organisation_id":"{acme}","enrolment_ids":["{\(enrolment)}"],
                "outcome":"ACCEPT_DISPUTE","join_operator":"OR","is_enabled":\(isEnabled),"rules":[
                {"type":"AMOUNT","parameters":{"operator":"GREATER_THAN","currency_code":"USD",
                "amount_in_cents":10000}},
                {"type":"DESCRIPTOR","parameters":{"descriptors":[
                {"value":"ACMEFIT \\"GIFT\\" & CO","match_type":"STARTS_WITH"}]}}]}
                """)
        }
        try await ask(.patch, "/v1/rulesets/{rules}", #"{"join_operator":"AND"}"#)
    }

    // MARK: Webhooks

    private func makeEndpoints() async throws {
        clock.set(Self.time("2026-11-20T09:30:00Z"))
        let types = #"["alert.created","alert.updated","enrolment.updated"]"#
        try await make(
            "good", "/v1/webhook-endpoints",
            #"{"url":"https://hooks.example.com/parry?team=a&b=1","event_types":\#(types)}"#)
        try await make(
            "broken", "/v1/webhook-endpoints",
            """
            {"organisation_id":"{acme}","url":"https://broken.example.com/hook",
            "event_types":\(types)}
            """)
        try await make(
            "silent", "/v1/webhook-endpoints",
            """
            {"organisation_id":"{beta}","url":"https://silent.example.com/",
            "event_types":["alert.created"]}
            """)
        try await ask(.patch, "/v1/webhook-endpoints/{silent}", #"{"is_paused":true}"#)
    }

    /// Sends what waits: the good endpoint takes all, the broken one nothing, and what was tried there twice is given up.
    func sendWebhooks() async throws {
        for minute in [53, 54] {
            clock.set(Self.time("2026-11-22T11:\(minute):00Z"))
            try await deliver(isLast: minute == 54)
        }
        try await submit(
            "~/webhooks/{broken}/redeliver", on: "~/webhooks/{broken}/redeliver", named: "job")
        let jobs = RedeliveryService(database: world.database)
        while try await jobs.step(now: clock.now) {}
        clock.set(Self.time("2026-11-22T11:55:00Z"))
        try await deliver(isLast: false)
        try await nameDeliveries()
    }

    private func deliver(isLast: Bool) async throws {
        let now = clock.now
        let appetite = DeliveryAppetite(room: 500, others: .init(500, .good))
        let claimed = try await world.database.write {
            try DeliveryStore.claim(appetite, lease: 7, now: now, $0).deliveries
        }
        let ended = claimed.map { delivery in
            let attempt = TestReceiver().answer(at: delivery.url, now: now)
            let next = RetrySchedule().next(
                after: attempt, number: Int(delivery.attemptCount) + 1, now: now)
            return EndedDelivery(
                delivery: delivery, attempt: attempt,
                next: isLast && !attempt.isSuccess ? .failed : next)
        }
        try await world.database.write { try DeliveryStore.record(ended, now: now, $0) }
    }

    private func nameDeliveries() async throws {
        for name in ["good", "broken"] {
            let path = "/v1/webhook-deliveries?webhook_endpoint_id={\(name)}&limit=1"
            let found = try await world.send(.get, fill(path)).json["items"]?.elements.first {
                _ in true
            }
            self.name("delivery-\(name)", found?["id"]?.string ?? "")
            self.name("event", found?["event_id"]?.string ?? "")
        }
    }
}
