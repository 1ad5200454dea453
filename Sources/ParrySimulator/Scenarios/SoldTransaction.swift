package import ParryWire

/// Everything that the seller knows of one card sale, and what only its issuer and acquirer know
/// beside it.
///
/// One sale is one order with one transaction (CONTRACT.md 8.2, 8.3). What the order tells the
/// platform are the members here; what it cannot tell is in ``hidden``, from which the networks'
/// messages are made.
package struct SoldTransaction: Sendable, Hashable {
    /// The states of an authorisation that an order can tell (CONTRACT.md 8.3).
    package enum Status: String, Sendable, CaseIterable {
        case pending = "PENDING"
        case authorised = "AUTHORISED"
        case settled = "SETTLED"
        case declined = "DECLINED"
        case voided = "VOIDED"
        case failed = "FAILED"
    }

    /// The order's `reference_id`, by which it is patched.
    package var orderReferenceID: String
    /// The transaction's `reference_id`: what ``AlertTruth`` names.
    package var referenceID: String
    package var orderNumber: String
    package var paymentReferenceID: String
    package var amount: Money
    package var authorisedAt: Timestamp
    /// The digits on the seller's books: a wallet's token, or the card itself.
    package var card: CardDigits
    package var brand: CardBrand
    package var authorisationCode: String?
    /// The ARN that the seller uploads; nil while it does not know it.
    package var acquirerReferenceNumber: String?
    package var descriptor: String
    package var status: Status
    package var refunds: [SaleRefund]
    package var disputes: [SaleDispute]
    /// What the order does not tell.
    package var hidden: HiddenFacts

    /// Takes every member.
    package init(
        orderReferenceID: String, referenceID: String, orderNumber: String,
        paymentReferenceID: String, amount: Money, authorisedAt: Timestamp, card: CardDigits,
        brand: CardBrand, authorisationCode: String?, acquirerReferenceNumber: String?,
        descriptor: String, status: Status, refunds: [SaleRefund] = [],
        disputes: [SaleDispute] = [], hidden: HiddenFacts
    ) {
        self.orderReferenceID = orderReferenceID
        self.referenceID = referenceID
        self.orderNumber = orderNumber
        self.paymentReferenceID = paymentReferenceID
        self.amount = amount
        self.authorisedAt = authorisedAt
        self.card = card
        self.brand = brand
        self.authorisationCode = authorisationCode
        self.acquirerReferenceNumber = acquirerReferenceNumber
        self.descriptor = descriptor
        self.status = status
        self.refunds = refunds
        self.disputes = disputes
        self.hidden = hidden
    }
}

/// The digits of a card that may be kept: its BIN and its last four.
package struct CardDigits: Sendable, Hashable {
    /// 6 or 8 digits.
    package var bin: String
    package var last4: String

    /// Takes a BIN of 6 or 8 digits and the last four.
    package init(bin: String, last4: String) {
        self.bin = bin
        self.last4 = last4
    }
}

/// What an order has no member for: known to the issuer and the acquirer, and to the simulator.
package struct HiddenFacts: Sendable, Hashable {
    /// The wallets that put a token in the card's place.
    package enum Wallet: String, Sendable, CaseIterable {
        case applePay = "APPLE_PAY"
        case googlePay = "GOOGLE_PAY"
        case samsungPay = "SAMSUNG_PAY"
    }

    /// The card that the issuer knows; equal to the order's unless a wallet's token hides it.
    package var account: CardDigits
    /// When the acquirer settled it; nil for what was declined.
    package var settledAt: Timestamp?
    /// The issuing bank.
    package var issuer: String
    /// The real ARN, which the seller may learn days later; nil for what was declined.
    package var arn: String?
    package var mcc: String
    package var wallet: Wallet?
    /// The acquirer's id of the merchant, as RDR sends it.
    package var cardAcceptorID: String
    /// The network's number of the transaction, 15 digits.
    package var networkTransactionID: String

    /// Takes every fact.
    package init(
        account: CardDigits, settledAt: Timestamp?, issuer: String, arn: String?, mcc: String,
        wallet: Wallet?, cardAcceptorID: String, networkTransactionID: String
    ) {
        self.account = account
        self.settledAt = settledAt
        self.issuer = issuer
        self.arn = arn
        self.mcc = mcc
        self.wallet = wallet
        self.cardAcceptorID = cardAcceptorID
        self.networkTransactionID = networkTransactionID
    }
}

/// One refund of a sale (CONTRACT.md 8.4); every one of the simulator's succeeded.
package struct SaleRefund: Sendable, Hashable {
    package var referenceID: String
    package var amount: Money
    package var refundedAt: Timestamp

    /// Takes every member.
    package init(referenceID: String, amount: Money, refundedAt: Timestamp) {
        self.referenceID = referenceID
        self.amount = amount
        self.refundedAt = refundedAt
    }
}

/// One dispute of a sale (CONTRACT.md 8.5); every one of the simulator's is open.
package struct SaleDispute: Sendable, Hashable {
    package var referenceID: String
    package var amount: Money
    package var disputedAt: Timestamp
    package var reasonCode: String

    /// Takes every member.
    package init(referenceID: String, amount: Money, disputedAt: Timestamp, reasonCode: String) {
        self.referenceID = referenceID
        self.amount = amount
        self.disputedAt = disputedAt
        self.reasonCode = reasonCode
    }
}
