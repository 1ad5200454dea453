import ParryClient
import ParryDatabase
import ParryWire

extension AcceptanceRun {
    private static let amount: Int64 = 4_900

    mutating func sendOrder() async throws -> [String] {
        let integration = try need(made.integration, "integration")
        var transaction = OrderTransaction(referenceID: "txn-acceptance-1")
        transaction.amountInCents = Self.amount
        transaction.currency = "USD"
        transaction.paymentMethodType = "CARD"
        transaction.authorisationStatus = "SETTLED"
        transaction.paymentMethodReferenceID = "pay-acceptance-1"
        transaction.authorisedAt = startedAt.adding(seconds: -86_400).truncatedToSecond
        transaction.descriptor = "ACCEPTFIT MONTHLY"
        transaction.paymentMethodCardBrand = Word(.visa)
        transaction.paymentMethodCardLast4 = "4242"
        transaction.paymentMethodCardBIN = "424242"
        transaction.authorisationCode = "123456"
        transaction.acquirerReferenceNumber = "74027012345678901234567"
        var order = NewOrder(
            organisationID: integration.organisationID, integrationID: integration.id,
            referenceID: "order-acceptance-1", type: .complete)
        order.orderDatetime = transaction.authorisedAt
        order.orderNumber = "AF-1"
        order.orderSubtotalAmountInCents = Self.amount
        order.orderTotalAmountInCents = Self.amount
        order.orderCurrency = "USD"
        order.orderStatus = .closedComplete
        order.transactions = [transaction]
        let upload = try await client.orders.create([order])
        guard let stored = upload.results.first else {
            throw PartnerError(
                "the order was refused: \(upload.errors.first.map { "\($0.code) \($0.message)" } ?? "no reason")"
            )
        }
        made.order = stored
        return [
            "\(stored.id), reference order-acceptance-1, with ARN, authorisation code, BIN and last 4"
        ]
    }

    func updateOrder() async throws -> [String] {
        let order = try need(made.order, "order")
        var refund = OrderRefund(referenceID: "refund-acceptance-1")
        refund.amountInCents = Self.amount
        refund.currency = "USD"
        refund.status = "SUCCEEDED"
        refund.originalTransactionReferenceID = "txn-acceptance-1"
        refund.refundDatetime = Timestamp.now().truncatedToSecond
        var change = OrderChange()
        change.refunds = [refund]
        try await client.orders.update(order.id, change)
        let stored = try await client.orders.get(order.id)
        guard stored.refunds?.contains(where: { $0.referenceID == refund.referenceID }) == true
        else {
            throw PartnerError("\(order.id) does not show the refund that was added")
        }
        return ["\(order.id) shows the refund refund-acceptance-1"]
    }

    /// One for each way to end.
    mutating func simulateAlerts() async throws -> [String] {
        let enrolment = try need(made.ethoca, "Ethoca enrolment")
        for _ in 1...2 {
            var simulation = AlertSimulation(
                organisationID: enrolment.organisationID, enrolmentID: enrolment.id)
            simulation.status = .actionRequired
            simulation.cardScheme = .visa
            simulation.amountInCents = Self.amount
            simulation.currencyCode = "USD"
            simulation.transactionAcquirerReferenceNumber = "74027012345678901234567"
            simulation.transactionAuthorisationCode = "123456"
            made.alerts.append(try await client.simulations.alert(simulation))
        }
        return made.alerts.map { "\($0.id), \($0.status)" }
    }

    func deadlineIsShown() async throws -> [String] {
        var evidence: [String] = []
        for alert in made.alerts {
            let id = alert.id.text
            _ = try await event(.alertCreated, about: id)
            let shown = try await wait { tx in
                try AlertStore.open(limit: 10_000, tx).first { $0.id == id }
            }
            guard let deadline = shown?.deadline else {
                throw PartnerError("the queue does not show \(id) with a deadline")
            }
            guard deadline == alert.actionRequiredDeadline else {
                throw PartnerError(
                    "the queue shows \(deadline.iso8601) for \(id), and the platform "
                        + "\(alert.actionRequiredDeadline?.iso8601 ?? "none")")
            }
            evidence.append("the queue shows \(id) with the deadline \(deadline.iso8601)")
        }
        guard !evidence.isEmpty else { throw PartnerError("not tried: there is no alert") }
        return evidence
    }

    func act(
        _ action: AlertAction, onAlert index: Int, outcome: RefundOutcome
    ) async throws -> [String] {
        let alert = try need(
            made.alerts.indices.contains(index) ? made.alerts[index] : nil, "open alert")
        try await client.alerts.act(
            action, on: alert.id, note: "Acceptance run \(startedAt.iso8601)")
        let now = try await client.alerts.get(alert.id)
        guard now.status == .resolved, now.transactionRefundOutcome == outcome else {
            throw PartnerError("\(alert.id) is \(now.status) after \(action.rawValue)")
        }
        return ["\(alert.id) is RESOLVED, \(outcome.rawValue)"]
    }

    func webhooksArrive() async throws -> [String] {
        let enrolment = try need(made.ethoca, "Ethoca enrolment").id.text
        let alert = try need(made.alerts.first, "alert").id.text
        var evidence: [String] = []
        for (type, object) in [
            (EventType.enrolmentCreated, enrolment), (.enrolmentUpdated, enrolment),
            (.alertCreated, alert), (.alertUpdated, alert),
        ] {
            evidence.append(
                "\(type.rawValue): \(try await event(type, about: object)) about \(object)")
        }
        return evidence
    }

    /// A copy of an event that came is sent to the receiver twice, signed anew as a retry is.
    func webhooksAreIdempotent() async throws -> [String] {
        let alert = try need(made.alerts.first, "alert").id.text
        let event = try await event(.alertCreated, about: alert)
        let before = try await copies(of: event)
        let statuses = try await WebhookCopy(environment).send(event, times: 2)
        let after = try await copies(of: event)
        guard statuses == [204, 204], after.copies == before.copies + 2,
            after.notes == before.notes
        else {
            throw PartnerError(
                "copies of \(event) were answered \(statuses) and changed something: see the journal of \(alert)"
            )
        }
        return [
            "\(event) was sent twice more and answered 204; it is stored once, and nothing was done again"
        ]
    }

    private func copies(of event: String) async throws -> (copies: Int64, notes: Int64) {
        let alert = try need(made.alerts.first, "alert").id.text
        return try await environment.store.database.read { tx in
            let copies = try tx.row("SELECT copies FROM inbox_event WHERE id = \(event)") {
                try $0.integer()
            }
            let notes = try tx.row("SELECT COUNT(*) FROM journal WHERE subject_id = \(alert)") {
                try $0.integer()
            }
            return (copies ?? -1, notes ?? 0)
        }
    }
}
