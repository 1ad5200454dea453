import ParryDatabase
import ParryDomain
import ParryService
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

@Suite("PARTIAL orders")
struct PartialOrderTests {
    private let now = Sample.start

    private func order(
        _ sample: Sample, _ integration: IntegrationID, _ reference: String,
        transactions: String?
    ) throws -> RequestObject {
        let list = transactions.map { #","transactions":[\#($0)]"# } ?? ""
        let json = """
            {"type":"PARTIAL","organisation_id":"\(sample.organisation.id)",
            "integration_id":"\(integration)","reference_id":"\(reference)"\(list)}
            """
        return try OrderRequest.create.decode(Array(json.utf8))
    }

    private func rejections(_ result: OrderBatchResult) -> [OrderRejection?] {
        result.outcomes.map { if case .rejected(let rejection, _) = $0 { rejection } else { nil } }
    }

    @Test(
        "They go to a processor's integration, and each transaction is named by one reference",
        arguments: Engine.allCases)
    func feeds(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let integrations = IntegrationService(database: database)
            let stripe = try await integrations.createForProcessor(
                .stripe, name: "Stripe", organisation: sample.organisation.id,
                merchants: [sample.merchant.id], now: now)
            let orders = OrderService(database: database, wake: .silent)
            let requests = [
                try order(sample, stripe.id, "a", transactions: #"{"reference_id":"t-1"}"#),
                try order(
                    sample, stripe.id, "b",
                    transactions: #"{"payment_method_reference_id":"pi_1"}"#),
                try order(sample, stripe.id, "c", transactions: #"{"currency":"USD"}"#),
                try order(sample, stripe.id, "d", transactions: nil),
                try order(
                    sample, stripe.id, "e",
                    transactions: #"{"payment_method_reference_id":"pi_1"}"#),
                try order(
                    sample, sample.integration.id, "f", transactions: #"{"reference_id":"t-9"}"#),
            ]
            let result = try await orders.create(requests, by: sample.principal, now: now)
            #expect(
                rejections(result) == [
                    nil, nil, .missingField("transactions[0].reference_id"),
                    .missingField("transactions"),
                    .duplicateTransaction("transactions[0].reference_id"), .invalidOrderType,
                ])
            let complete = try OrderRequest.create.decode(
                Array(
                    sample.orderJSON().replacing(sample.integration.id.text, with: stripe.id.text)
                        .utf8))
            let wrong = try await orders.create([complete], by: sample.principal, now: now)
            #expect(rejections(wrong) == [.invalidOrderType])
        }
    }

    @Test(
        "A transaction that only the processor's reference names is changed, and referred to, by it",
        arguments: Engine.allCases)
    func changes(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let stripe = try await IntegrationService(database: database).createForProcessor(
                .stripe, name: "Stripe", organisation: sample.organisation.id,
                merchants: [sample.merchant.id], now: now)
            let orders = OrderService(database: database, wake: .silent)
            let first = try order(
                sample, stripe.id, "a", transactions: #"{"payment_method_reference_id":"pi_1"}"#)
            let made = try await orders.create([first], by: sample.principal, now: now)
            let id = try #require(made.created.first?.id)
            let patch = """
                {"transactions":[{"payment_method_reference_id":"pi_1","currency":"USD"}],
                "refunds":[{"reference_id":"r","amount_in_cents":1,"currency":"USD",
                "status":"SUCCEEDED","original_transaction_reference_id":"pi_1"}]}
                """
            for _ in 1...2 {
                let stored = try await orders.update(
                    id, try OrderRequest.update.decode(Array(patch.utf8)), by: sample.principal,
                    now: now)
                let transactions = stored.document.root["transactions"]
                #expect(
                    transactions?.elements.map { $0["currency"]?.string } == ["USD"])
                #expect(stored.version == 2)
            }
        }
    }

    @Test("A processor's integration is not changed through the API", arguments: Engine.allCases)
    func unchangeable(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let service = IntegrationService(database: database)
            let adyen = try await service.createForProcessor(
                .adyen, name: "Adyen", organisation: sample.organisation.id,
                merchants: [sample.merchant.id], now: now)
            await #expect(throws: IntegrationError.unsupportedType) {
                try await service.update(
                    adyen.id, .init(name: "New", status: nil, merchantIDs: nil),
                    by: sample.principal, now: now)
            }
            await #expect(throws: NotFound("merchant")) {
                try await service.createForProcessor(
                    .shopify, name: "x", organisation: sample.organisation.id,
                    merchants: [.make(at: now, slot: 0)], now: now)
            }
        }
    }
}
