import ParryClient
import ParryWire

/// The customer of the section before, as far as it is needed here.
struct Customer {
    let organisation: OrganisationID
    let integration: IntegrationID
}

func makeOrder(of customer: Customer) -> NewOrder {
    var order = NewOrder(
        organisationID: customer.organisation, integrationID: customer.integration,
        referenceID: "order-10001")
    order.orderNumber = "10001"
    order.orderDatetime = Timestamp(iso8601: "2026-02-17T09:59:00Z")
    order.orderStatus = .closedComplete
    order.orderCurrency = "USD"
    order.orderSubtotalAmountInCents = 4_900
    order.orderTotalAmountInCents = 4_900
    order.transactions = [cardPayment()]
    return order
}

/// The more it says, the surer an alert finds it.
func cardPayment() -> OrderTransaction {
    var payment = OrderTransaction(referenceID: "txn-10001")
    payment.amountInCents = 4_900
    payment.currency = "USD"
    payment.paymentMethodType = "CARD"
    payment.authorisationStatus = "SETTLED"
    payment.paymentMethodReferenceID = "pay_10001"
    payment.authorisedAt = Timestamp(iso8601: "2026-02-17T09:59:05Z")
    payment.paymentMethodCardBrand = Word(.visa)
    payment.paymentMethodCardBIN = "424242"
    payment.paymentMethodCardLast4 = "4242"
    payment.authorisationCode = "123456"
    payment.acquirerReferenceNumber = "74027012345678901234567"
    return payment
}
