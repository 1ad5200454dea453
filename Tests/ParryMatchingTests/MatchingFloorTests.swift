import ParryDomain
import ParryMatching
import ParryWire
import Testing

/// The table of CONTRACT.md 12 and the paragraph after it.
@Suite("The floor of matching")
struct MatchingFloorTests {
    @Test("Every step of the table", arguments: steps + choices + wideCases)
    func floor(_ row: MatchCase) {
        let verdict = Cases.judge(row.subject, row.candidates)
        #expect(verdict.outcome == row.outcome)
        #expect(verdict.winner?.candidate.referenceID == row.winner)
        if let rule = row.rule { #expect(verdict.ranked.first?.rule == rule) }
        if let flags = row.flags { #expect(verdict.flags == flags) }
        #expect(Cases.judge(row.subject, row.candidates, mode: .strict).outcome == row.strict)
    }

    /// Step 3's fields and nothing stronger.
    private static let byCard = Cases.alert {
        $0.acquirerReferenceNumber = nil
        $0.authorisationCode = nil
    }
    private static let byLast4 = Cases.alert {
        $0.acquirerReferenceNumber = nil
        $0.authorisationCode = nil
        $0.cardBIN = nil
    }
    private static let byCode = Cases.alert {
        $0.acquirerReferenceNumber = nil
        $0.cardBIN = nil
        $0.cardScheme = nil
        $0.descriptor = nil
    }
    private static let byARN = Cases.alert {
        $0.authorisationCode = nil
        $0.cardBIN = nil
        $0.cardLast4 = nil
        $0.cardScheme = nil
        $0.descriptor = nil
    }

    private static func later(_ seconds: Int64, _ reference: String = "later") -> MatchCandidate {
        Cases.sale(reference) { $0.authorisedAt = Cases.saleAt.adding(seconds: seconds) }
    }

    private static let steps: [MatchCase] = [
        MatchCase("everything agrees", Cases.alert(), [Cases.sale()], .matched(.exact), rule: .arn),
        MatchCase("ARN alone, a year off", byARN, [later(-365 * Cases.day)], .matched(.exact)),
        MatchCase(
            "ARN spelled with spaces",
            Cases.alert { $0.acquirerReferenceNumber = " 7402701-2345678901234567 " },
            [Cases.sale()], .matched(.exact)),
        MatchCase(
            "a recycled ARN of another card", byARN.knowing(last4: "1111"), [Cases.sale()], .none),
        MatchCase("code and last 4", byCode, [Cases.sale()], .matched(.high), rule: .codeAndLast4),
        MatchCase(
            "code in lower case with spaces", byCode,
            [Cases.sale { $0.authorisationCode = " 12a456 " }], .matched(.high)),
        MatchCase("code and last 4 at 2 days", byCode, [later(2 * Cases.day)], .matched(.high)),
        MatchCase("code and last 4 beyond 2 days", byCode, [later(2 * Cases.day + 1)], .none),
        MatchCase(
            "code and last 4 whatever the currency", byCode.paying(900, "GBP"), [Cases.sale()],
            .matched(.high)),
        MatchCase("the card's fields", byCard, [Cases.sale()], .matched(.high), rule: .card),
        MatchCase("the card's fields at 3 days", byCard, [later(-3 * Cases.day)], .matched(.high)),
        MatchCase("the card's fields beyond 3 days", byCard, [later(-3 * Cases.day - 1)], .none),
        MatchCase(
            "the card's fields with another amount", byCard.paying(4_901, "USD"), [Cases.sale()],
            .none),
        MatchCase(
            "another brand", byCard, [Cases.sale { $0.cardBrand = "MASTERCARD" }], .none),
        MatchCase(
            "last 4, brand and amount", byLast4, [Cases.sale()], .matched(.low),
            strict: MatchOutcome.none,
            rule: .last4),
        MatchCase(
            "last 4, brand and amount at 1 day", byLast4, [later(Cases.day)], .matched(.low),
            strict: MatchOutcome.none),
        MatchCase(
            "last 4, brand and amount beyond 1 day", byLast4, [later(Cases.day + 1)], .none),
        MatchCase(
            "last 4 and amount without a brand", byLast4.lacking(\.cardScheme), [Cases.sale()],
            .none),
        MatchCase(
            "the card's fields in another currency within 2 %", byCard.paying(5_390, "USD"),
            [
                Cases.sale {
                    $0.amount = 5_000
                    $0.currency = "EUR"
                }
            ], .matched(.low), strict: MatchOutcome.none,
            rule: .convertedCard, flags: [.convertedByRate]),
        MatchCase(
            "the card's fields in another currency beyond 2 %", byCard.paying(5_389, "USD"),
            [
                Cases.sale {
                    $0.amount = 5_000
                    $0.currency = "EUR"
                }
            ], .none),
        MatchCase(
            "another currency without a rate", byCard.paying(5_500, "USD"),
            [
                Cases.sale {
                    $0.amount = 5_000
                    $0.currency = "GBP"
                }
            ], .none),
    ]

    private static let choices: [MatchCase] = [
        MatchCase(
            "the stronger step wins", Cases.alert(),
            [
                Cases.sale("arn") {
                    $0.authorisationCode = nil
                    $0.amount = 100_00
                },
                Cases.sale("code") { $0.acquirerReferenceNumber = nil },
            ], .matched(.exact)),
        MatchCase(
            "equal amount is preferred", byCode,
            [Cases.sale("same"), Cases.sale("more") { $0.amount = 5_000 }], .matched(.high)),
        MatchCase(
            "then the same descriptor", byCard,
            [Cases.sale("same"), Cases.sale("other") { $0.descriptor = "ACMEFIT YEARLY" }],
            .matched(.high)),
        MatchCase(
            "then the nearest time", byCard, [Cases.sale("near"), later(6 * Cases.hour + 1)],
            .matched(.high)),
        MatchCase(
            "6 hours separate nothing", byCard, [Cases.sale(), later(6 * Cases.hour)], .ambiguous),
        MatchCase(
            "as far before as after", byCard,
            [later(-20 * Cases.hour, "before"), later(20 * Cases.hour)],
            .ambiguous),
        MatchCase("twins", Cases.alert(), [Cases.sale("one"), Cases.sale("two")], .ambiguous),
        MatchCase(
            "one sale found twice", Cases.alert(), [Cases.sale(), Cases.sale()], .matched(.exact)),
        MatchCase("no candidates", Cases.alert(), [], .none),
    ]

    private static let reissued = Cases.alert {
        $0.acquirerReferenceNumber = nil
        $0.cardBIN = "421111"
        $0.cardLast4 = "1111"
    }

    private static let wideCases: [MatchCase] = [
        MatchCase(
            "a code alone with amount and descriptor, another card", reissued, [Cases.sale()],
            .matched(.high), rule: .codeAlone),
        MatchCase(
            "the code is another sale's as well", reissued,
            [
                Cases.sale(),
                Cases.sale("other") {
                    $0.amount = 100
                    $0.cardLast4 = "9999"
                },
            ], .none),
        MatchCase(
            "the code without the amount", reissued, [Cases.sale { $0.amount = 5_000 }], .none),
        MatchCase(
            "the code without the descriptor", reissued, [Cases.sale { $0.descriptor = nil }], .none
        ),
        MatchCase("the code beyond 2 days", reissued, [later(2 * Cases.day + 1)], .none),
        MatchCase(
            "a sale over 120 days old",
            Cases.alert { $0.networkAlertedAt = Cases.saleAt.adding(seconds: 121 * Cases.day) },
            [Cases.sale()], .matched(.exact), flags: [.olderThan120Days]),
        MatchCase(
            "a sale of 120 days",
            Cases.alert { $0.networkAlertedAt = Cases.saleAt.adding(seconds: 120 * Cases.day) },
            [Cases.sale()], .matched(.exact), flags: []),
    ]
}

extension MatchSubject {
    func knowing(last4: String) -> MatchSubject {
        var subject = self
        subject.cardLast4 = last4
        return subject
    }

    func paying(_ amount: Int64, _ currency: String) -> MatchSubject {
        var subject = self
        subject.amount = amount
        subject.currency = currency
        return subject
    }

    func lacking(_ field: WritableKeyPath<MatchSubject, String?>) -> MatchSubject {
        var subject = self
        subject[keyPath: field] = nil
        return subject
    }
}
