package import ParryWire

extension Scenario {
    /// Plays this situation on a sale.
    ///
    /// The sale is changed where the situation asks for it (a wallet's token, a date 130 days back)
    /// and is part of ``Play/Step/uploadOrders(_:)`` as changed. The alert is raised at `time`,
    /// which should lie after the sale. The same sale, time and generator always give the same
    /// play.
    package func play(
        of sale: SoldTransaction, at time: Timestamp, using random: inout SeededGenerator
    ) -> Play {
        var stage = Stage(self, sale, time, random)
        switch self {
        case .cleanMatch, .arnMissingAddedLater, .settlementDate, .partialAmount,
            .foreignCurrency, .reissuedCard, .walletToken, .eightDigitBIN, .mangledDescriptor:
            stage.playFeedNoise()
        case .anotherMerchantsDescriptor, .rebillTwins, .declinedTransaction, .olderThan120Days,
            .noSuchSale, .sameDayTwins, .chanceLookAlike, .orderAfterAlert:
            stage.playDoubt()
        case .alreadyRefunded, .alreadyDisputed, .pushedTwice, .twoAlertIDs,
            .slowAcknowledgement, .ethocaDeclinedThenRDR, .rdrAcceptedThenDeleted:
            stage.playCourse()
        case .outcomeSentTwice, .outcomeAfterDeadline, .recoverableError, .finalError,
            .twentySixOutcomes:
            stage.playOutcome()
        }
        random = stage.random
        return stage.play()
    }
}

/// What a feed does to an alert about a sale that is there.
extension Stage {
    mutating func playFeedNoise() {
        switch scenario {
        case .settlementDate: settleBeforeAlert()
        case .walletToken: sale = sale.tokenised(using: &random)
        case .eightDigitBIN: sale.card.bin = String(sale.hidden.account.bin.prefix(6)) + "42"
        default: break
        }
        if scenario == .arnMissingAddedLater { return playLateARN() }
        upload()
        var alert = alert()
        alert.acquirerReferenceNumber = scenario == .cleanMatch ? sale.hidden.arn : nil
        distort(&alert)
        push(alert)
    }

    private mutating func distort(_ alert: inout EthocaAlertMessage) {
        switch scenario {
        case .settlementDate:
            alert.dropIdentifiers()
            alert.useSettlementDate(of: sale)
        case .partialAmount: alert.disputePart(using: &random)
        case .foreignCurrency:
            alert.useForeignCurrency(of: sale, rates: .standard, using: &random)
        case .reissuedCard: alert.reissueCard(using: &random)
        case .eightDigitBIN: alert.dropIdentifiers()
        case .mangledDescriptor:
            alert.dropIdentifiers()
            alert.merchantDescriptor = StatementText.mangle(sale.descriptor, using: &random)
        default: break
        }
    }

    /// Nothing but the ARN names the sale, so that the alert can be matched only once the ARN is
    /// patched in.
    private mutating func playLateARN() {
        sale.acquirerReferenceNumber = nil
        upload()
        var alert = alert()
        alert.authCode = nil
        alert.reissueCard(using: &random)
        push(alert)
        patchARN()
    }
}
