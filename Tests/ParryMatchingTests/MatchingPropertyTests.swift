import ParryDomain
import ParryMatching
import ParryWire
import Testing

@Suite("What holds of every match")
struct MatchingPropertyTests {
    private static let seeds: [UInt64] = [1, 20, 300, 4_000]

    /// Alerts of a small world, each with sales that are like the true one in some fields.
    private static func crowds(_ seed: UInt64) -> [(subject: MatchSubject, crowd: [MatchCandidate])]
    {
        var random = SeededGenerator(seed: seed)
        return (0..<150).map { _ in
            let subject = Cases.alert { thin(&$0, &random) }
            let crowd = (0..<Int.random(in: 1...6, using: &random)).map { index in
                Cases.sale("sale\(index)") { vary(&$0, &random) }
            }
            return (subject, crowd)
        }
    }

    private static func thin(_ subject: inout MatchSubject, _ random: inout SeededGenerator) {
        let fields: [WritableKeyPath<MatchSubject, String?>] = [
            \.acquirerReferenceNumber, \.acquirerReferenceNumber, \.authorisationCode, \.cardBIN,
            \.cardLast4, \.cardScheme, \.descriptor, \.currency,
        ]
        for field in fields where Int.random(in: 0..<4, using: &random) == 0 {
            subject[keyPath: field] = nil
        }
        if Int.random(in: 0..<8, using: &random) == 0 { subject.transactionAt = nil }
        if Int.random(in: 0..<8, using: &random) == 0 { subject.amount = 2_000 }
    }

    private static func vary(_ sale: inout MatchCandidate, _ random: inout SeededGenerator) {
        let changes: [(inout MatchCandidate) -> Void] = [
            { $0.acquirerReferenceNumber = nil }, { $0.acquirerReferenceNumber = Cases.otherARN },
            { $0.authorisationCode = nil }, { $0.authorisationCode = "777777" },
            { $0.cardBIN = nil }, { $0.cardBIN = "411111" }, { $0.cardLast4 = "1111" },
            { $0.cardBrand = nil }, { $0.amount = 5_000 }, { $0.amount = nil },
            { $0.currency = "EUR" }, { $0.descriptor = nil }, { $0.descriptor = "STREAMBOX" },
            { $0.authorisationStatus = "DECLINED" }, { $0.authorisationStatus = nil },
            { $0.paymentMethodType = "DIGITAL_WALLET" }, { $0.authorisedAt = nil },
        ]
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            changes[Int.random(in: changes.indices, using: &random)](&sale)
        }
        let hours = Int64.random(in: -80...80, using: &random)
        sale.authorisedAt = sale.authorisedAt?.adding(seconds: hours * Cases.hour)
    }

    @Test("The order of the candidates makes no difference", arguments: seeds)
    func permutation(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for (subject, crowd) in Self.crowds(seed) {
            let verdict = Cases.judge(subject, crowd)
            #expect(Cases.judge(subject, crowd.shuffled(using: &random)) == verdict)
        }
    }

    @Test("An unrelated sale changes neither outcome nor winner", arguments: seeds)
    func unrelated(_ seed: UInt64) {
        let unrelated = Cases.sale("unrelated") {
            $0.acquirerReferenceNumber = Cases.otherARN
            $0.authorisationCode = "555555"
            $0.cardLast4 = "9999"
            $0.cardBIN = "511111"
            $0.cardBrand = "MASTERCARD"
        }
        for (subject, crowd) in Self.crowds(seed) {
            let before = Cases.judge(subject, crowd)
            let after = Cases.judge(subject, [unrelated] + crowd)
            #expect(after.outcome == before.outcome)
            #expect(after.winner == before.winner)
        }
    }

    @Test("An exact twin of the winner leaves nobody to choose", arguments: seeds)
    func twin(_ seed: UInt64) {
        var matched = 0
        for (subject, crowd) in Self.crowds(seed) {
            guard let winner = Cases.judge(subject, crowd).winner else { continue }
            matched += 1
            var twin = MatchCandidate(
                integrationID: Cases.integration, referenceID: "twin", orderID: Cases.order)
            twin.copy(winner.candidate)
            let verdict = Cases.judge(subject, crowd + [twin])
            #expect(verdict.winner?.candidate.referenceID != "twin")
            #expect(verdict.winner?.candidate.referenceID != winner.candidate.referenceID)
            if winner.rule?.isLone == false { #expect(verdict.outcome == .ambiguous) }
        }
        #expect(matched > 20)
    }

    @Test("What did not take place never wins", arguments: seeds)
    func declined(_ seed: UInt64) {
        for (subject, crowd) in Self.crowds(seed) {
            for status in ["DECLINED", "VOIDED", "FAILED"] {
                let dead = crowd.map { sale in
                    var sale = sale
                    sale.authorisationStatus = status
                    return sale
                }
                #expect(Cases.judge(subject, dead).outcome == .none)
            }
        }
    }

    @Test("A sale that is worse in every field never comes first", arguments: seeds)
    func monotonous(_ seed: UInt64) {
        for (subject, crowd) in Self.crowds(seed) {
            guard var worse = crowd.first else { continue }
            worse.acquirerReferenceNumber = Cases.otherARN
            worse.authorisationCode = "777777"
            worse.cardBIN = "411111"
            worse.cardLast4 = "1111"
            worse.cardBrand = "MASTERCARD"
            worse.amount = 100
            worse.descriptor = "STREAMBOX"
            worse.authorisedAt = Cases.saleAt.adding(seconds: -30 * Cases.day)
            let better = Cases.sale("zzz") { $0.authorisationStatus = worse.authorisationStatus }
            let ranked = Cases.judge(subject, [worse, better]).ranked
            #expect(ranked.first?.candidate.referenceID == "zzz")
        }
    }

    @Test("Better evidence in one field never ranks a sale lower", arguments: seeds)
    func monotonousByField(_ seed: UInt64) {
        let repairs: [(inout MatchCandidate) -> Void] = [
            { $0.acquirerReferenceNumber = Cases.arn }, { $0.authorisationCode = "12A456" },
            { $0.cardBIN = "424242" }, { $0.cardLast4 = "4242" }, { $0.cardBrand = "VISA" },
            { $0.descriptor = "ACMEFIT MONTHLY" }, { $0.authorisationStatus = "SETTLED" },
        ]
        for (subject, crowd) in Self.crowds(seed) {
            guard var sale = crowd.first else { continue }
            sale.authorisedAt = Cases.saleAt
            for repair in repairs {
                var repaired = sale
                repair(&repaired)
                let before = Cases.judge(subject, [sale]).ranked.first
                let after = Cases.judge(subject, [repaired]).ranked.first
                #expect((after?.rule?.position ?? 99) <= (before?.rule?.position ?? 99))
                #expect((after?.score ?? 0) >= (before?.score ?? 0))
            }
        }
    }

    @Test("Whatever a rule matches passes the quick look, and its range", arguments: seeds)
    func quickLook(_ seed: UInt64) {
        var passed = 0
        for (subject, crowd) in Self.crowds(seed) {
            let verdict = Cases.judge(subject, crowd)
            for judged in verdict.ranked where judged.rule != nil {
                passed += 1
                #expect(subject.couldBe(judged.candidate))
            }
        }
        #expect(passed > 100)
    }

    @Test(
        "A quarter of an organisation's alerts: who is matched is right",
        arguments: [7, 8] as [UInt64])
    func world(_ seed: UInt64) {
        var world = World(seed: seed, customers: 2_500)
        var decidable = 0
        var found = 0
        var sure = 0
        var wrong: [String] = []
        var wrongForMissing = 0
        for _ in 0..<5_000 {
            let raised = world.raise()
            let verdict = Cases.judge(raised.subject, world.candidates(raised.subject))
            let right = raised.sale.map { "sale\($0)" }
            let isRight = verdict.winner?.candidate.referenceID == right
            if verdict.confidence == .exact || verdict.confidence == .high {
                sure += 1
                if !isRight, raised.sale.map({ world.sales[$0].uploaded == nil }) ?? false {
                    wrongForMissing += 1
                } else if !isRight {
                    wrong.append("\(right ?? "nobody's"): \(raised.subject) \(verdict)")
                }
            }
            if raised.sale == nil { #expect(verdict.winner == nil, "\(raised.subject)") }
            if world.isDecidable(raised) {
                decidable += 1
                if isRight { found += 1 }
            }
        }
        #expect(decidable > 3_500)
        #expect(found * 100 >= decidable * 98, "\(found) of \(decidable)")
        #expect(wrong.isEmpty, "\(wrong.count) of \(sure): \(wrong.first ?? "")")
        // The same card pays the same amount twice in three days, and only the other sale is uploaded: no
        // rule of the floor can tell. One sale in a hundred has such a twin here, one in twenty is missing.
        #expect(wrongForMissing * 2_000 <= sure, "\(wrongForMissing) of \(sure)")
    }
}

extension MatchRule {
    fileprivate var position: Int? { Self.allCases.firstIndex(of: self) }

    /// Rules that a second sale with the code takes away.
    fileprivate var isLone: Bool {
        self == .codeAlone || self == .codeAndBIN || self == .codeAndAmount
    }
}

extension MatchCandidate {
    fileprivate mutating func copy(_ other: MatchCandidate) {
        authorisedAt = other.authorisedAt
        amount = other.amount
        currency = other.currency
        cardBrand = other.cardBrand
        cardLast4 = other.cardLast4
        cardBIN = other.cardBIN
        authorisationCode = other.authorisationCode
        acquirerReferenceNumber = other.acquirerReferenceNumber
        descriptor = other.descriptor
        authorisationStatus = other.authorisationStatus
        paymentMethodType = other.paymentMethodType
    }
}
