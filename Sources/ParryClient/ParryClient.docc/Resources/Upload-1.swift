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
    return order
}
