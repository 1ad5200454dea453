package import ParryWire

/// One request of `POST /networks/verifi/rdr/decisions`, member for member as NETWORKS.md settles
/// it.
package struct VerifiDecisionMessage: Sendable, Hashable {
    /// A UUID; the same one always gets the same answer.
    package var decisionID: String
    package var caseType: String
    package var source: String
    /// When the case was opened.
    package var caseDate: Timestamp
    package var transactionDate: Timestamp
    package var paymentDescriptor: String
    package var paymentDescriptorContact: String
    /// Six digits that name the acquirer, not the card.
    package var acquirerBIN: String
    package var cardAcceptorID: String
    /// Visa's own number of the transaction, 15 digits.
    package var transactionID: String
    /// 6 or 8 digits of the card.
    package var cardBIN: String
    package var cardLast4: String
    package var paymentType: CardBrand
    package var authCode: String
    package var arn: String
    package var mcc: String
    package var transactionAmount: Money
    /// What the cardholder disputes: never more than the transaction.
    package var caseAmount: Money
    package var transactionType: String
    package var reasonCode: String

    /// Takes every member; the words that every case shares have defaults.
    package init(
        decisionID: String, caseType: String = "DISPUTE", source: String = "VMPI",
        caseDate: Timestamp, transactionDate: Timestamp, paymentDescriptor: String,
        paymentDescriptorContact: String = "8005551234", acquirerBIN: String,
        cardAcceptorID: String, transactionID: String, cardBIN: String, cardLast4: String,
        paymentType: CardBrand = .visa, authCode: String, arn: String, mcc: String,
        transactionAmount: Money, caseAmount: Money, transactionType: String = "ECOMMERCE",
        reasonCode: String
    ) {
        self.decisionID = decisionID
        self.caseType = caseType
        self.source = source
        self.caseDate = caseDate
        self.transactionDate = transactionDate
        self.paymentDescriptor = paymentDescriptor
        self.paymentDescriptorContact = paymentDescriptorContact
        self.acquirerBIN = acquirerBIN
        self.cardAcceptorID = cardAcceptorID
        self.transactionID = transactionID
        self.cardBIN = cardBIN
        self.cardLast4 = cardLast4
        self.paymentType = paymentType
        self.authCode = authCode
        self.arn = arn
        self.mcc = mcc
        self.transactionAmount = transactionAmount
        self.caseAmount = caseAmount
        self.transactionType = transactionType
        self.reasonCode = reasonCode
    }

    /// Writes the request as one object.
    package func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(into: &writer)
        writer.endObject()
    }

    /// The members alone, because a notification repeats them beside its own.
    func writeMembers(into writer: inout JSONWriter) {
        writer.field("decisionId", decisionID)
        writer.field("caseType", caseType)
        writer.field("source", source)
        writer.field("caseDate", caseDate)
        writer.field("transactionDate", transactionDate)
        writer.field("paymentDescriptor", paymentDescriptor)
        writer.field("paymentDescriptorContact", paymentDescriptorContact)
        writer.field("acquirerBin", acquirerBIN)
        writer.field("cardAcceptorId", cardAcceptorID)
        writer.field("transactionId", transactionID)
        writer.field("cardBin", cardBIN)
        writer.field("cardLast4", cardLast4)
        writer.field("paymentType", paymentType)
        writer.field("authCode", authCode)
        writer.field("arn", arn)
        writer.field("mcc", mcc)
        writer.key("transactionAmount")
        transactionAmount.write(into: &writer)
        writer.key("caseAmount")
        caseAmount.write(into: &writer)
        writer.field("transactionType", transactionType)
        writer.field("reasonCode", reasonCode)
    }

    /// The request's body.
    package var json: [UInt8] {
        var writer = JSONWriter(capacity: 768)
        write(into: &writer)
        return writer.bytes
    }
}
