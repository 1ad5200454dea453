import ParryClient
import ParryWire

// What moves money: only under a reservation that holds, and never forgotten.
extension AlertWorker {
    /// The hook refunds only under a reservation that outlasts it.
    func refund(_ alert: AlertCase) async throws {
        guard let hook else {
            return try await change(alert, "waits for people: there is no hook") { alert, _ in
                alert.leaveRefund("there is no hook any more")
            }
        }
        let wasAsked = alert.step == .refunding
        let needed = hook.settings.timeoutSeconds + Self.reservationMarginSeconds
        guard wasAsked || !alert.isTooLate(toTake: needed, at: environment.platformNow) else {
            return try await change(alert, "too little time is left to refund") { alert, _ in
                alert.leave("too little time is left before the deadline to refund; decide by hand")
            }
        }
        guard alert.isOpen || !wasAsked else {
            return try await change(alert, "the alert ended while the hook refunded") { alert, _ in
                alert.leaveRefund("the alert ended while the hook refunded")
            }
        }
        switch try await refunds.reservation(alert, forSeconds: needed) {
        case .holds: try await refund(alert, hook)
        case .committed:
            try await change(alert, "the refund is committed already") { $0.committed(at: $1) }
        case .gone where wasAsked:
            try await change(alert, "the reservation expired while the hook refunded") { alert, _ in
                alert.leaveRefund("the reservation expired while the hook refunded")
            }
        case .gone:
            _ = try await refunds.release(alert)
            try await change(alert, "the reservation expired, and is asked for anew") {
                $0.reserveAgain(at: $1)
            }
        }
    }

    /// What a commit may take after the hook's answer.
    private static let reservationMarginSeconds: Int64 = 30

    private func refund(_ before: AlertCase, _ hook: DecisionHook) async throws {
        try await change(before, "the hook is asked to refund") { $0.beginRefund(at: $1) }
        guard let alert = try await load(before.id), alert.step == .refunding else { return }
        do {
            switch try await hook.refund(alert, in: environment.settings) {
            case .refunded(let reference):
                try await change(alert, "the hook refunded\(reference.map { " (\($0))" } ?? "")") {
                    $0.refunded(reference: reference, at: $1)
                }
            case .refused(let reason):
                try await change(alert, "the hook did not refund: \(reason)") {
                    $0.notRefunded(reason, at: $1)
                }
            }
        } catch let error as PartnerError {
            try await failed(alert, error)
        }
    }

    /// The money went back. The platform hears it before the deadline even where the guard does not.
    func commit(_ alert: AlertCase) async throws {
        do throws(ClientError) {
            try await Self.narrow { try await refunds.commit(alert) }
        } catch {
            let isFinal = error.refusal.map { !$0.isWorthRepeating } ?? false
            guard !isFinal else {
                return try await change(alert, "the guard refused the commit: \(error)") {
                    $0.committed(at: $1)
                }
            }
            if alert.isOpen,
                alert.isTooLate(toTake: Self.urgentSeconds, at: environment.platformNow),
                let id = AlertID.given(alert.id)
            {
                try await tell(.refund, id, alert)
                try await refresh(alert.id)
            }
            throw error
        }
        try await change(alert, "the refund is committed") { $0.committed(at: $1) }
    }

    /// From here on the action comes before the commit.
    private static let urgentSeconds: Int64 = 3_600

    private static func narrow(_ body: () async throws -> Void) async throws(ClientError) {
        do { try await body() } catch { throw error as? ClientError ?? .misused("\(error)") }
    }
}
