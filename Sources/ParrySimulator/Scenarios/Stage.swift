import ParryWire

/// Where a play is put together: the steps so far, and what has to be true of its alerts in the
/// end.
///
/// Whether an alert can be decided is asked once all is uploaded, because late orders and patched
/// ARNs count.
struct Stage {
    let scenario: Scenario
    let time: Timestamp
    var sale: SoldTransaction
    var random: SeededGenerator
    private(set) var steps: [Play.Step] = []
    private var uploaded: [SoldTransaction] = []
    private var claims: [Claim] = []

    private struct Claim {
        var truth: AlertTruth
        let evidence: Evidence
    }

    /// Sets the stage for one sale and the time of its alert.
    init(
        _ scenario: Scenario, _ sale: SoldTransaction, _ time: Timestamp, _ random: SeededGenerator
    ) {
        self.scenario = scenario
        self.sale = sale
        self.time = time
        self.random = random
    }

    // MARK: The seller

    /// Uploads the sale, and others with it.
    mutating func upload(with others: [SoldTransaction] = []) {
        let sales = others + [sale]
        uploaded += sales
        steps.append(.uploadOrders(sales))
    }

    /// Uploads the sale after its alert.
    mutating func uploadLate() {
        uploaded.append(sale)
        steps.append(.uploadOrdersLate([sale]))
    }

    /// Adds the real ARN to an uploaded sale.
    mutating func patchARN() {
        for place in uploaded.indices where uploaded[place].referenceID == sale.referenceID {
            uploaded[place].acquirerReferenceNumber = sale.hidden.arn
        }
        steps.append(.patchOrder(reference: sale.orderReferenceID, body: sale.arnPatch))
    }

    /// Moves the sale so far back that its settlement lies before the alert.
    mutating func settleBeforeAlert() {
        let latest = time.adding(seconds: -4 * 86_400)
        let seconds = (latest.milliseconds - sale.authorisedAt.milliseconds) / 1_000
        if seconds < 0 { sale = sale.moved(seconds: seconds, using: &random) }
    }

    // MARK: The networks

    /// An alert about the sale in which every field agrees.
    mutating func alert(at time: Timestamp? = nil) -> EthocaAlertMessage {
        EthocaAlertMessage(about: sale, at: time ?? self.time, using: &random)
    }

    /// Pushes alerts that were claimed, or are claimed again.
    mutating func push(
        _ alerts: [EthocaAlertMessage], _ acknowledgement: Play.Acknowledgement = .prompt
    ) {
        steps.append(.pushEthoca(alerts, acknowledgement: acknowledgement))
    }

    /// Pushes one alert and says what is true of it.
    mutating func push(_ alert: EthocaAlertMessage, _ validity: AlertTruth.Validity = .valid) {
        push([alert])
        claim(alert, about: [.notFound, .wrongMerchant].contains(validity) ? nil : sale, validity)
    }

    /// Says what is true of an alert.
    mutating func claim(
        _ alert: EthocaAlertMessage, about sale: SoldTransaction?,
        _ validity: AlertTruth.Validity = .valid
    ) {
        let truth = AlertTruth(
            network: .ethoca, alertID: alert.alertID, transactionReferenceID: sale?.referenceID,
            reason: scenario.rawValue, isDecidable: false, validity: validity)
        claims.append(Claim(truth: truth, evidence: Evidence(alert)))
    }

    /// Asks for a decision about the sale and tells what became of the case, state by state.
    mutating func playRDR(_ states: [VerifiNotificationMessage.Status]) {
        let request = VerifiDecisionMessage(about: sale, at: time, using: &random)
        let caseID = NetworkIDs.rdrCase(using: &random)
        steps.append(.askDecision(request))
        for state in states { steps.append(.notify(request.notification(caseID: caseID, state))) }
        let truth = AlertTruth(
            network: .verifi, alertID: caseID, decisionID: request.decisionID,
            transactionReferenceID: sale.referenceID, reason: scenario.rawValue,
            isDecidable: false, validity: .valid)
        claims.append(Claim(truth: truth, evidence: Evidence(request)))
    }

    /// From here on the network answers outcomes like this.
    mutating func answer(_ answer: Play.OutcomeAnswer) {
        steps.append(.answerOutcomes(with: answer))
    }

    // MARK: The end

    /// The finished play.
    func play() -> Play {
        let truth = claims.map { claim in
            var truth = claim.truth
            truth.isDecidable = claim.evidence.isDecidable(
                truth: truth.transactionReferenceID, among: uploaded, rates: .standard)
            return truth
        }
        return Play(scenario: scenario, steps: steps, truth: truth)
    }
}
