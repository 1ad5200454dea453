import ParryWire

/// Raises the alerts of one disputed sale: what is told of it, and what is true.
struct AlertCast {
    /// One alert, ready to be kept until all sales have been seen.
    struct Cast {
        var truth: AlertTruth
        let evidence: Evidence
        let organisation: Int
        /// What is sent, by time: one message for Ethoca, two for Verifi.
        let messages: [(time: Timestamp, network: StaticString, json: [UInt8])]
    }

    let kind: Scenario
    /// The disputed sale, or one that was never uploaded.
    let subject: WorldSale
    let raisedAt: Timestamp
    /// When a second alert about the same dispute is raised.
    let raisedAgainAt: Timestamp
    let rates: WorldRates
    var random: SeededGenerator

    /// All alerts of the sale: one, or two of the same dispute.
    mutating func alerts() -> [Cast] {
        if goesByRDR { return [rdrCase()] }
        var alert = EthocaAlertMessage(about: subject.sale, at: raisedAt, using: &random)
        let isSettlementDate = addNoise(&alert)
        addStory(&alert)
        let reason = reason(isSettlementDate, alert)
        let first = cast(alert, reason, validity)
        guard kind == .twoAlertIDs else { return [first] }
        var second = alert
        second.alertID = NetworkIDs.alert(using: &random)
        second.alertTimestamp = raisedAgainAt.truncatedToSecond
        return [first, cast(second, reason, .duplicate)]
    }

    /// What a sale is charged with by its story; the sale itself has to be written like this.
    static func tell(_ kind: Scenario, of sale: inout SoldTransaction, raisedAt: Timestamp) {
        sale.refunds = []
        sale.disputes = []
        let span = raisedAt.milliseconds - sale.authorisedAt.milliseconds
        let between = sale.authorisedAt.adding(milliseconds: span / 2)
        if kind == .alreadyRefunded { sale.refund(at: between) }
        if kind == .alreadyDisputed { sale.dispute(at: between) }
    }

    // MARK: Ethoca

    /// What any feed does to any alert. Tells whether the date is the settlement's.
    private mutating func addNoise(_ alert: inout EthocaAlertMessage) -> Bool {
        let sale = subject.sale
        if random.chance(WorldShares.arnAbsent) { alert.acquirerReferenceNumber = nil }
        if random.chance(WorldShares.codeAbsent) { alert.authCode = nil }
        if random.chance(WorldShares.alertEightDigitBINs) {
            alert.cardBIN = sale.hidden.account.bin
        }
        if random.chance(WorldShares.mangledDescriptors) {
            alert.merchantDescriptor = StatementText.mangle(sale.descriptor, using: &random)
        }
        if random.chance(WorldShares.issuerVariants),
            let issuer = CardIssuer.all.first(where: { $0.names[0] == sale.hidden.issuer })
        {
            alert.issuer = random.pick(issuer.names)
        }
        return addDateNoise(&alert)
    }

    private mutating func addDateNoise(_ alert: inout EthocaAlertMessage) -> Bool {
        let isSettlement = random.chance(WorldShares.settlementDates)
        if isSettlement, let settledAt = subject.sale.hidden.settledAt, settledAt < raisedAt {
            alert.useSettlementDate(of: subject.sale)
            return true
        }
        if random.chance(WorldShares.localTimes) {
            let zone = Int64(random.within(-8...9)) * 3_600
            alert.transactionTimestamp = alert.transactionTimestamp.adding(seconds: zone)
        }
        return false
    }

    private mutating func addStory(_ alert: inout EthocaAlertMessage) {
        switch kind {
        case .partialAmount: alert.disputePart(using: &random)
        case .foreignCurrency:
            alert.useForeignCurrency(of: subject.sale, rates: rates, using: &random)
        case .reissuedCard: alert.reissueCard(using: &random)
        case .anotherMerchantsDescriptor:
            alert.merchantDescriptor = StrangerNames.draw(using: &random)
        case .chanceLookAlike:
            alert.dropIdentifiers()
            // The card that looks the same is the account's, but the seller's books may show a
            // token.
            alert.cardBIN = String(subject.sale.card.bin.prefix(6))
            alert.cardLast4 = subject.sale.card.last4
            alert.transactionTimestamp = subject.sale.authorisedAt.adding(seconds: 3_600)
        default: break
        }
    }

    private func cast(
        _ alert: EthocaAlertMessage, _ reason: Scenario, _ validity: AlertTruth.Validity
    ) -> Cast {
        let truth = AlertTruth(
            network: .ethoca, alertID: alert.alertID, transactionReferenceID: reference,
            reason: reason.rawValue, isDecidable: false, validity: validity)
        return Cast(
            truth: truth, evidence: Evidence(alert), organisation: subject.organisation,
            messages: [(alert.alertTimestamp, "ethoca", alert.json)])
    }

    // MARK: Verifi

    /// RDR is Visa's, sends the sale's own facts, and finds its merchant by BIN and CAID.
    private var goesByRDR: Bool {
        mutating get {
            let isRDR = random.chance(WorldShares.rdr)
            guard subject.sale.brand == .visa, isRDR else { return false }
            switch kind {
            case .foreignCurrency, .reissuedCard, .anotherMerchantsDescriptor, .twoAlertIDs,
                .chanceLookAlike:
                return false
            default: return true
            }
        }
    }

    private mutating func rdrCase() -> Cast {
        var request = VerifiDecisionMessage(about: subject.sale, at: raisedAt, using: &random)
        if kind == .partialAmount { request.disputePart(using: &random) }
        let notice = request.notification(
            caseID: NetworkIDs.rdrCase(using: &random), .accepted)
        let truth = AlertTruth(
            network: .verifi, alertID: notice.caseID, decisionID: request.decisionID,
            transactionReferenceID: reference, reason: reason(false, nil).rawValue,
            isDecidable: false, validity: validity)
        let noticedAt = request.caseDate.adding(seconds: 5)
        return Cast(
            truth: truth, evidence: Evidence(request), organisation: subject.organisation,
            messages: [
                (request.caseDate, "verifi-decision", request.json),
                (noticedAt, "verifi-notification", notice.json),
            ])
    }

    // MARK: Truth

    private var isStranger: Bool {
        [.noSuchSale, .anotherMerchantsDescriptor, .chanceLookAlike].contains(kind)
    }

    private var reference: String? { isStranger ? nil : subject.sale.referenceID }

    private var validity: AlertTruth.Validity {
        switch kind {
        case .noSuchSale, .chanceLookAlike: .notFound
        case .anotherMerchantsDescriptor: .wrongMerchant
        case .alreadyRefunded: .alreadyRefunded
        case .alreadyDisputed: .alreadyDisputed
        default: .valid
        }
    }

    /// The story, or else what makes the sale or its alert the hardest to place.
    private func reason(_ isSettlementDate: Bool, _ alert: EthocaAlertMessage?) -> Scenario {
        let sale = subject.sale
        if kind != .cleanMatch { return kind }
        if sale.hidden.wallet != nil { return .walletToken }
        if subject.isTwin { return .sameDayTwins }
        if subject.hasDeclinedAttempt { return .declinedTransaction }
        if isSettlementDate { return .settlementDate }
        if sale.card.bin.utf8.count != (alert?.cardBIN ?? sale.card.bin).utf8.count {
            return .eightDigitBIN
        }
        if let alert, alert.merchantDescriptor != sale.descriptor { return .mangledDescriptor }
        return subject.role == .rebill ? .rebillTwins : .cleanMatch
    }
}
