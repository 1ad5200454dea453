import Logging
import ParryClient
import ParryDatabase
import ParryWire

/// Does what an ``AlertCase`` says comes next: reads the alert, does the deed, keeps what came of it.
package struct AlertWorker: Sendable {
    let environment: PartnerEnvironment
    let hook: DecisionHook?
    let refunds: RefundGuard

    package init(_ environment: PartnerEnvironment) {
        self.environment = environment
        hook = environment.settings.hook.map {
            DecisionHook(
                settings: $0, http: environment.http, hiddenNames: environment.settings.hiddenNames)
        }
        refunds = RefundGuard(client: environment.client)
    }

    /// How many steps a case can have until it waits; more would be a loop.
    private static let stepsMax = 12

    /// Reads an alert from the platform and keeps it.
    @discardableResult
    package func refresh(_ id: String) async throws -> AlertCase {
        let seen = try SeenAlert(try await environment.client.read("/v1/alerts/\(id)"))
        return try await keep(seen)
    }

    func keep(_ seen: SeenAlert) async throws -> AlertCase {
        let now = Timestamp.now()
        return try await environment.store.database.write { tx in
            guard var alert = try AlertStore.find(seen.id, tx) else {
                let isOurs = try MappingStore.named(seen.organisationID, tx)?.kind != .acceptance
                let alert = AlertCase(seen, isOurs: isOurs, at: now)
                try AlertStore.save(alert, tx)
                try PartnerDatabase.note("came as \(seen.status)", about: seen.id, at: now, tx)
                return alert
            }
            let before = alert
            alert.see(seen, at: now)
            try AlertStore.save(alert, tx)
            if before.status != alert.status {
                try PartnerDatabase.note("is \(alert.status) now", about: alert.id, at: now, tx)
            }
            return alert
        }
    }

    /// Goes on with a case until it waits or has ended.
    package func advance(_ id: String) async throws -> AlertCase? {
        for _ in 0..<Self.stepsMax {
            guard let alert = try await load(id), let due = alert.dueAt,
                due.milliseconds <= Timestamp.now().milliseconds
            else { break }
            try await step(alert)
        }
        return try await load(id)
    }

    func load(_ id: String) async throws -> AlertCase? {
        try await environment.store.database.lookUp { try AlertStore.find(id, $0) }
    }

    /// One step. What fails is tried again; what cannot succeed is left to people.
    private func step(_ before: AlertCase) async throws {
        do {
            // What is done is done about the alert as it is now.
            guard let alert = try await present(before) else { return }
            try await perform(alert)
        } catch let error as ClientError {
            try await failed(before, error)
        } catch let error as PartnerError {
            try await failed(before, error)
        }
    }

    /// The alert as the platform shows it, if the case goes on as it was. Not to be allowed to read it says nothing of
    /// the case, so that is tried again.
    private func present(_ before: AlertCase) async throws -> AlertCase? {
        do throws(ClientError) {
            try await environment.checkMode(of: before.organisationID)
        } catch {
            guard error.refusal == nil else { return try await postpone(before, error) }
            throw error
        }
        let alert: AlertCase
        do {
            alert = try await refresh(before.id)
        } catch {
            guard let refused = error as? ClientError, refused.refusal != nil else { throw error }
            return try await postpone(before, refused)
        }
        return alert.step == before.step && alert.dueAt != nil ? alert : nil
    }

    private func postpone(_ alert: AlertCase, _ error: ClientError) async throws -> AlertCase? {
        try await change(alert, "\(error)") { $0.retry("\(error)", at: $1) }
        warn(alert, error)
        return nil
    }

    /// The hook did not answer as it should: it is asked again later.
    func failed(_ alert: AlertCase, _ error: PartnerError) async throws {
        try Task.checkCancellation()
        try await change(alert, error.description) { $0.retry(error.description, at: $1) }
        warn(alert, error)
    }

    private func perform(_ alert: AlertCase) async throws {
        switch alert.step {
        case .decide: try await decide(alert)
        case .guardRefund:
            let verdict = try await refunds.ask(alert)
            let hasHook = hook != nil
            try await change(alert, "the refund guard says \(verdict.text)") {
                $0.hear(verdict, hasHook: hasHook, at: $1)
            }
        case .refund, .refunding: try await refund(alert)
        case .commit: try await commit(alert)
        case .release:
            let isCommitted = try await refunds.release(alert)
            try await change(
                alert,
                isCommitted ? "the refund was committed before" : "the reservation is released"
            ) {
                if isCommitted { $0.committed(at: $1) } else { $0.released() }
            }
        case .act: try await act(alert)
        case .refundByHand, .left, .ended: return
        }
    }

    private func decide(_ alert: AlertCase) async throws {
        guard let hook else {
            return try await change(alert, "waits for people: there is no hook") { alert, _ in
                alert.leave("there is no hook; decide here")
            }
        }
        let answer = try await hook.decide(alert, in: environment.settings)
        try await change(alert, "the hook decided: \(answer.verdict.rawValue)") {
            $0.decide(answer, at: $1)
        }
    }

    private func act(_ alert: AlertCase) async throws {
        guard let decision = alert.decision, let id = AlertID.given(alert.id) else {
            return try await change(alert, "waits for people: nothing is decided") { alert, _ in
                alert.leave("nothing is decided")
            }
        }
        try await tell(decision, id, alert)
        let now = Timestamp.now()
        try await environment.store.database.write { tx in
            try PartnerDatabase.note(
                "the platform was told \(decision.rawValue)", about: alert.id, at: now, tx)
        }
        guard try await refresh(alert.id).step == .act else { return }
        try await change(alert, "is done") { alert, _ in alert.ended() }
    }

    /// Whether the platform shows what it was to be told: something on the way may send a request twice.
    private func isTold(_ decision: AlertCase.Decision, _ alert: AlertCase) async throws -> Bool {
        let shown = try SeenAlert(try await environment.client.read("/v1/alerts/\(alert.id)"))
        let wanted: RefundOutcome = decision == .refund ? .refunded : .notRefunded
        return shown.status == AlertStatus.resolved.rawValue
            && shown.refundOutcome == wanted.rawValue
    }

    /// A note that the platform does not take must not keep it from hearing what was decided.
    func tell(
        _ decision: AlertCase.Decision, _ id: AlertID, _ alert: AlertCase
    ) async throws {
        // Our own refund is told whatever the network did meanwhile.
        let isForced = decision == .refund && alert.refundIntentID != nil
        do throws(ClientError) {
            try await environment.client.alerts.act(
                decision.action, on: id, note: alert.note, force: isForced)
        } catch {
            if error.code == .alertNotActionable, try await isTold(decision, alert) { return }
            let isOfNote = error.code == .validationError || error.code == .cardNumberRejected
            guard isOfNote, alert.note != nil else { throw error }
            try await change(alert, "the note was refused and is left out: \(error)") { alert, _ in
                alert.note = nil
            }
            try await environment.client.alerts.act(decision.action, on: id, force: isForced)
        }
    }

    private func failed(_ alert: AlertCase, _ error: ClientError) async throws {
        if case .cancelled = error { throw CancellationError() }
        if case .refused(let refusal) = error, !refusal.isWorthRepeating {
            try await change(alert, "\(error)") { alert, _ in alert.leave("\(error)") }
        } else {
            try await change(alert, "\(error)") { $0.retry("\(error)", at: $1) }
        }
        warn(alert, error)
    }

    func warn(_ alert: AlertCase, _ reason: any Error) {
        environment.logger.warning(
            "an alert's step failed",
            metadata: [
                "alert": "\(alert.id)", "step": "\(alert.step.rawValue)", "reason": "\(reason)",
            ])
    }

    /// Keeps what came of a step, unless somebody else went on with the case meanwhile.
    func change(
        _ before: AlertCase, _ what: String,
        _ body: @escaping @Sendable (inout AlertCase, Timestamp) -> Void
    ) async throws {
        let now = Timestamp.now()
        let after = try await environment.store.database.write { tx -> AlertCase? in
            guard var alert = try AlertStore.find(before.id, tx), alert.step == before.step else {
                return nil
            }
            body(&alert, now)
            try AlertStore.save(alert, tx)
            try PartnerDatabase.note(what, about: alert.id, at: now, tx)
            return alert
        }
        guard let after, after.step == .left, before.step != .left else { return }
        environment.logger.warning(
            "an alert waits for people",
            metadata: [
                "alert": "\(after.id)", "deadline": "\(after.deadline?.iso8601 ?? "")",
                "reason": "\(after.reason ?? "")",
            ])
    }
}

extension GuardVerdict {
    fileprivate var text: String {
        switch self {
        case .safe: "SAFE"
        case .alreadyRefunded: "ALREADY_REFUNDED"
        case .inFlight: "IN_FLIGHT"
        case .impossible(let why): "no: \(why)"
        }
    }
}
