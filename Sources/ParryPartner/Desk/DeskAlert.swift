package import ParryWire

/// An alert as the desk shows it: how far its case is, and what the platform says of it.
package struct DeskAlert: Sendable, Hashable {
    /// The case as it was read. What a person decides holds for this state of it and no other.
    package let state: AlertCase
    package let facts: DeskFacts
    /// What we call the customer; the organisation's id where it is not ours.
    package let customer: String

    package init(_ state: AlertCase, customer: String?) {
        self.state = state
        facts = DeskFacts(state.document)
        self.customer = customer ?? state.organisationID
    }

    package var id: String { state.id }

    /// Whether the platform has its transaction, or the case names one.
    package var isMatched: Bool { state.transactionReference != nil }

    package var isOpen: Bool { state.status == AlertStatus.actionRequired.rawValue }

    /// What is to be refunded, or was.
    package var money: String { DeskFormat.money(state.amount, state.currency) }

    /// Who is at it now, in a few words.
    ///
    /// - Parameter hasHook: Without a hook people decide and refund.
    package func turn(hasHook: Bool) -> String {
        switch state.step {
        case .decide: hasHook ? "hook decides" : "you decide"
        case .guardRefund: "asking the guard"
        case .refund, .refunding: "hook refunds"
        case .refundByHand: "you refund"
        case .commit: "telling guard"
        case .release: "releasing"
        case .act: "telling platform"
        case .left: state.refundIntentID == nil ? "you decide" : "you look"
        case .ended: isOpen ? "nobody" : "done"
        }
    }

    /// Time that is left, at most 11 columns wide.
    package func left(at now: Timestamp) -> String {
        guard isOpen else { return "ended" }
        guard let deadline = state.deadline else { return "no deadline" }
        return DeskFormat.left(deadline.milliseconds - now.milliseconds)
    }

    /// Yellow below the second warning, red below the last one and past the deadline.
    ///
    /// - Parameter warnMinutes: The longest first.
    package func urgency(at now: Timestamp, warnMinutes: [Int64]) -> DeskStyle {
        guard isOpen, let deadline = state.deadline else { return .plain }
        let left = deadline.milliseconds - now.milliseconds
        if left <= max(0, warnMinutes.last ?? 0) * 60_000 { return .danger }
        if warnMinutes.count > 1, left <= warnMinutes[1] * 60_000 { return .warning }
        return .plain
    }

    /// Whether a text stands in what is shown of it.
    package func holds(_ text: String) -> Bool {
        let needle = text.lowercased()
        return [
            id, customer, facts.descriptor, money, state.transactionReference, state.reason,
            facts.arn, facts.last4, isMatched ? "matched" : "unmatched", facts.attention,
            state.step.rawValue,
        ].contains { $0?.lowercased().contains(needle) == true }
    }
}

/// What the platform says of an alert, as far as the desk shows it.
package struct DeskFacts: Sendable, Hashable {
    package let networkID: String?
    package let type: String?
    package let descriptor: String?
    package let authorisedAt: String?
    package let receivedAt: String?
    package let code: String?
    package let arn: String?
    package let brand: String?
    package let bin: String?
    package let last4: String?
    package let issuer: String?
    package let amount: Int64?
    package let currency: String?
    package let outcome: String?
    package let note: String?
    /// Why somebody has to look at it.
    package let attention: String?

    init(_ document: [UInt8]) {
        let root = try? JSONDocument.parse(document).root
        func text(_ name: String) -> String? { root?[name]?.string }
        networkID = text("alert_network_id")
        type = text("enrolment_type")
        descriptor = text("transaction_statement_descriptor")
        authorisedAt = text("transaction_authorised_at")
        receivedAt = text("alert_received_at")
        code = text("transaction_authorisation_code")
        arn = text("transaction_acquirer_reference_number")
        brand = text("transaction_card_scheme")
        bin = text("transaction_card_bin")
        last4 = text("transaction_card_last4")
        issuer = text("transaction_card_issuer")
        amount = root?["transaction_amount_in_cents"]?.integer
        currency = text("transaction_currency_code")
        outcome = text("transaction_refund_outcome")
        note = text("note")
        attention = root?["attention"]?["reason"]?.string
    }

    /// `VISA 411111 … 1111`, as much of it as is known.
    package var card: String? {
        let digits = bin == nil && last4 == nil ? nil : "\(bin ?? "") … \(last4 ?? "")"
        let known = [brand, digits].compactMap { $0 }
        return known.isEmpty ? nil : known.joined(separator: " ")
    }
}
