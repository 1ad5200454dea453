import Foundation
import ParryClient
import ParryDatabase
package import ParryWire

/// Does what a person chose at the desk, and takes the case forward.
///
/// The decision is kept first, and only where the case is still as the person saw it. Then the desk goes on with
/// the case itself, unless a daemon runs: that one does it, and the desk waits to see what comes of it. A desk that
/// is ended on the way loses nothing: the case goes on with the next daemon or desk.
package struct DeskDeeds: Sendable {
    private let environment: PartnerEnvironment
    private let reader: DeskReader
    /// The person, for the journal.
    private let person: String

    /// How long to wait for a daemon, or for another desk.
    private static let patience: Duration = .seconds(15)
    private static let pause: Duration = .milliseconds(200)

    package init(_ environment: PartnerEnvironment) {
        self.environment = environment
        reader = DeskReader(environment)
        person = ProcessInfo.processInfo.userName
    }

    /// Does it, and says what came of it.
    ///
    /// - Throws: `ClientError`, ``PartnerError`` or a `DatabaseError` where it could not be done.
    package func perform(_ plan: DeskPlan) async throws -> DeskState.Notice {
        let hasHook = environment.settings.hook != nil
        if let obstacle = plan.obstacle(hasHook: hasHook) {
            return DeskState.Notice(obstacle, isGood: false)
        }
        switch plan.action {
        case .refund:
            return try await decide(plan, "REFUND") { $0.decide(.refund, note: plan.note, at: $1) }
        case .accept:
            return try await decide(plan, "ACCEPT_DISPUTE") {
                $0.decide(.accept, note: plan.note, at: $1)
            }
        case .confirm(let reference):
            return try await decide(plan, "refunded by hand (\(reference))") {
                $0.note = plan.note ?? $0.note
                $0.refunded(reference: reference, at: $1)
            }
        case .release:
            return try await decide(plan, "not refunded after all") {
                $0.notRefunded("not refunded after all; decide again", at: $1)
            }
        case .note(let text): return try await note(text, plan.alert.id)
        case .match(let transaction, let integration):
            return try await match(plan.alert.id, transaction, integration)
        case .escalate: return try await escalate(plan.alert.id)
        }
    }

    private func decide(
        _ plan: DeskPlan, _ what: String,
        _ body: @escaping @Sendable (inout AlertCase, Timestamp) -> Void
    ) async throws -> DeskState.Notice {
        let now = Timestamp.now()
        let line = "at the desk, by \(person): \(what)"
        let change = try await environment.store.database.write { tx in
            try DeskStore.change(plan.alert.state, line, at: now, tx) { body(&$0, now) }
        }
        switch change {
        case .otherwise(let last):
            return DeskState.Notice(
                "Somebody else was faster, and nothing was done here: \(last)", isGood: false)
        case .done: return outcome(try await follow(plan.alert.id))
        }
    }

    /// Goes on with what is due, as after a step that failed.
    package func resume(_ id: String) async throws -> DeskState.Notice? {
        let alert = try await reader.alert(id).state
        guard alert.step != .decide, let due = alert.dueAt,
            due.milliseconds <= Timestamp.now().milliseconds
        else { return nil }
        return outcome(try await follow(id))
    }

    /// Takes the case forward, or waits while a daemon or another desk does. A daemon that is started just then is told
    /// that another one runs: the lock is held until the case waits.
    private func follow(_ id: String) async throws -> AlertCase {
        let clock = ContinuousClock()
        let end = clock.now + Self.patience
        while clock.now < end {
            if let lock = try FileLock.daemon(environment.settings) {
                defer { withExtendedLifetime(lock) {} }
                _ = try await AlertWorker(environment).advance(id)
                return try await reader.alert(id).state
            }
            let alert = try await reader.alert(id).state
            // It waits for people, it is done, or it failed and is tried later.
            guard let due = alert.dueAt, due.milliseconds <= Timestamp.now().milliseconds else {
                return alert
            }
            try await clock.sleep(for: Self.pause)
        }
        return try await reader.alert(id).state
    }

    private func outcome(_ alert: AlertCase) -> DeskState.Notice {
        DeskOutcome.notice(alert, at: .now())
    }

    private func note(_ text: String, _ id: String) async throws -> DeskState.Notice {
        try await environment.client.alerts.note(text.isEmpty ? nil : text, on: alertID(id))
        try await AlertWorker(environment).refresh(id)
        try await journal(id, text.isEmpty ? "took the note off" : "wrote a note")
        return DeskState.Notice(
            text.isEmpty ? "The note is gone." : "The note is written.", isGood: true)
    }

    private func match(
        _ id: String, _ transaction: String, _ integration: String?
    ) async throws -> DeskState.Notice {
        try await environment.client.alerts.setMatch(
            of: alertID(id), transactionID: transaction,
            integrationID: integration.flatMap { IntegrationID.given($0) })
        try await AlertWorker(environment).refresh(id)
        try await journal(id, "set the match to \(transaction)")
        return DeskState.Notice(
            "The alert is about \(transaction) now. Look at the order, then decide.", isGood: true)
    }

    private func escalate(_ id: String) async throws -> DeskState.Notice {
        let path = DeskBundle.fileName(id)
        let isWhole = try await write(id, to: path)
        return DeskState.Notice(
            isWhole
                ? "The bundle is in \(path)."
                : "The bundle is in \(path); some of it could not be read, as it says.",
            isGood: isWhole)
    }

    /// The escalation bundle of an alert, and whether everything could be read.
    package func bundle(_ id: String) async throws -> (json: [UInt8], isWhole: Bool) {
        let detail = try await reader.detail(id)
        let bundle = DeskBundle(detail, in: DeskModel(environment.settings), at: .now())
        return (bundle.json(), detail.problems.isEmpty)
    }

    /// Writes the bundle; only its owner may read the file.
    @discardableResult
    package func write(_ id: String, to path: String) async throws -> Bool {
        let (json, isWhole) = try await bundle(id)
        try DeskFile.write(json + [UInt8(ascii: "\n")], to: path)
        try await journal(id, "wrote an escalation bundle")
        return isWhole
    }

    private func journal(_ id: String, _ what: String) async throws {
        let line = "at the desk, by \(person): \(what)"
        let now = Timestamp.now()
        try await environment.store.database.write {
            try PartnerDatabase.note(line, about: id, at: now, $0)
        }
    }

    private func alertID(_ id: String) throws -> AlertID {
        guard let id = AlertID.given(id) else { throw PartnerError("\(id) is no alert's id") }
        return id
    }
}

/// What a case came to, in one sentence.
package enum DeskOutcome {
    /// A good one needs nothing, or what the person expected.
    package static func notice(_ alert: AlertCase, at now: Timestamp) -> DeskState.Notice {
        let money = DeskFormat.money(alert.amount, alert.currency)
        switch alert.step {
        case .ended: return ended(alert)
        case .refundByHand:
            return DeskState.Notice(
                "SAFE: \(money) is reserved. Refund it at your processor, then confirm it (c).",
                isGood: true)
        case .left:
            return DeskState.Notice(
                "It waits for people: \(alert.reason ?? "decide")", isGood: alert.decision == nil)
        default: return DeskState.Notice(waiting(alert, now), isGood: false)
        }
    }

    /// It may have ended at the platform before it could be told what was decided.
    private static func ended(_ alert: AlertCase) -> DeskState.Notice {
        let outcome = DeskFacts(alert.document).outcome
        let wanted: RefundOutcome? = alert.decision.map { $0 == .refund ? .refunded : .notRefunded }
        let state = [alert.status, outcome].compactMap { $0 }.joined(separator: ", ")
        guard wanted == nil || outcome == wanted?.rawValue else {
            return DeskState.Notice("The alert ended otherwise: it is \(state).", isGood: false)
        }
        return DeskState.Notice("Done: the alert is \(state).", isGood: true)
    }

    private static func waiting(_ alert: AlertCase, _ now: Timestamp) -> String {
        let left = (alert.dueAt?.milliseconds ?? 0) - now.milliseconds
        guard alert.attempts > 0, left > 0 else {
            return "It is kept, and goes on at the step \(alert.step.rawValue)."
        }
        let reason = alert.reason ?? "the step \(alert.step.rawValue) failed"
        return "Not done yet: \(reason) The next try is due in \(DeskFormat.span(left / 1_000))."
    }
}
