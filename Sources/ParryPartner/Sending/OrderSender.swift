import ParryClient
import ParryDatabase
import ParryWire

/// Sends a feed: batches of 100 in flight side by side, each kept before it goes out, so that a stop at any moment
/// sends nothing twice and forgets nothing.
package struct OrderSender: Sendable {
    let environment: PartnerEnvironment
    let feed: Feed
    let rejects: RejectFile
    let progress: SendProgress
    let courier: OrderCourier
    private let lock: FileLock

    /// How many requests are on their way at once.
    private static let requestsAtOnce = 4

    /// - Throws: ``PartnerError`` while another process sends the feed.
    package init(
        _ environment: PartnerEnvironment, _ feed: Feed, rejects: RejectFile,
        progress: SendProgress
    ) throws {
        self.environment = environment
        self.feed = feed
        self.rejects = rejects
        self.progress = progress
        courier = OrderCourier(environment: environment, feed: feed, rejects: rejects)
        guard let lock = try FileLock.feed(feed, environment.settings) else {
            throw PartnerError(
                "another parry-partner sends the feed \(feed.name); wait for its end")
        }
        self.lock = lock
        rejects.begin()
    }

    /// What a reader gives each order.
    package var target: FeedTarget {
        FeedTarget(organisationID: feed.organisationID, integrationID: feed.integrationID)
    }

    /// Sends all that a reader has; what was on its way when the last run stopped goes first.
    package func send(_ reader: consuming FeedReader) async throws {
        var reader = reader
        try await checkAccount()
        try await resume()
        try await withThrowingTaskGroup(of: SendReport.self) { group in
            var flight = Flight()
            var batch = OrderBatch()
            while let item = try reader.next() {
                progress.note(bytes: reader.offset)
                switch item {
                case .refused(let refusal):
                    try rejects.write(refusal)
                    try await count(.invalid)
                case .order(let order):
                    if batch.isFull(for: order) {
                        try await dispatch(batch, &flight, &group)
                        batch = OrderBatch()
                    }
                    batch.add(order)
                }
            }
            try await dispatch(batch, &flight, &group)
            try await drain(&flight, &group)
        }
    }

    private struct Flight {
        var requests = 0
    }

    /// A key of another account is told before anything is sent.
    private func checkAccount() async throws {
        do throws(ClientError) {
            try await environment.checkMode(of: feed.organisationID.text)
        } catch {
            guard error.refusal?.status == 404 else { throw error }
            throw PartnerError(
                "the platform does not show \(feed.organisationID) to this key; see that the key is of the account that "
                    + "onboarded the feed \(feed.name)")
        }
    }

    private func count(_ report: SendReport) async throws {
        progress.note(report)
        let feed = feed.name
        try await environment.store.database.write {
            try FeedStore.add(report.totals(at: .now()), to: feed, $0)
        }
    }

    /// Sends again what has no answer, with the same bytes and key. The run's own counts begin after it: what the
    /// input has of it comes there, and what the platform refused of it is sent anew with its line.
    private func resume() async throws {
        let feed = feed.name
        let left = try await environment.store.database.read {
            try FeedStore.unanswered(in: feed, $0)
        }
        for batch in left { try await courier.resume(batch) }
    }

    private func dispatch(
        _ batch: OrderBatch, _ flight: inout Flight,
        _ group: inout ThrowingTaskGroup<SendReport, any Error>
    ) async throws {
        var orders = batch.orders.map { SentOrder($0) }
        while !orders.isEmpty {
            let plan = try await plan(orders)
            progress.note(SendReport(known: plan.known, repeated: plan.repeated))
            if !plan.new.isEmpty {
                let kept = try await courier.keep(new: plan.new)
                try await makeRoom(&flight, &group)
                group.addTask { try await courier.deliver(kept, plan.new) }
                flight.requests += 1
            }
            for change in plan.changes {
                let kept = try await courier.keep(change: change.order, of: change.id)
                try await makeRoom(&flight, &group)
                group.addTask { try await courier.deliver(kept, [change.order]) }
                flight.requests += 1
            }
            orders = plan.later
            if !orders.isEmpty { try await drain(&flight, &group) }
        }
    }

    private func plan(_ orders: [SentOrder]) async throws -> SendPlan {
        let (references, feed) = (orders.map(\.reference), feed.name)
        let known = try await environment.store.database.lookUp {
            try FeedStore.known(references, in: feed, $0)
        }
        return SendPlan(orders, known: known)
    }

    private func makeRoom(
        _ flight: inout Flight, _ group: inout ThrowingTaskGroup<SendReport, any Error>
    ) async throws {
        guard flight.requests >= Self.requestsAtOnce, let report = try await group.next() else {
            return
        }
        progress.note(report)
        flight.requests -= 1
    }

    private func drain(
        _ flight: inout Flight, _ group: inout ThrowingTaskGroup<SendReport, any Error>
    ) async throws {
        while let report = try await group.next() { progress.note(report) }
        flight.requests = 0
    }
}

extension SendReport {
    fileprivate static let invalid = SendReport(invalid: 1)
}
