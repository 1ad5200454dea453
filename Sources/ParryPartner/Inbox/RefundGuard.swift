import ParryClient
import ParryWire

/// Asks the platform's refund guard, so that nothing is refunded twice.
struct RefundGuard: Sendable {
    let client: ParryClient

    /// Reserves what is to be refunded.
    ///
    /// - Throws: `ClientError` where asking again can help.
    func ask(_ alert: AlertCase) async throws -> GuardVerdict {
        guard let reference = alert.transactionReference,
            let integration = alert.integrationID.flatMap({ IntegrationID.given($0) }),
            let organisation = OrganisationID.given(alert.organisationID)
        else {
            return .impossible(
                "no transaction is known, so the refund guard cannot be asked; find the order, then decide"
            )
        }
        guard let amount = alert.amount, let currency = alert.currency else {
            return .impossible("the alert has no amount, so the refund guard cannot be asked")
        }
        do throws(ClientError) {
            let answer = try await client.refundIntents.ask(
                NewRefundIntent(
                    organisationID: organisation, integrationID: integration,
                    transactionReferenceID: reference,
                    amountInCents: amount, currency: currency,
                    expiresInSeconds: Self.reservationSeconds),
                idempotencyKey: IdempotencyKey("\(alert.id)-refund-\(alert.round)"))
            return verdict(answer)
        } catch {
            guard case .refused(let refusal) = error, !refusal.isWorthRepeating else { throw error }
            return .impossible(
                "the refund guard refused (\(refusal.code)): \(refusal.message)")
        }
    }

    /// Three days: until a day after the deadline, so that nobody else refunds while the hook or a person is at it.
    /// It is the same for each question, as a question that is repeated has to be.
    private static let reservationSeconds: Int64 = 259_200

    private func verdict(_ answer: RefundIntentAnswer) -> GuardVerdict {
        switch answer.outcome.known {
        case .safe:
            guard let intent = answer.refundIntent else {
                return .impossible("the refund guard's answer names no intent")
            }
            return .safe(intent: intent.id.text)
        case .alreadyRefunded: return .alreadyRefunded
        case .inFlight: return .inFlight
        case .exceedsRemaining:
            return .impossible(
                "more than is left of the transaction would be refunded; decide by hand")
        case nil: return .impossible("the refund guard answered \(answer.outcome)")
        }
    }

    /// What became of a reservation.
    enum Reservation: Sendable {
        /// It holds for as long as a hook takes.
        case holds
        /// It does not, or not long enough.
        case gone
        /// Somebody said that the money went back.
        case committed
    }

    /// Looks whether a reservation holds for so long.
    func reservation(_ alert: AlertCase, forSeconds seconds: Int64) async throws -> Reservation {
        guard let id = alert.refundIntentID.flatMap({ RefundIntentID.given($0) }) else {
            return .gone
        }
        let intent = try await client.refundIntents.get(id)
        if intent.status == .committed { return .committed }
        let needed = Timestamp.now().adding(seconds: seconds + (client.clockOffsetSeconds ?? 0))
        let holds = intent.expiresAt.map { $0 > needed } ?? true
        return intent.status == .reserved && holds ? .holds : .gone
    }

    /// Tells the guard that the money went back.
    func commit(_ alert: AlertCase) async throws {
        guard let id = alert.refundIntentID.flatMap({ RefundIntentID.given($0) }) else { return }
        _ = try await client.refundIntents.commit(
            id, refundReferenceID: reference(alert) ?? id.text)
    }

    /// The refund's reference, where it can be one; without it the intent's own id names the refund.
    private func reference(_ alert: AlertCase) -> String? {
        alert.refundReference.flatMap {
            1...250 ~= $0.utf8.count && !CardNumber.appears(in: $0) ? $0 : nil
        }
    }

    /// Tells the guard that it does not.
    ///
    /// - Returns: Whether somebody had said that it did.
    func release(_ alert: AlertCase) async throws -> Bool {
        guard let id = alert.refundIntentID.flatMap({ RefundIntentID.given($0) }) else {
            return false
        }
        do throws(ClientError) {
            _ = try await client.refundIntents.release(id)
            return false
        } catch {
            guard error.code?.known == .refundIntentEnded else { throw error }
            return try await client.refundIntents.get(id).status == .committed
        }
    }
}

extension Refusal {
    /// Whether the same request can succeed later by itself.
    ///
    /// An answer without the platform's code is something else's on the way, such as a proxy's page.
    var isWorthRepeating: Bool {
        status == 429 || status == 401 || status >= 500 || code.text.hasPrefix("HTTP_")
    }
}
