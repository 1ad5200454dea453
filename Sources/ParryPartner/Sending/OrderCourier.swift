import Logging
import ParryClient
import ParryDatabase
import ParryWire

/// Brings one kept request to the platform and keeps its answer.
struct OrderCourier: Sendable {
    let environment: PartnerEnvironment
    let feed: Feed
    let rejects: RejectFile

    /// Keeps a request for new orders before it is sent.
    func keep(new orders: [SentOrder]) async throws -> FeedStore.Batch {
        try await keep(
            IdempotencyKey.fresh().text, nil, OrderBatch.body(orders.map(\.document)), orders)
    }

    /// Keeps a request for the change of an order.
    func keep(change order: SentOrder, of id: String) async throws -> FeedStore.Batch {
        try await keep(IdempotencyKey.fresh().text, id, order.document, [order])
    }

    private func keep(
        _ key: String, _ orderID: String?, _ body: [UInt8], _ orders: [SentOrder]
    ) async throws -> FeedStore.Batch {
        let feed = feed.name
        let id = try await environment.store.database.write { tx in
            try FeedStore.begin(
                (key, orderID, body), orders.map { ($0.reference, $0.digest) }, in: feed,
                at: .now(), tx)
        }
        return FeedStore.Batch(id: id, key: key, orderID: orderID, body: body)
    }

    /// A request of an earlier run. What is refused of it is only logged: the line is not known any more.
    func resume(_ batch: FeedStore.Batch) async throws {
        let documents =
            batch.orderID == nil ? OrderBatch.documents(batch.body) : [batch.body]
        _ = try await deliver(batch, documents.compactMap { SentOrder(kept: $0) })
    }

    /// Writes a refusal, or logs it where the record's line is not known.
    private func refuse(_ order: SentOrder, _ reasons: [FeedReason]) throws {
        guard order.line == nil else { return try rejects.write(order.refusal(reasons)) }
        environment.logger.warning(
            "an order of an earlier run was refused",
            metadata: [
                "reference": "\(order.reference)", "code": "\(reasons.first?.code ?? "")",
                "reason": "\(reasons.first?.message ?? "")",
            ])
    }

    /// The feed itself is not at the platform that the key is for: nothing is wrong with the orders.
    private func check(_ answer: UploadAnswer, _ batch: FeedStore.Batch) async throws {
        let feedless: [ErrorCode] = [.invalidOrganisation, .invalidIntegration]
        guard answer.stored.isEmpty, answer.different.isEmpty, let first = answer.refused.first,
            answer.refused.allSatisfy({ refused in
                refused.why.contains { reason in feedless.contains { reason.code == $0.rawValue } }
            })
        else { return }
        try await end(batch, SendReport())
        throw PartnerError(
            "the platform refuses the feed \(feed.name) (\(first.why.first?.code ?? "")); see that the key is of the "
                + "account that onboarded it, and that the integration \(feed.integrationID) is ENABLED"
        )
    }

    /// Sends a request and keeps what the platform answers.
    ///
    /// - Throws: `ClientError` where there is no answer, or the key is refused; the request stays kept.
    func deliver(_ batch: FeedStore.Batch, _ orders: [SentOrder]) async throws -> SendReport {
        if let id = batch.orderID { return try await change(batch, id, orders) }
        do throws(ClientError) {
            let upload = try await environment.client.orders.create(
                documents: orders.map(\.document), idempotencyKey: IdempotencyKey(batch.key))
            return try await settle(batch, orders, upload)
        } catch {
            guard let refusal = error.refusal, orders.count > 0 else { throw error }
            return try await settle(batch, orders, refused: refusal, error)
        }
    }

    /// Nothing of the request was processed. What is named is refused, and the rest goes out anew.
    private func settle(
        _ batch: FeedStore.Batch, _ orders: [SentOrder], refused refusal: Refusal,
        _ error: ClientError
    ) async throws -> SendReport {
        guard refusal.status == 422 || refusal.status == 413 else { throw error }
        let named = Dictionary(grouping: refusal.errors) { Self.index($0.field) ?? -1 }
        let isWhole = named.keys.allSatisfy { !orders.indices.contains($0) }
        var report = SendReport()
        guard isWhole else {
            let bad = orders.indices.filter { named[$0] != nil }
            for index in bad {
                let reasons = (named[index] ?? []).map {
                    FeedReason(Self.path($0.field), $0.code, $0.message)
                }
                try refuse(orders[index], reasons)
            }
            report.refused = Int64(bad.count)
            let good = orders.indices.filter { named[$0] == nil }.map { orders[$0] }
            return try await replace(batch, by: good.isEmpty ? [] : [good], report)
        }
        guard orders.count > 1 else {
            let reason = FeedReason("", refusal.code.text, refusal.message)
            try refuse(orders[0], [reason])
            report.refused = 1
            try await end(batch, report)
            return report
        }
        let half = orders.count / 2
        return try await replace(
            batch, by: [Array(orders[..<half]), Array(orders[half...])], report)
    }

    /// Ends a request and keeps others in its place, in one go, so that nobody else takes their references; then sends
    /// these.
    private func replace(
        _ batch: FeedStore.Batch, by parts: [[SentOrder]], _ report: SendReport
    ) async throws -> SendReport {
        let feed = feed.name
        let requests = parts.map { part in
            (
                orders: part, key: IdempotencyKey.fresh().text,
                body: OrderBatch.body(part.map(\.document))
            )
        }
        let ids = try await environment.store.database.write { tx in
            try FeedStore.end(batch.id, tx)
            try FeedStore.add(report.totals(at: .now()), to: feed, tx)
            return try requests.map { request in
                try FeedStore.begin(
                    (request.key, nil, request.body),
                    request.orders.map { ($0.reference, $0.digest) }, in: feed, at: .now(), tx)
            }
        }
        var report = report
        for (id, request) in zip(ids, requests) {
            let kept = FeedStore.Batch(id: id, key: request.key, orderID: nil, body: request.body)
            report.add(try await deliver(kept, request.orders))
        }
        return report
    }

    /// `[12].transactions[0].currency` is the thirteenth order's.
    private static func index(_ field: String) -> Int? {
        guard field.hasPrefix("["), let end = field.firstIndex(of: "]") else { return nil }
        return Int(field[field.index(after: field.startIndex)..<end])
    }

    private static func path(_ field: String) -> String {
        guard let end = field.firstIndex(of: "]") else { return field }
        return String(field[field.index(after: end)...].drop { $0 == "." })
    }

    private func settle(
        _ batch: FeedStore.Batch, _ orders: [SentOrder], _ upload: OrderUpload
    ) async throws(ClientError) -> SendReport {
        do {
            let answer = UploadAnswer(orders, upload)
            try await check(answer, batch)
            for refusal in answer.refused { try refuse(refusal.order, refusal.why) }
            for order in answer.unanswered {
                let reason = FeedReason(
                    "", "NO_ANSWER", "The platform's answer does not name the order.")
                try refuse(order, [reason])
            }
            try await keep(answer, batch)
            var report = answer.report
            for (order, id) in try await differing(answer) {
                report.add(try await deliver(try await keep(change: order, of: id), [order]))
            }
            return report
        } catch {
            throw error as? ClientError ?? .misused("\(error)")
        }
    }

    private func keep(_ answer: UploadAnswer, _ batch: FeedStore.Batch) async throws {
        let feed = feed.name
        let report = answer.report
        try await environment.store.database.write { tx in
            for (order, id) in answer.stored {
                try FeedStore.stored(order.reference, as: id, digest: nil, in: feed, tx)
            }
            for (order, id) in answer.different {
                guard let id else { continue }
                // Whatever it says there, it is not this.
                try FeedStore.stored(order.reference, as: id, digest: [], in: feed, tx)
            }
            try FeedStore.end(batch.id, tx)
            try FeedStore.add(report.totals(at: .now()), to: feed, tx)
        }
    }

    /// Orders that the platform has and that say something else there, with their ids.
    private func differing(
        _ answer: UploadAnswer
    ) async throws -> [(order: SentOrder, id: String)] {
        var found: [(order: SentOrder, id: String)] = []
        for (order, id) in answer.different {
            if let id {
                found.append((order, id))
            } else if let stored = try await environment.client.orders.find(
                referenceID: order.reference, integrationID: feed.integrationID)
            {
                found.append((order, stored.id.text))
            } else {
                let reason = FeedReason(
                    "", ErrorCode.duplicateOrder.rawValue,
                    "The platform says that it has the order, and does not show it to this key.")
                try refuse(order, [reason])
            }
        }
        return found
    }

    private func change(
        _ batch: FeedStore.Batch, _ id: String, _ orders: [SentOrder]
    ) async throws -> SendReport {
        guard let order = orders.first, let orderID = OrderID.given(id) else {
            try await end(batch, SendReport())
            return SendReport()
        }
        var report = SendReport()
        do throws(ClientError) {
            try await environment.client.orders.update(orderID, document: order.document)
            report.changed = 1
        } catch {
            guard let refusal = error.refusal, [404, 413, 422].contains(refusal.status) else {
                throw error
            }
            let reasons =
                refusal.errors.isEmpty
                ? [FeedReason("", refusal.code.text, refusal.message)]
                : refusal.errors.map { FeedReason($0.field, $0.code, $0.message) }
            try refuse(order, reasons)
            report.refused = 1
        }
        let (feed, isChanged) = (feed.name, report.changed == 1)
        let totals = report.totals(at: .now())
        try await environment.store.database.write { tx in
            if isChanged {
                try FeedStore.keep(order.reference, as: id, order.digest, in: feed, tx)
            }
            try FeedStore.end(batch.id, tx)
            try FeedStore.add(totals, to: feed, tx)
        }
        return report
    }

    private func end(_ batch: FeedStore.Batch, _ report: SendReport) async throws {
        let feed = feed.name
        try await environment.store.database.write { tx in
            try FeedStore.end(batch.id, tx)
            try FeedStore.add(report.totals(at: .now()), to: feed, tx)
        }
    }
}
