import ParryClient
package import ParryWire

extension DeskSheet {
    /// Everything about an alert.
    ///
    /// - Parameter detail: nil while it is being read.
    package static func alert(
        _ alert: DeskAlert, _ detail: DeskDetail?, in model: DeskModel, at now: Timestamp,
        columns: Int
    ) -> DeskSheet {
        var sheet = DeskSheet(columns: columns)
        sheet.addFacts(alert, model, now)
        sheet.addCase(alert, model, now)
        guard let detail else {
            sheet.heading("The platform")
            sheet.text("is being asked …", .dim)
            return sheet
        }
        sheet.addProblems(detail)
        sheet.addMatch(detail)
        sheet.addOrder(detail)
        sheet.addIntents(detail)
        sheet.addJournal(detail)
        return sheet
    }

    private mutating func addFacts(_ alert: DeskAlert, _ model: DeskModel, _ now: Timestamp) {
        let facts = alert.facts
        heading("Alert \(alert.id)")
        value("Customer", alert.customer)
        value("Status", alert.state.status + (facts.outcome.map { ", \($0)" } ?? ""))
        value(
            "Time left", alert.left(at: now), alert.urgency(at: now, warnMinutes: model.warnMinutes)
        )
        value("Deadline", alert.state.deadline.map(DeskFormat.moment))
        value("Attention", facts.attention, .danger)
        value("Amount", DeskFormat.money(facts.amount, facts.currency))
        value("Descriptor", facts.descriptor)
        value("Card", facts.card)
        value("Issuer", facts.issuer)
        value("Authorisation code", facts.code)
        value("ARN", facts.arn)
        value("Authorised", facts.authorisedAt)
        value("Received", facts.receivedAt)
        value("Network's id", facts.networkID)
        value("Note", facts.note)
    }

    private mutating func addCase(_ alert: DeskAlert, _ model: DeskModel, _ now: Timestamp) {
        let state = alert.state
        heading("Case")
        value("Who is at it", "\(alert.turn(hasHook: model.hasHook)) (\(state.step.rawValue))")
        value("Decision", state.decision?.rawValue)
        value("Reason", state.reason)
        value("Transaction", state.transactionReference ?? "none: the alert is unmatched")
        if let intent = state.refundIntentID { value("Reserved", "\(alert.money), \(intent)") }
        value("Refund", state.refundReference)
        value("Tries", DeskSheet.tries(state, at: now))
    }

    /// When a step that failed is tried again.
    static func tries(_ state: AlertCase, at now: Timestamp) -> String? {
        guard state.attempts > 0, let due = state.dueAt else { return nil }
        let left = due.milliseconds - now.milliseconds
        let next = left > 0 ? "in \(DeskFormat.span(left / 1_000))" : "now"
        return "\(state.attempts) failed; the next one is due \(next)"
    }

    private mutating func addProblems(_ detail: DeskDetail) {
        guard !detail.problems.isEmpty else { return }
        heading("What could not be read")
        for problem in detail.problems { text(problem, .warning) }
    }

    private mutating func addMatch(_ detail: DeskDetail) {
        guard let match = detail.match else { return }
        heading("Match: \(match.outcome)")
        value("Confidence", match.confidence)
        if match.isSetByHand == true { value("Set", "by hand") }
        value("Flags", match.flags?.joined(separator: ", "))
        value("Candidates", match.candidateCount.map(String.init))
        for (index, candidate) in (match.candidates ?? []).enumerated() {
            addCandidate(index + 1, candidate, detail)
        }
    }

    private mutating func addCandidate(
        _ number: Int, _ candidate: MatchCandidate, _ detail: DeskDetail
    ) {
        let order = detail.order(of: candidate).map { ", order \($0.referenceID)" } ?? ""
        let sale = DeskFormat.money(candidate.amountInCents, candidate.currency)
        let rule = candidate.rule.map { "by \($0)" } ?? "near miss"
        let score = candidate.score.map { ", score \($0)" } ?? ""
        value(
            "\(number)", "\(candidate.integrationTransactionID)\(order): \(sale), \(rule)\(score)")
        let evidence = (candidate.evidence ?? []).map { "\($0.field) \($0.result)" }
        value("", (evidence + (candidate.flags ?? [])).joined(separator: ", "), .dim)
    }

    private mutating func addOrder(_ detail: DeskDetail) {
        guard let order = detail.order else { return }
        heading("Order \(order.referenceID)")
        value("Number", order.orderNumber)
        value("Status", order.orderStatus?.text)
        value("Ordered", order.orderDatetime.map(DeskFormat.moment))
        value("Total", DeskFormat.money(order.orderTotalAmountInCents, order.orderCurrency))
        for sale in order.transactions ?? [] {
            let card = [sale.paymentMethodCardBrand?.text, sale.paymentMethodCardLast4]
            let parts: [String?] = [
                sale.referenceID, DeskFormat.money(sale.amountInCents, sale.currency),
                sale.authorisationStatus, card.compactMap { $0 }.joined(separator: " … "),
                sale.authorisationCode.map { "code \($0)" },
                sale.acquirerReferenceNumber.map { "ARN \($0)" },
            ]
            value("Transaction", Self.joined(parts))
        }
        for refund in order.refunds ?? [] {
            let money = DeskFormat.money(refund.amountInCents, refund.currency)
            let time = refund.refundDatetime.map(DeskFormat.moment)
            value(
                "Refund", Self.joined([refund.referenceID, money, refund.status, time]), .warning)
        }
        for dispute in order.disputes ?? [] {
            let money = DeskFormat.money(dispute.amountInCents, dispute.currency)
            let time = dispute.disputeDatetime.map(DeskFormat.moment)
            let parts: [String?] = [
                dispute.referenceID, money, dispute.status, dispute.reasonCode, time,
            ]
            value("Dispute", Self.joined(parts), .warning)
        }
    }

    private mutating func addIntents(_ detail: DeskDetail) {
        guard detail.alert.isMatched else { return }
        heading("Refund guard")
        guard !detail.intents.isEmpty else {
            return text("Nobody asked about this transaction.", .dim)
        }
        for intent in detail.intents {
            let isOpen = intent.status == .reserved
            let until = isOpen ? intent.expiresAt.map { "until \(DeskFormat.moment($0))" } : nil
            let reference = intent.refundReferenceID.map { "refund \($0)" }
            let money = DeskFormat.money(intent.amountInCents, intent.currency)
            value(intent.status.text, Self.joined([money, intent.id.text, reference, until]))
        }
    }

    private mutating func addJournal(_ detail: DeskDetail) {
        heading("Journal")
        for entry in detail.journal { text("\(DeskFormat.moment(entry.at))  \(entry.text)") }
    }

    private static func joined(_ parts: [String?]) -> String {
        parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ")
    }
}
