import HTTPTypes
import ParryDomain
import ParryWire

extension Problem {
    init(_ error: RefundIntentError) {
        switch error {
        case .currencyDiffers(let currency):
            self.init(
                business: .refundCurrencyDiffers,
                "The transaction is in \(currency). Ask for the amount in that currency.")
        case .amountUnknown:
            self.init(
                business: .transactionAmountUnknown,
                "The stored transaction has no amount and currency. Add them with "
                    + "PATCH /v1/orders/{order_id} first.")
        case .ended(let status):
            self.init(
                business: .refundIntentEnded,
                "The refund intent is \(status.rawValue) for good. Ask with a new one.")
        case .referenceTaken:
            self.init(
                business: .refundReferenceTaken,
                "Another refund intent of the transaction is committed with this "
                    + "refund_reference_id. Release this one, or use the refund's own reference.")
        }
    }

    init(_ error: TestClockError) {
        switch error {
        case .backwards(let now):
            self.init(
                business: .clockNotForward,
                "The clock shows \(now.iso8601) and only goes forward. Make another organisation "
                    + "to begin anew.")
        case .tooFar:
            self.init(
                business: .clockTooFar,
                "A clock can be ten years ahead at most. Make another organisation to begin anew.")
        }
    }
}
