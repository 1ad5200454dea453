import ParryDomain
import ParryService
import ParryStore
import ParryWire

extension AlertPage {
    /// The matched transaction and its order.
    struct SaleModel: Sendable {
        let reference: String
        let paymentMethod: String?
        /// nil where the order is not kept any more.
        let order: OrderModel?
        let evidence: [EvidenceRow]
        let refunds: [ReversalRow]
        let disputes: [ReversalRow]
        let hasRefunds: Bool
        let hasDisputes: Bool
    }

    /// What the order tells of itself.
    struct OrderModel: Sendable {
        let path: String
        let reference: String
        let number: String?
        let status: String?
        let orderedAt: TimeText?
        let total: String?
        let customer: [String]
        let uploadedAt: TimeText
        let changedAt: TimeText?
    }

    /// A refund or a dispute of the transaction.
    struct ReversalRow: Sendable {
        let name: String?
        let amount: String?
        let status: String?
        let at: TimeText?
    }
}

extension AlertPage.SaleModel {
    init(_ alert: Alert, _ sale: AlertDossier.Sale, _ place: AlertPage.Place) {
        reference = sale.name.reference
        paymentMethod = sale.paymentMethodType
        order = sale.order.map { AlertPage.OrderModel($0, place) }
        evidence = AlertPage.EvidenceRow.all(alert, sale)
        refunds = sale.refunds.map(AlertPage.ReversalRow.init)
        disputes = sale.disputes.map(AlertPage.ReversalRow.init)
        hasRefunds = !refunds.isEmpty
        hasDisputes = !disputes.isEmpty
    }
}

extension AlertPage.OrderModel {
    fileprivate init(_ order: OrderStore.Stored, _ place: AlertPage.Place) {
        let root = order.document.root
        path = place.path("/orders/\(order.id.text)")
        reference = order.referenceID
        number = root["order_number"]?.string
        status = root["order_status"]?.string.flatMap(OrderStatus.init(rawValue:))
            .map(OrderRow.status)
        orderedAt = TimeText(
            root["order_datetime"]?.string.flatMap { Timestamp(iso8601: $0) })
        total = root["order_total_amount_in_cents"]?.integer.map {
            Money.text($0, root["order_currency"]?.string ?? "")
        }
        customer = Self.customer(root)
        uploadedAt = TimeText(order.createdAt)
        changedAt = order.updatedAt == order.createdAt ? nil : TimeText(order.updatedAt)
    }

    /// Who bought, as far as the order says it.
    private static func customer(_ root: JSONValue) -> [String] {
        func text(_ name: String) -> String? {
            root[name]?.string.flatMap { $0.isEmpty ? nil : $0 }
        }
        let name = [text("customer_first_name"), text("customer_last_name")]
            .compactMap(\.self).joined(separator: " ")
        let place = [root["billing_address"]?["city"], root["billing_address"]?["country"]]
            .compactMap { $0?.string }.joined(separator: ", ")
        return [
            name.isEmpty ? nil : name, text("customer_email"), text("customer_phone"),
            text("customer_id").map { "id \($0)" }, place.isEmpty ? nil : place,
        ].compactMap(\.self)
    }
}

extension AlertPage.ReversalRow {
    fileprivate init(_ reversal: AlertDossier.Reversal) {
        name = reversal.reference
        amount = reversal.amount.map { Money.text($0, reversal.currency ?? "") }
        status = reversal.status
        at = TimeText(reversal.at)
    }
}
