package import ParryClient
import ParryWire

/// Everything about one alert: what is here, and what the platform says.
package struct DeskDetail: Sendable, Hashable {
    package var alert: DeskAlert
    /// What was done and why, oldest first.
    package var journal: [DeskStore.Entry] = []
    package var match: AlertMatch?
    /// The orders of the candidates, as far as they could be read.
    package var orders: [Order] = []
    /// Refunds that somebody asked the guard about.
    package var intents: [RefundIntent] = []
    /// What could not be read, and why.
    package var problems: [String] = []

    package init(_ alert: DeskAlert) {
        self.alert = alert
    }

    /// The order of a candidate.
    package func order(of candidate: MatchCandidate) -> Order? {
        candidate.orderID.flatMap { id in orders.first { $0.id == id } }
    }

    /// The order that the alert is about; nil where there is no match, or its order is not among the candidates'.
    package var order: Order? {
        guard let reference = alert.state.transactionReference else { return nil }
        return orders.first { order in
            order.integrationID.text == alert.state.integrationID
                && order.transactions?.contains { $0.referenceID == reference } == true
        }
    }
}
