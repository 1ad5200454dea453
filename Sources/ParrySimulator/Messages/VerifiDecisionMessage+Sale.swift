package import ParryWire

/// An RDR case as Visa would open it about a sale.
extension VerifiDecisionMessage {
    /// The request that always carries ARN, authorisation code, acquirer BIN and card acceptor id
    /// (NETWORKS.md).
    ///
    /// - Parameter time: When the case is opened.
    package init(
        about sale: SoldTransaction, at time: Timestamp, using random: inout SeededGenerator
    ) {
        let isFraud = random.chance(WorldShares.confirmedFraud)
        let arn = sale.hidden.arn ?? sale.acquirerReferenceNumber ?? ""
        self.init(
            decisionID: NetworkIDs.decision(using: &random), caseDate: time.truncatedToSecond,
            transactionDate: sale.authorisedAt, paymentDescriptor: sale.descriptor,
            acquirerBIN: String(arn.dropFirst().prefix(6)),
            cardAcceptorID: sale.hidden.cardAcceptorID,
            transactionID: sale.hidden.networkTransactionID,
            cardBIN: String(sale.hidden.account.bin.prefix(6)),
            cardLast4: sale.hidden.account.last4, paymentType: sale.brand,
            authCode: sale.authorisationCode ?? "", arn: arn, mcc: sale.hidden.mcc,
            transactionAmount: sale.amount, caseAmount: sale.amount,
            reasonCode: ReasonCode.of(sale.brand, isFraud ? .confirmedFraud : .customerDispute))
    }

    /// Disputes part of the amount: a quarter to nine tenths of it.
    mutating func disputePart(using random: inout SeededGenerator) {
        let part = transactionAmount.minorUnits * Int64(random.within(25...90)) / 100
        caseAmount.minorUnits = max(1, part)
    }

    /// What became of this case.
    package func notification(
        caseID: String, _ status: VerifiNotificationMessage.Status
    ) -> VerifiNotificationMessage {
        VerifiNotificationMessage(decision: self, caseID: caseID, status: status)
    }
}
