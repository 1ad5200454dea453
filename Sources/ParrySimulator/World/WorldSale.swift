import ParryWire

/// A sale with its place in the world, and how it reaches the platform.
struct WorldSale: Sendable {
    /// What makes a sale special among its neighbours.
    enum Role: Sendable, Hashable {
        case ordinary
        /// A month of a subscription that was paid before.
        case rebill
        /// Declined; the sale at the next place is the same purchase.
        case declinedAttempt
        /// The purchase at the place before, made again.
        case sameDayTwin
    }

    /// As it is known in the end, patched ARN and refunds included.
    var sale: SoldTransaction
    let organisation: Int
    let position: Int
    let role: Role
    /// Whether a declined attempt or a twin stands beside it.
    let hasDeclinedAttempt: Bool
    let isTwin: Bool
    /// Whether the ARN comes by PATCH.
    let isARNLate: Bool
    /// Whether the refunds come by PATCH.
    let areRefundsLate: Bool

    /// The sale as it is uploaded at first.
    var uploaded: SoldTransaction {
        var sale = sale
        if isARNLate { sale.acquirerReferenceNumber = nil }
        if areRefundsLate { sale.refunds = [] }
        return sale
    }
}
