import ParryDatabase
import ParryDomain
import ParryService
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

@Suite("Orders: batches and changes")
struct OrderTests {
    private let now = Sample.start

    private func run(
        _ test: @escaping @Sendable (OrderService, Sample) async throws -> Void
    ) async throws {
        for engine in Engine.allCases {
            try await engine.run { database in
                let sample = Sample()
                try await sample.insert(into: database)
                try await test(OrderService(database: database, wake: .silent), sample)
            }
        }
    }

    private func batch(_ orders: [String]) throws -> [RequestObject] {
        try OrderRequest.create.decodeArray(
            Array("[\(orders.joined(separator: ","))]".utf8), count: 1...100)
    }

    private func rejections(_ result: OrderBatchResult) -> [OrderRejection?] {
        result.outcomes.map {
            if case .rejected(let rejection, _) = $0 { rejection } else { nil }
        }
    }

    @Test("Good orders are stored beside bad ones, each bad one with its first reason")
    func partialSuccess() async throws {
        try await run { service, sample in
            let other = Sample()
            let orders = [
                sample.orderJSON("a", transaction: "t-a"),
                other.orderJSON("b", transaction: "t-b"),
                sample.orderJSON("c", transaction: "t-c")
                    .replacing("\(sample.integration.id)", with: "\(other.integration.id)"),
                sample.orderJSON("d", transaction: "t-d").replacing(
                    "COMPLETE\"", with: "PARTIAL\"", maxReplacements: 1),
                sample.orderJSON("e", transaction: "t-e")
                    .replacing("\"order_number\":\"AF-10001\",", with: ""),
                sample.orderJSON("f", transaction: "t-f")
                    .replacing(",\"payment_method_card_last_4\":\"4242\"", with: ""),
                sample.orderJSON(
                    "g", transaction: "t-g",
                    extra: #","customer_first_name":"4242 4242 4242 4242""#),
                sample.orderJSON("a", transaction: "t-h"),
                sample.orderJSON("i", transaction: "t-a"),
                sample.orderJSON(
                    "j", transaction: "t-j",
                    extra: """
                        ,"refunds":[{"reference_id":"r","amount_in_cents":1,"currency":"USD",
                        "status":"SUCCEEDED","original_transaction_reference_id":"nope"}]
                        """),
                sample.orderJSON("k", transaction: "t-k"),
            ]
            let result = try await service.create(
                batch(orders), by: sample.principal, now: now)
            let first = try #require(result.created.first)
            #expect(
                rejections(result) == [
                    nil, .invalidOrganisation, .invalidIntegration, .invalidOrderType,
                    .missingField("order_number"),
                    .missingField("transactions[0].payment_method_card_last_4"),
                    .cardNumber("customer_first_name"),
                    .duplicateOrder(first.id, identical: false),
                    .duplicateTransaction("transactions[0].reference_id"),
                    .invalidReference("refunds[0].original_transaction_reference_id"), nil,
                ])
            #expect(result.created.map(\.referenceID) == ["a", "k"])
        }
    }

    @Test("Orders that are read behind one another come whole, also those of one moment")
    func behind() async throws {
        try await run { service, sample in
            let orders = (0..<7).map { sample.orderJSON("o\($0)", transaction: "t\($0)") }
            for batch in [orders.prefix(4), orders.suffix(3)] {
                _ = try await service.create(
                    self.batch(Array(batch)), by: sample.principal, now: now)
            }
            var filter = OrderStore.Filter()
            var read: [OrderID] = []
            repeat {
                let found = try await service.list(
                    filter, page: Page(limit: 2, offset: 0), by: sample.principal)
                read += found.items.map(\.id)
                filter.after = found.items.last.map { ($0.createdAt, $0.id) }
            } while filter.after != nil && read.count < 20
            let whole = try await service.list(
                .init(), page: Page(limit: 10, offset: 0), by: sample.principal)
            #expect(read == whole.items.map(\.id))
            #expect(read.count == 7)
        }
    }

    @Test("A repeated order names the stored one and says whether it says the same")
    func duplicates() async throws {
        try await run { service, sample in
            let json = sample.orderJSON()
            let first = try await service.create(batch([json]), by: sample.principal, now: now)
            let id = try #require(first.created.first?.id)
            let same = try await service.create(batch([json]), by: sample.principal, now: now)
            #expect(rejections(same) == [.duplicateOrder(id, identical: true)])
            let changed = json.replacing("AF-10001", with: "AF-10002")
            let other = try await service.create(batch([changed]), by: sample.principal, now: now)
            #expect(rejections(other) == [.duplicateOrder(id, identical: false)])
        }
    }

    @Test("A disabled feed takes no orders", arguments: Engine.allCases)
    func disabled(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            _ = try await IntegrationService(database: database).update(
                sample.integration.id, .init(name: nil, status: .disabled, merchantIDs: nil),
                by: sample.principal, now: now)
            let result = try await OrderService(database: database, wake: .silent).create(
                batch([sample.orderJSON()]), by: sample.principal, now: now)
            #expect(rejections(result) == [.invalidIntegration])
        }
    }

    @Test("A change merges nested objects by reference, and the same change again writes nothing")
    func patch() async throws {
        try await run { service, sample in
            let made = try await service.create(
                batch([sample.orderJSON()]), by: sample.principal, now: now)
            let id = try #require(made.created.first?.id)
            let later = now.adding(seconds: 60)
            let patch = try OrderRequest.update.decode(
                Array(
                    """
                    {"order_status":"CLOSED_CANCELLED","customer_email":"a@example.com",
                    "transactions":[{"reference_id":"txn-1","authorisation_code":"A1"},
                    {"reference_id":"txn-2","amount_in_cents":1,"currency":"USD",
                    "payment_method_type":"OTHER","authorisation_status":"SETTLED",
                    "payment_method_reference_id":"p2","authorised_at":"2026-02-18T00:00:00Z"}],
                    "refunds":[{"reference_id":"r1","amount_in_cents":4900,"currency":"USD",
                    "status":"SUCCEEDED","original_transaction_reference_id":"txn-2"}]}
                    """.utf8))
            let changed = try await service.update(id, patch, by: sample.principal, now: later)
            let root = changed.document.root
            #expect(root["order_status"]?.string == "CLOSED_CANCELLED")
            let transactions = try #require(root["transactions"]).elements.map {
                [
                    $0["reference_id"]?.string, $0["authorisation_code"]?.string,
                    $0["currency"]?.string,
                ]
            }
            #expect(transactions == [["txn-1", "A1", "USD"], ["txn-2", nil, "USD"]])
            #expect(changed.updatedAt == later)
            let again = try await service.update(
                id, patch, by: sample.principal, now: later.adding(seconds: 60))
            #expect(again.updatedAt == later)
        }
    }

    @Test(
        "A change that an order cannot take is refused whole",
        arguments: [
            (#"{"reference_id":"other"}"#, OrderRejection.immutableField("reference_id")),
            (#"{"type":"PARTIAL"}"#, .immutableField("type")),
            (#"{"organisation_id":"org_x"}"#, .immutableField("organisation_id")),
            (#"{"order_number":null}"#, .missingField("order_number")),
            (#"{"refunds":[{"reference_id":"r"}]}"#, .missingField("refunds[0].amount_in_cents")),
            (
                #"{"disputes":[{"reference_id":"d","original_transaction_reference_id":"x"}]}"#,
                .invalidReference("disputes[0].original_transaction_reference_id")
            ),
            (
                #"{"transactions":[{"reference_id":"txn-9","amount_in_cents":1,"currency":"USD","payment_method_type":"OTHER","authorisation_status":"SETTLED","payment_method_reference_id":"p2","authorised_at":"2026-02-18T00:00:00Z"}]}"#,
                .duplicateTransaction("transactions[1].reference_id")
            ),
        ])
    func refusedPatch(_ json: String, _ rejection: OrderRejection) async throws {
        try await run { service, sample in
            let made = try await service.create(
                batch([sample.orderJSON(), sample.orderJSON("order-9", transaction: "txn-9")]),
                by: sample.principal, now: now)
            let id = try #require(made.created.first?.id)
            await #expect(throws: rejection) {
                let patch = try OrderRequest.update.decode(Array(json.utf8))
                return try await service.update(id, patch, by: sample.principal, now: now)
            }
            let stored = try await service.find(id, by: sample.principal)
            #expect(stored.version == 1)
        }
    }

    @Test(
        "References are compared byte by byte, and a stored repeat is the first reason to be told")
    func exactReferences() async throws {
        try await run { service, sample in
            let composed = sample.orderJSON("caf\u{E9}", transaction: "t-1")
            let decomposed = sample.orderJSON("cafe\u{301}", transaction: "t-2")
            let both = try await service.create(
                batch([composed, decomposed]), by: sample.principal, now: now)
            #expect(both.created.count == 2)
            let id = try #require(both.created.first?.id)
            let dangling = """
                ,"refunds":[{"reference_id":"r","amount_in_cents":1,"currency":"USD",
                "status":"SUCCEEDED","original_transaction_reference_id":"nope"}]
                """
            let repeated = try await service.create(
                batch([sample.orderJSON("caf\u{E9}", transaction: "t-9", extra: dangling)]),
                by: sample.principal, now: now)
            #expect(rejections(repeated) == [.duplicateOrder(id, identical: false)])
        }
    }

    @Test("An order with too large a document is refused alone, and cannot grow into one")
    func documentSize() async throws {
        try await run { service, sample in
            let body = String(repeating: "x", count: 19_000)
            let talk = (0..<7).map { #"{"subject":"\#($0)","body":"\#(body)"}"# }
            let all = talk.joined(separator: ",")
            let result = try await service.create(
                batch([
                    sample.orderJSON("a", transaction: "a", extra: #","communications":[\#(all)]"#),
                    sample.orderJSON("b", transaction: "b"),
                ]), by: sample.principal, now: now)
            #expect(rejections(result) == [.tooLarge, nil])
            let id = try #require(result.created.first?.id)
            await #expect(throws: OrderRejection.tooLarge) {
                let patch = try OrderRequest.update.decode(
                    Array(#"{"communications":[\#(all)]}"#.utf8))
                return try await service.update(id, patch, by: sample.principal, now: now)
            }
        }
    }

    @Test(
        "A hundred requests at once each hear of their own orders, repeats included",
        arguments: Engine.allCases)
    func concurrent(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let service = OrderService(database: database, wake: .silent)
            let created = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<100 {
                    let name = "o-\(number / 2)"
                    let requests = try batch([sample.orderJSON(name, transaction: "t-\(name)")])
                    group.addTask {
                        let result = try await service.create(
                            requests, by: sample.principal, now: now)
                        #expect(result.outcomes.count == 1)
                        #expect(result.created.allSatisfy { $0.referenceID == name })
                        return result.created.count
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(created == 50)
        }
    }
}
