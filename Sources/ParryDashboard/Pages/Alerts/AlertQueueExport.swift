import Hummingbird
import ParryDomain
import ParryService
import ParryWire

/// The queue as a file.
enum AlertQueueExport {
    /// Every alert that the filter of the address lets through, in the page's order.
    static func file(_ format: ExportFormat, _ visit: SeatVisit) async throws -> Response {
        let filter = AlertQueueFilter(visit.query).stored
        let (alerts, principal) = (visit.base.site.services.alerts, visit.principal)
        return try await Export<Alert>("alerts", columns) { _, last in
            try await alerts.next(
                filter, behind: last, limit: Export<Alert>.rowsMax, by: principal)
        }.response(format)
    }

    private static let columns: [Export<Alert>.Column] =
        names + transaction + [
            .init("alert_received_at") { .time($0.receivedAt) },
            .init("action_required_deadline") { .time($0.actionRequiredDeadline) },
            .init("transaction_refund_outcome") { .text($0.state.refundOutcome?.rawValue) },
            .init("subscription_cancel_outcome") { .text($0.state.cancelOutcome?.rawValue) },
            .init("integration_id") { .text($0.state.integrationID?.text) },
            .init("integration_transaction_id") { .text($0.state.integrationTransactionID) },
            .init("attention_reason") { .text($0.attention?.reason.rawValue) },
            .init("attention_since") { .time($0.attention?.since) },
            .init("note") { .text($0.state.note) }, .init("created_at") { .time($0.createdAt) },
            .init("updated_at") { .time($0.updatedAt) },
        ]

    private static let names: [Export<Alert>.Column] = [
        .init("id") { .text($0.id.text) }, .init("alert_network_id") { .text($0.networkID) },
        .init("organisation_id") { .text($0.organisationID.text) },
        .init("merchant_id") { .text($0.merchantID.text) },
        .init("enrolment_id") { .text($0.enrolmentID.text) },
        .init("enrolment_type") { .text($0.enrolmentType.rawValue) },
        .init("status") { .text($0.state.status.rawValue) },
    ]

    private static let transaction: [Export<Alert>.Column] = [
        .init("transaction_amount_in_cents") { .number($0.transaction.amount) },
        .init("transaction_currency_code") { .text($0.transaction.currency) },
        .init("transaction_authorised_at") { .time($0.transaction.authorisedAt) },
        .init("transaction_authorisation_code") { .text($0.transaction.authorisationCode) },
        .init("transaction_acquirer_reference_number") {
            .text($0.transaction.acquirerReferenceNumber)
        },
        .init("transaction_statement_descriptor") { .text($0.transaction.statementDescriptor) },
        .init("transaction_card_bin") { .text($0.transaction.cardBIN) },
        .init("transaction_card_last4") { .text($0.transaction.cardLast4) },
        .init("transaction_card_scheme") { .text($0.transaction.cardScheme) },
        .init("transaction_card_issuer") { .text($0.transaction.cardIssuer) },
    ]
}
