import ParryDatabase
import ParryDomain
import ParryService
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

@Suite("What an operator sets and erases")
struct OperatorTests {
    private let now = Sample.start

    @Test(
        "Settings keep what is not set anew, and refuse what cannot be", arguments: Engine.allCases)
    func settings(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let accounts = AccountService(database: database)
            let id = sample.organisation.id
            #expect(try await accounts.settings(of: id, setting: []) == .standard)
            _ = try await accounts.settings(
                of: id, setting: [("cancel_actions", "true"), ("alert_window", "24")])
            let settings = try await accounts.settings(
                of: id,
                setting: [
                    ("matching_mode", "strict"), ("required_order_fields", "items,customer_email"),
                ])
            #expect(
                settings
                    == OrganisationSettings(
                        requiredOrderFields: ["customer_email", "items"], matchingMode: .strict,
                        allowsCancelActions: true, alertWindowHours: 24, reminderHours: [24, 4]))
            for (name, value) in [
                ("colour", "red"), ("matching_mode", "STRICT"), ("cancel_actions", "yes"),
                ("alert_window", "0"), ("alert_window", "73"), ("required_order_fields", "soul"),
            ] {
                await #expect(throws: OrganisationSettings.Invalid.self) {
                    try await accounts.settings(of: id, setting: [(name, value)])
                }
            }
            #expect(try await accounts.settings(of: id, setting: []) == settings)
            let nobody = OrganisationID.make(at: now, slot: 0)
            await #expect(throws: NotFound("organisation")) {
                try await accounts.settings(of: nobody, setting: [])
            }
        }
    }

    @Test(
        "A required order field that is not there is MISSING_FIELD for that order",
        arguments: Engine.allCases)
    func requiredFields(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            _ = try await AccountService(database: database).settings(
                of: sample.organisation.id,
                setting: [("required_order_fields", "customer_phone,items")])
            let items = #","customer_phone":"1","items":[{"reference_id":"i","name":"n"}]"#
            let bodies = [
                sample.orderJSON("a", transaction: "a"),
                sample.orderJSON(
                    "b", transaction: "b", extra: #","customer_phone":"1","items":[]"#),
                sample.orderJSON("c", transaction: "c", extra: items),
            ]
            let result = try await OrderService(database: database, wake: .silent).create(
                try bodies.map { try OrderRequest.create.decode(Array($0.utf8)) },
                by: sample.principal, now: now)
            let rejections = result.outcomes.map { outcome -> OrderRejection? in
                if case .rejected(let rejection, _) = outcome { rejection } else { nil }
            }
            #expect(rejections == [.missingField("customer_phone"), .missingField("items"), nil])
        }
    }

    @Test(
        "What is required cannot be cleared, but an order from before the setting can be changed",
        arguments: Engine.allCases)
    func clearedFields(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let orders = OrderService(database: database, wake: .silent)
            let bodies = [
                sample.orderJSON("a", transaction: "a", extra: #","customer_phone":"1""#),
                sample.orderJSON("b", transaction: "b"),
            ]
            let made = try await orders.create(
                try bodies.map { try OrderRequest.create.decode(Array($0.utf8)) },
                by: sample.principal, now: now
            ).created
            let (with, without) = try (#require(made.first), #require(made.last))
            _ = try await AccountService(database: database).settings(
                of: sample.organisation.id, setting: [("required_order_fields", "customer_phone")])
            let clearing = try OrderRequest.update.decode(
                Array(#"{"customer_phone":null,"order_number":"2"}"#.utf8))
            await #expect(throws: OrderRejection.missingField("customer_phone")) {
                try await orders.update(with.id, clearing, by: sample.principal, now: now)
            }
            let change = try OrderRequest.update.decode(Array(#"{"order_number":"2"}"#.utf8))
            let changed = try await orders.update(
                without.id, change, by: sample.principal, now: now)
            #expect(changed.document.root["order_number"]?.string == "2")
        }
    }

    @Test(
        "CANCEL is taken where the operator allows it, and says what became of both",
        arguments: Engine.allCases)
    func cancel(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let alerts = AlertService(database: database, wake: .silent)
            var enrolment = sample.enrolment()
            try enrolment.simulate(.enabled, now: now)
            let source = enrolment
            try await database.write { tx in
                try EnrolmentStore.insert(source, mode: .test, partner: sample.partner.id, tx)
            }
            func act(_ word: String) async throws -> Alert {
                let alert = try await alerts.simulate(
                    AlertSimulation(), organisation: sample.organisation.id.text,
                    enrolment: source.id.text, by: sample.principal, now: now)
                return try await alerts.update(
                    alert.id, .init(action: word, note: nil), by: sample.principal, now: now)
            }
            await #expect(throws: AlertError.actionNotSupported) { try await act("CANCEL") }
            _ = try await AccountService(database: database).settings(
                of: sample.organisation.id, setting: [("cancel_actions", "true")])
            let cancelled = try await act("CANCEL").state
            #expect(cancelled.refundOutcome == .notRefunded)
            #expect(cancelled.cancelOutcome == .cancelled)
            let both = try await act("REFUND_AND_CANCEL").state
            #expect(both.refundOutcome == .refunded)
            #expect(both.cancelOutcome == .cancelled)
            #expect(try await act("REFUND").state.cancelOutcome == nil)
        }
    }

    @Test(
        "Erasing leaves nothing of the customer and all of the transactions, once",
        arguments: Engine.allCases)
    func erase(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let orders = OrderService(database: database, wake: .silent)
            let personal = """
                ,"customer_email":"kim@example.com","customer_phone":"0151","billing_address":{"line1":"Lane 1","country":"DE"},
                "communications":[{"subject":"Hello Kim"}],"deliveries":[{"reference_id":"d",
                "type":"PHYSICAL","signed_by":"Kim","address":{"line1":"Lane 1"}}]
                """
            let requests = try (1...3).map { number in
                try OrderRequest.create.decode(
                    Array(
                        sample.orderJSON("o-\(number)", transaction: "t-\(number)", extra: personal)
                            .utf8))
            }
            let made = try await orders.create(requests, by: sample.principal, now: now)
            let erasure = ErasureService(database: database)
            let organisation = sample.organisation.id
            #expect(try await erasure.erase(.reference("o-1"), in: organisation, now: now) == 1)
            #expect(try await erasure.erase(.reference("o-9"), in: organisation, now: now) == 0)
            let email = "kim@example.com"
            let again = try await erasure.erase(
                .email(email.uppercased()), in: organisation, now: now)
            #expect(again == 2)
            #expect(try await erasure.erase(.email(email), in: organisation, now: now) == 0)
            for order in made.created {
                let stored = try await orders.find(order.id, by: sample.principal)
                let text = String(decoding: stored.document.root.raw, as: UTF8.self)
                for trace in ["Kim", "Lane", "0151", email] { #expect(!text.contains(trace)) }
                #expect(stored.document.root["transactions"]?.elements.map { $0 }.count == 1)
                #expect(
                    stored.document.root["deliveries"]?.elements.map { $0["type"]?.string } == [
                        "PHYSICAL"
                    ])
            }
            let audit = try await database.read {
                try $0.rows("SELECT detail FROM audit ORDER BY id") { try $0.text() }
            }
            #expect(audit.count == 2)
            #expect(!audit.joined().contains("@"))
        }
    }
}
