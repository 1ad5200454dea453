import ParryDomain
import ParrySimulator
import ParryWire
import Testing

@Suite("Scenarios")
struct ScenarioTests {
    private func play(_ scenario: Scenario, seed: UInt64 = 5) throws -> Play {
        var random = SeededGenerator(seed: seed)
        return scenario.play(of: try SampleSale.make(), at: SampleSale.time, using: &random)
    }

    private func uploads(_ play: Play) -> [SoldTransaction] {
        play.steps.flatMap { step in
            switch step {
            case .uploadOrders(let sales), .uploadOrdersLate(let sales): sales
            default: [SoldTransaction]()
            }
        }
    }

    private func pushes(_ play: Play) -> [[EthocaAlertMessage]] {
        play.steps.compactMap { step in
            if case .pushEthoca(let alerts, _) = step { alerts } else { nil }
        }
    }

    private func notices(_ play: Play) -> [VerifiNotificationMessage] {
        play.steps.compactMap { step in
            if case .notify(let notice) = step { notice } else { nil }
        }
    }

    // MARK: Every scenario

    @Test("Every scenario has a kebab-case name and a summary of its own")
    func names() {
        #expect(Scenario.allCases.count == 29)
        for scenario in Scenario.allCases {
            let isKebab = scenario.rawValue.allSatisfy {
                $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-")
            }
            #expect(isKebab)
            #expect(scenario.summary.hasSuffix("."))
        }
        #expect(Set(Scenario.allCases.map(\.summary)).count == Scenario.allCases.count)
    }

    @Test(
        "Every alert of a play has one truth, and every truth an uploaded sale or none",
        arguments: Scenario.allCases)
    func truths(_ scenario: Scenario) throws {
        let play = try play(scenario)
        let references = uploads(play).map(\.referenceID)
        #expect(Set(references).count == references.count)
        let told = Set(pushes(play).flatMap { $0 }.map(\.alertID) + notices(play).map(\.caseID))
        #expect(!told.isEmpty)
        #expect(Set(play.truth.map(\.alertID)) == told)
        #expect(play.truth.count == told.count)
        for truth in play.truth {
            #expect(truth.reason == scenario.rawValue)
            if let reference = truth.transactionReferenceID {
                #expect(references.contains(reference))
            }
        }
    }

    @Test("Every upload and patch passes validation", arguments: Scenario.allCases)
    func validation(_ scenario: Scenario) throws {
        let play = try play(scenario)
        let (organisation, integration) = SampleSale.account
        for sale in uploads(play) {
            let order = try OrderRequest.create.decode(
                sale.order(organisationID: organisation, integrationID: integration))
            #expect(OrderRules.missingField(in: order) == nil)
            #expect(OrderRules.danglingReference(in: order) == nil)
            if let arn = sale.acquirerReferenceNumber { #expect(AcquirerReference.isValid(arn)) }
        }
        for case .patchOrder(let reference, let body) in play.steps {
            _ = try OrderRequest.update.decode(body)
            #expect(uploads(play).contains { $0.orderReferenceID == reference })
        }
    }

    @Test("A play is repeated exactly by its seed", arguments: Scenario.allCases)
    func repetition(_ scenario: Scenario) throws {
        let first = try play(scenario)
        #expect(try first.truth == play(scenario).truth)
        #expect(try pushes(first) == pushes(play(scenario)))
        #expect(try first.truth != play(scenario, seed: 6).truth)
    }

    @Test("No alert is raised before its sale", arguments: Scenario.allCases)
    func order(_ scenario: Scenario) throws {
        let play = try play(scenario)
        for alert in pushes(play).flatMap({ $0 }) {
            #expect(alert.alertTimestamp <= SampleSale.time)
            #expect(alert.transactionTimestamp < alert.alertTimestamp)
        }
    }

    @Test("Only what nothing separates is undecidable", arguments: Scenario.allCases)
    func decidable(_ scenario: Scenario) throws {
        let isExpected = ![.sameDayTwins, .chanceLookAlike].contains(scenario)
        #expect(try play(scenario).truth.allSatisfy { $0.isDecidable == isExpected })
    }

    @Test("An alert is judged as its scenario says", arguments: Scenario.allCases)
    func validity(_ scenario: Scenario) throws {
        let expected: [AlertTruth.Validity] =
            switch scenario {
            case .alreadyRefunded: [.alreadyRefunded]
            case .alreadyDisputed: [.alreadyDisputed]
            case .anotherMerchantsDescriptor: [.wrongMerchant]
            case .noSuchSale, .chanceLookAlike: [.notFound]
            case .twoAlertIDs: [.valid, .duplicate]
            case .ethocaDeclinedThenRDR: [.valid, .valid]
            case .twentySixOutcomes: Array(repeating: .valid, count: 26)
            default: [.valid]
            }
        #expect(try play(scenario).truth.map(\.validity) == expected)
    }

    // MARK: One by one

    @Test("What distinguishes an alert from its sale is what the scenario says")
    func distortions() throws {
        func pair(_ scenario: Scenario) throws -> (SoldTransaction, EthocaAlertMessage) {
            let play = try play(scenario)
            return (try #require(uploads(play).last), try #require(pushes(play).first?.first))
        }
        let (whole, part) = try pair(.partialAmount)
        #expect(1..<whole.amount.minorUnits ~= part.transactionAmount.minorUnits)
        let (home, foreign) = try pair(.foreignCurrency)
        #expect(foreign.transactionAmount.currency != home.amount.currency)
        let (old, new) = try pair(.reissuedCard)
        #expect(new.cardLast4 != old.card.last4 && new.cardBIN == old.card.bin)
        let (token, card) = try pair(.walletToken)
        #expect(token.hidden.wallet != nil && token.card.last4 != card.cardLast4)
        let (long, short) = try pair(.eightDigitBIN)
        #expect(long.card.bin.utf8.count == 8 && short.cardBIN.utf8.count == 6)
        let (sale, settled) = try pair(.settlementDate)
        #expect(settled.transactionTimestamp == sale.hidden.settledAt)
        let (aged, late) = try pair(.olderThan120Days)
        #expect(aged.authorisedAt < late.alertTimestamp.adding(seconds: -120 * 86_400))
    }

    @Test("Repeated pushes are the same bytes, and two ids are the same dispute")
    func repeats() throws {
        for scenario in [Scenario.pushedTwice, .slowAcknowledgement] {
            let all = try pushes(play(scenario))
            #expect(all.count == 2 && all[0] == all[1])
        }
        guard case .pushEthoca(_, .slow) = try play(.slowAcknowledgement).steps[1] else {
            Issue.record("The first push is acknowledged in time")
            return
        }
        let two = try play(.twoAlertIDs)
        #expect(Set(two.truth.map(\.alertID)).count == 2)
        #expect(Set(two.truth.map(\.transactionReferenceID)).count == 1)
    }

    @Test("RDR plays are about Visa cards and repeat one decision")
    func rdr() throws {
        let deleted = try play(.rdrAcceptedThenDeleted)
        #expect(notices(deleted).map(\.status) == [.accepted, .deleted])
        #expect(Set(notices(deleted).map(\.decision.decisionID)).count == 1)
        #expect(deleted.truth[0].decisionID == notices(deleted)[0].decision.decisionID)
        let both = try play(.ethocaDeclinedThenRDR)
        #expect(both.truth.map(\.network) == [.ethoca, .verifi])
        #expect(notices(both).map(\.decision.paymentType) == [.visa])
    }

    @Test(
        "Outcomes are answered before they are sent",
        arguments: [
            (Scenario.outcomeSentTwice, Play.OutcomeAnswer.lost(times: 1)),
            (.recoverableError, .recoverable(times: 2)), (.finalError, .final),
            (.outcomeAfterDeadline, .final), (.twentySixOutcomes, .success),
        ])
    func outcomes(_ scenario: Scenario, _ expected: Play.OutcomeAnswer) throws {
        guard case .answerOutcomes(let answer) = try #require(try play(scenario).steps.first) else {
            Issue.record("The play does not begin with the network's answer")
            return
        }
        #expect(answer == expected)
    }

    @Test("26 outcomes are about 26 sales of different cards")
    func twentySix() throws {
        let play = try play(.twentySixOutcomes)
        #expect(uploads(play).count == 26)
        #expect(pushes(play).map(\.count) == [26])
        #expect(Set(play.truth.map(\.transactionReferenceID)).count == 26)
    }

    @Test("An order after its alert is uploaded after it, a late ARN patched after it")
    func late() throws {
        let steps = try play(.orderAfterAlert).steps
        guard case .pushEthoca = steps[0], case .uploadOrdersLate = steps[1] else {
            Issue.record("The order is not late")
            return
        }
        let late = try play(.arnMissingAddedLater)
        #expect(uploads(late)[0].acquirerReferenceNumber == nil)
        guard case .patchOrder = try #require(late.steps.last) else {
            Issue.record("The ARN is never patched in")
            return
        }
    }

    // MARK: Sales

    @Test("A sale is read back from its order", arguments: ["USD", "JPY", "KWD"])
    func reading(_ currency: String) throws {
        var random = SeededGenerator(seed: 5)
        let (organisation, integration) = SampleSale.account
        for scenario in [Scenario.alreadyRefunded, .alreadyDisputed, .walletToken] {
            let play = scenario.play(
                of: try SampleSale.make(currency), at: SampleSale.time, using: &random)
            let sale = try #require(uploads(play).first)
            let order = try JSONDocument.parse(
                sale.order(organisationID: organisation, integrationID: integration)
            ).root
            #expect(SoldTransaction(order: order, hidden: sale.hidden) == sale)
            let presumed = try #require(SoldTransaction(order: order, hidden: nil))
            #expect(presumed.card == sale.card)
            #expect(AcquirerReference.isValid(try #require(presumed.hidden.arn)))
            #expect(SoldTransaction(order: order, hidden: nil) == presumed)
        }
    }

    @Test("An order without what an alert needs is no sale")
    func unreadable() throws {
        for text in [#"{}"#, #"{"transactions":[]}"#, #"{"transactions":[{"reference_id":"a"}]}"#] {
            let order = try JSONDocument.parse(Array(text.utf8)).root
            #expect(SoldTransaction(order: order, hidden: nil) == nil)
        }
    }
}
