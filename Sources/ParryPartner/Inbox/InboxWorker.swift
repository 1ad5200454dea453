import Logging
import ParryClient
import ParryDatabase
import ParryWire

/// Works off the inbox: an event says that something changed; what it is now, the platform says.
struct InboxWorker: Sendable {
    let environment: PartnerEnvironment
    let alerts: AlertWorker

    /// What waits, by what it is about: each object is read once for all of its events.
    ///
    /// - Parameter done: Called when an object was read.
    func due(done: @escaping @Sendable () -> Void) async throws -> [WorkPool.Piece] {
        let now = Timestamp.now()
        let due = try await environment.store.database.read {
            try InboxStore.due(now, limit: Self.batch, $0)
        }
        let objects = Dictionary(grouping: due, by: \.objectID)
        return due.map(\.objectID).uniqued().compactMap { object in
            guard let events = objects[object] else { return nil }
            return WorkPool.Piece(key: object) {
                try await workOff(events)
                done()
            }
        }
    }

    private static let batch = 500

    private func workOff(_ events: [InboxStore.Waiting]) async throws {
        guard let event = events.first else { return }
        let before = Timestamp.now()
        do {
            try await read(event)
        } catch {
            guard (error as? ClientError)?.isCancellation != true else { throw CancellationError() }
            guard let refusal = (error as? ClientError)?.refusal, refusal.status == 404 else {
                return try await putOff(events, error)
            }
            environment.logger.warning(
                "an event is about what this key may not see",
                metadata: ["event": "\(event.id)", "object": "\(event.objectID)"])
        }
        try await environment.store.database.write {
            try InboxStore.done(about: event.objectID, receivedUntil: before, $0)
        }
    }

    private func read(_ event: InboxStore.Waiting) async throws {
        switch event.type.split(separator: ".").first {
        case "alert": try await alerts.refresh(event.objectID)
        case "enrolment":
            let document = try await environment.client.read("/v2/enrolments/\(event.objectID)")
            let now = Timestamp.now()
            try await environment.store.database.write {
                try EnrolmentStore.see(document, from: event.id, at: now, $0)
            }
        default: return
        }
    }

    private func putOff(_ events: [InboxStore.Waiting], _ error: any Error) async throws {
        let now = Timestamp.now()
        environment.logger.warning(
            "an event could not be worked off",
            metadata: ["event": "\(events[0].id)", "reason": "\(error)"])
        try await environment.store.database.write { tx in
            for event in events {
                let delay = min(300, Int64(1) << min(event.attempts + 1, 9))
                try InboxStore.failed(event.id, "\(error)", until: now.adding(seconds: delay), tx)
            }
        }
    }
}

extension Sequence where Element: Hashable {
    /// Each element once, where it comes first.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
