import ParryDomain
import ParryMatching
import ParryWire
import Testing

/// What NETWORKS.md lists as to be played, as far as matching decides it, and what goes beyond the floor.
@Suite("Scenarios of matching")
struct MatchingScenarioTests {
    @Test("Every scenario", arguments: dates + amounts + cards + identifiers + others + rivals)
    func scenario(_ row: MatchCase) {
        let verdict = Cases.judge(row.subject, row.candidates)
        #expect(verdict.outcome == row.outcome)
        #expect(verdict.winner?.candidate.referenceID == row.winner)
        if let rule = row.rule { #expect(verdict.ranked.first?.rule == rule) }
        if let flags = row.flags { #expect(verdict.flags == flags) }
        #expect(Cases.judge(row.subject, row.candidates, mode: .strict).outcome == row.strict)
    }

    /// Neither ARN nor code, as many alerts are.
    private static func byCard(_ change: (inout MatchSubject) -> Void = { _ in }) -> MatchSubject {
        Cases.alert {
            $0.acquirerReferenceNumber = nil
            $0.authorisationCode = nil
            change(&$0)
        }
    }

    private static func byCode(_ change: (inout MatchSubject) -> Void = { _ in }) -> MatchSubject {
        Cases.alert {
            $0.acquirerReferenceNumber = nil
            change(&$0)
        }
    }

    private static func after(_ seconds: Int64, _ reference: String) -> MatchCandidate {
        Cases.sale(reference) { $0.authorisedAt = Cases.saleAt.adding(seconds: seconds) }
    }

    private static func at(_ text: String) -> Timestamp? { Timestamp(iso8601: text) }

    private static let dates: [MatchCase] = [
        MatchCase(
            "settlement two days later",
            byCard { $0.transactionAt = Cases.saleAt.adding(seconds: 2 * Cases.day) },
            [Cases.sale()], .matched(.high), flags: [.distantTime]),
        MatchCase(
            "another time zone",
            byCard { $0.transactionAt = Cases.saleAt.adding(seconds: -11 * Cases.hour) },
            [Cases.sale()], .matched(.high), flags: [.distantTime]),
        MatchCase(
            "renewals a month apart", byCard(),
            [Cases.sale("this"), after(-30 * Cases.day, "last"), after(30 * Cases.day, "next")],
            .matched(.high)),
        MatchCase(
            "renewals, the alert without a time", byCard { $0.transactionAt = nil },
            [Cases.sale("this"), after(-30 * Cases.day, "last")], .ambiguous,
            strict: MatchOutcome.none),
        MatchCase(
            "one sale, the alert without a time", byCard { $0.transactionAt = nil }, [Cases.sale()],
            .matched(.low), strict: MatchOutcome.none, rule: .cardWithoutTime),
        MatchCase(
            "a sale after an alert without a time", byCard { $0.transactionAt = nil },
            [after(9 * Cases.day, "after")], .none),
        MatchCase(
            "code and last 4, the alert without a time", byCode { $0.transactionAt = nil },
            [Cases.sale()], .matched(.high)),
        MatchCase(
            "twins of one day, told by their codes", byCode(),
            [Cases.sale("mine"), Cases.sale("other") { $0.authorisationCode = "999999" }],
            .matched(.high)),
        MatchCase(
            "twins of one day without codes", byCode(),
            [
                Cases.sale("one") { $0.authorisationCode = nil },
                Cases.sale("two") { $0.authorisationCode = nil },
            ], .ambiguous),
        MatchCase(
            "the twin of one day, mine not uploaded", byCode(),
            [Cases.sale { $0.authorisationCode = "999999" }], .matched(.low),
            strict: MatchOutcome.none, rule: .last4),
        MatchCase(
            "the twin of another day, mine not uploaded", byCode(),
            [after(-2 * Cases.day, "other")].map {
                var sale = $0
                sale.authorisationCode = "999999"
                return sale
            }, .none),
        MatchCase(
            "the nearer twin, though neither is near", byCard(),
            [after(-8 * Cases.hour, "nearer"), after(-40 * Cases.hour, "farther")], .matched(.low),
            strict: .ambiguous, flags: [.distantTime, .rivalFarther]),
        MatchCase(
            "a date without an hour leaves the twins of that day",
            byCard { $0.transactionAt = at("2026-02-10T00:00:00Z") },
            [
                Cases.sale("morning") { $0.authorisedAt = at("2026-02-10T01:00:00Z") },
                Cases.sale("night") { $0.authorisedAt = at("2026-02-10T23:00:00Z") },
            ], .ambiguous),
        MatchCase(
            "a date may be the settlement's",
            byCard { $0.transactionAt = at("2026-02-10T00:00:00Z") },
            [
                Cases.sale("that day") { $0.authorisedAt = at("2026-02-10T01:00:00Z") },
                Cases.sale("before") { $0.authorisedAt = at("2026-02-08T12:00:00Z") },
            ],
            .matched(.low), strict: .ambiguous),
    ]

    private static let amounts: [MatchCase] = [
        MatchCase(
            "a part, by ARN", Cases.alert { $0.amount = 1_000 }, [Cases.sale()], .matched(.exact),
            flags: [.partialAmount]),
        MatchCase(
            "a part, by code and last 4", byCode { $0.amount = 1_000 }, [Cases.sale()],
            .matched(.high), flags: [.partialAmount]),
        MatchCase(
            "a part, by code and BIN",
            byCode {
                $0.amount = 1_000
                $0.cardLast4 = nil
            },
            [Cases.sale()], .matched(.high), rule: .codeAndBIN, flags: [.partialAmount]),
        MatchCase("a part, by the card", byCard { $0.amount = 1_000 }, [Cases.sale()], .none),
        MatchCase(
            "a part, the whole of another sale", byCode { $0.amount = 1_000 },
            [Cases.sale("whole") { $0.amount = 1_000 }, Cases.sale("more")], .matched(.high)),
        MatchCase(
            "an amount above the sale's, by code and last 4", byCode { $0.amount = 6_000 },
            [Cases.sale()], .matched(.high), flags: []),
        MatchCase(
            "an amount above the sale's, and another fits", byCode { $0.amount = 6_000 },
            [
                Cases.sale("code"),
                Cases.sale("card") {
                    $0.amount = 6_000
                    $0.authorisationCode = nil
                },
            ], .ambiguous,
            flags: [.rivalByOtherRule]),
        MatchCase(
            "a foreign currency, by code and last 4",
            byCode {
                $0.amount = 5_400
                $0.currency = "USD"
            },
            [
                Cases.sale {
                    $0.amount = 5_000
                    $0.currency = "EUR"
                }
            ], .matched(.high),
            flags: [.convertedByRate]),
        MatchCase(
            "yen have no cents", byCard { $0.amount = 650 },
            [
                Cases.sale {
                    $0.amount = 1_000
                    $0.currency = "JPY"
                }
            ], .matched(.low),
            strict: MatchOutcome.none),
    ]

    private static let cards: [MatchCase] = [
        MatchCase(
            "a re-issued card",
            byCode {
                $0.cardBIN = "411111"
                $0.cardLast4 = "0002"
            },
            [Cases.sale()], .matched(.high), rule: .codeAlone),
        MatchCase(
            "a re-issued card, and a sale on the new one",
            byCode {
                $0.cardBIN = "411111"
                $0.cardLast4 = "0002"
            },
            [
                Cases.sale("old"),
                Cases.sale("new") {
                    $0.cardBIN = "411111"
                    $0.cardLast4 = "0002"
                    $0.authorisationCode = nil
                },
            ], .matched(.high), winner: "new"),
        MatchCase(
            "a re-issued card, and less on the new one",
            byCode {
                $0.cardBIN = "411111"
                $0.cardLast4 = "0002"
            },
            [
                Cases.sale("old"),
                Cases.sale("new") {
                    $0.cardBIN = nil
                    $0.cardLast4 = "0002"
                    $0.authorisationCode = nil
                },
            ], .ambiguous, flags: [.rivalByOtherRule]),
        MatchCase(
            "another scheme is another card",
            byCode {
                $0.cardScheme = "MASTERCARD"
                $0.cardBIN = "555555"
                $0.cardLast4 = "0002"
            },
            [Cases.sale()], .none),
        MatchCase(
            "a wallet's token, by code", byCode(),
            [
                Cases.sale {
                    $0.paymentMethodType = "DIGITAL_WALLET"
                    $0.cardLast4 = "7777"
                    $0.cardBIN = "489537"
                }
            ],
            .matched(.high), rule: .codeAlone, flags: [.walletToken]),
        MatchCase(
            "a wallet's token, by ARN and amount", Cases.alert { $0.authorisationCode = nil },
            [
                Cases.sale {
                    $0.paymentMethodType = "DIGITAL_WALLET"
                    $0.cardLast4 = "7777"
                }
            ],
            .matched(.high), rule: .arnOfToken),
        MatchCase(
            "a card's other digits under the same ARN", Cases.alert { $0.authorisationCode = nil },
            [Cases.sale { $0.cardLast4 = "7777" }], .none),
        MatchCase(
            "a wallet's token, nothing else", byCard(),
            [
                Cases.sale {
                    $0.paymentMethodType = "DIGITAL_WALLET"
                    $0.cardLast4 = "7777"
                }
            ], .none),
        MatchCase(
            "8 digits against 6", byCard { $0.cardBIN = "42424299" }, [Cases.sale()],
            .matched(.high)),
        MatchCase(
            "8 digits against the same 8", byCard { $0.cardBIN = "42424299" },
            [Cases.sale { $0.cardBIN = "42424299" }], .matched(.high)),
        MatchCase(
            "8 digits against other 8", byCard { $0.cardBIN = "42424299" },
            [Cases.sale { $0.cardBIN = "42424298" }], .none),
        MatchCase(
            "a brand that only the BIN names", byCard { $0.cardScheme = nil }, [Cases.sale()],
            .matched(.high)),
    ]

    private static let identifiers: [MatchCase] = [
        MatchCase(
            "the ARN comes later", Cases.alert(), [Cases.sale { $0.acquirerReferenceNumber = nil }],
            .matched(.high)),
        MatchCase(
            "an ARN as known by two cards", Cases.alert { $0.authorisationCode = nil },
            [Cases.sale("mine"), Cases.sale("recycled") { $0.cardLast4 = "1111" }], .matched(.exact)
        ),
        MatchCase(
            "another ARN on the same card", Cases.alert { $0.authorisationCode = nil },
            [Cases.sale { $0.acquirerReferenceNumber = Cases.otherARN }], .none),
        MatchCase(
            "another ARN under the same code and last 4", Cases.alert(),
            [Cases.sale { $0.acquirerReferenceNumber = Cases.otherARN }], .matched(.low),
            strict: MatchOutcome.none, rule: .codeOfOtherClearing),
        MatchCase(
            "a fragment of an ARN contradicts nothing", Cases.alert { $0.authorisationCode = nil },
            [Cases.sale { $0.acquirerReferenceNumber = "74027012345678" }], .matched(.high)),
        MatchCase(
            "ARNs of zeros are nobody's",
            byCard {
                $0.acquirerReferenceNumber = "00000000000000000000000"
                $0.cardLast4 = nil
            },
            [Cases.sale { $0.acquirerReferenceNumber = "00000000000000000000000" }], .none),
        MatchCase(
            "a code that lost its zeros", byCode { $0.authorisationCode = "001234" },
            [Cases.sale { $0.authorisationCode = "1234" }], .matched(.high), rule: .codeAndLast4),
        MatchCase(
            "codes of zeros are nobody's",
            byCode {
                $0.authorisationCode = "000000"
                $0.cardBIN = nil
            },
            [Cases.sale { $0.authorisationCode = "000000" }], .matched(.low),
            strict: MatchOutcome.none, rule: .last4),
        MatchCase(
            "a test card's code on several sales", byCode(),
            [Cases.sale("one"), after(3 * Cases.hour, "two"), after(5 * Cases.hour, "three")],
            .ambiguous),
        MatchCase(
            "a code alone with the amount",
            byCode {
                $0.cardLast4 = nil
                $0.cardBIN = nil
                $0.descriptor = nil
            },
            [Cases.sale()], .matched(.low), strict: MatchOutcome.none, rule: .codeAndAmount),
    ]

    private static let others: [MatchCase] = [
        MatchCase(
            "a mangled descriptor separates twins",
            byCard { $0.descriptor = "PAYPAL *ACMEFIT*MONTH" },
            [Cases.sale("mine"), Cases.sale("other") { $0.descriptor = "ACMEFIT YEARLY" }],
            .matched(.high)),
        MatchCase(
            "a twin whose descriptor is not known", byCard(),
            [Cases.sale("mine"), Cases.sale("unknown") { $0.descriptor = nil }], .matched(.low),
            strict: .ambiguous, flags: [.rivalUnknown]),
        MatchCase(
            "another merchant's alert, last 4 and amount by chance",
            byCard {
                $0.descriptor = "STREAMBOX MONTHLY"
                $0.cardBIN = nil
            }, [Cases.sale()], .none),
        MatchCase(
            "another merchant's alert on the same card",
            byCard { $0.descriptor = "STREAMBOX MONTHLY" },
            [Cases.sale()], .none),
        MatchCase(
            "another merchant's alert, code and last 4 of a test card",
            byCode {
                $0.descriptor = "STREAMBOX MONTHLY"
                $0.amount = 9_900
            }, [Cases.sale()], .none),
        MatchCase(
            "a declined sale", Cases.alert(), [Cases.sale { $0.authorisationStatus = "DECLINED" }],
            .none),
        MatchCase(
            "a voided sale", Cases.alert(), [Cases.sale { $0.authorisationStatus = "VOIDED" }],
            .none),
        MatchCase(
            "a failed sale", Cases.alert(), [Cases.sale { $0.authorisationStatus = "FAILED" }],
            .none),
        MatchCase(
            "a declined attempt before the sale", byCode(),
            [Cases.sale("paid"), Cases.sale("declined") { $0.authorisationStatus = "DECLINED" }],
            .matched(.high)),
        MatchCase(
            "a sale whose status is not known", Cases.alert(),
            [Cases.sale { $0.authorisationStatus = nil }], .matched(.exact)),
        MatchCase(
            "an alert that knows nothing", MatchSubject(networkAlertedAt: Cases.alertedAt),
            [Cases.sale()], .none),
        MatchCase(
            "a sale that is known by its reference only", Cases.alert(),
            [
                MatchCandidate(
                    integrationID: Cases.integration, referenceID: "bare", orderID: Cases.order)
            ],
            .none),
    ]

    /// What one candidate's missing or contradicting fields mean to another.
    private static let rivals: [MatchCase] = [
        MatchCase(
            "an ARN of which only the BIN is known to be another card's",
            Cases.alert {
                $0.authorisationCode = nil
                $0.cardLast4 = nil
                $0.cardBIN = "411111"
            }, [Cases.sale()], .none),
        MatchCase(
            "another code, and the merchant is not known", byCode(),
            [
                Cases.sale {
                    $0.authorisationCode = "999999"
                    $0.descriptor = nil
                }
            ], .none),
        MatchCase(
            "a twin whose BIN is not known", byCard(),
            [Cases.sale("whole"), Cases.sale("bare") { $0.cardBIN = nil }], .matched(.low),
            strict: .ambiguous, flags: [.rivalUnknown]),
        MatchCase(
            "a twin whose BIN is not known, a day before", byCard(),
            [
                Cases.sale("whole"),
                Cases.sale("bare") {
                    $0.cardBIN = nil
                    $0.authorisedAt = Cases.saleAt.adding(seconds: -Cases.day)
                },
            ], .matched(.high), flags: []),
        MatchCase(
            "an ARN with one thing against it, and a card with nothing", Cases.alert(),
            [
                Cases.sale("arn") { $0.amount = 4_000 },
                Cases.sale("card") { $0.acquirerReferenceNumber = nil },
            ], .matched(.exact)),
        MatchCase(
            "an ARN with two things against it, and a card with nothing", Cases.alert(),
            [
                Cases.sale("arn") {
                    $0.amount = 4_000
                    $0.authorisationCode = "999999"
                },
                Cases.sale("card") { $0.acquirerReferenceNumber = nil },
            ], .ambiguous, flags: [.rivalByOtherRule]),
        MatchCase(
            "another card under the code, and one that fits without a brand or BIN",
            byCode {
                $0.cardLast4 = "0002"
                $0.cardBIN = nil
            },
            [
                Cases.sale("code"),
                Cases.sale("card") {
                    $0.cardLast4 = "0002"
                    $0.cardBIN = nil
                    $0.cardBrand = nil
                    $0.authorisationCode = nil
                },
            ], .ambiguous, flags: [.rivalByOtherRule]),
        MatchCase(
            "a declined sale with the same code takes nothing from a code alone",
            byCode { $0.cardLast4 = "0002" },
            [Cases.sale("paid"), Cases.sale("declined") { $0.authorisationStatus = "DECLINED" }],
            .matched(.high), rule: .codeAlone),
        MatchCase(
            "nor does a sale ten days before", byCode { $0.cardLast4 = "0002" },
            [Cases.sale("mine"), after(-10 * Cases.day, "before")], .matched(.high),
            rule: .codeAlone),
    ]

    @Test("A search that met its bound lets only ARN, and code with last 4, match")
    func incomplete() {
        let card = Self.byCard()
        #expect(Cases.judge(card, [Cases.sale()], isComplete: false).outcome == .ambiguous)
        #expect(Cases.judge(card, [Cases.sale()], isComplete: false).flags == [.searchIncomplete])
        let code = Self.byCode()
        #expect(Cases.judge(code, [Cases.sale()], isComplete: false).outcome == .matched(.high))
        #expect(
            Cases.judge(Cases.alert(), [Cases.sale()], isComplete: false).outcome
                == .matched(.exact))
    }

    @Test("A verdict shows the best candidates, the winner first, with margin and evidence")
    func shown() throws {
        let many = (0..<30).map { index in
            Cases.sale("other\(index)") {
                $0.acquirerReferenceNumber = nil
                $0.authorisationCode = "99999\(index)"
                $0.authorisedAt = Cases.saleAt.adding(seconds: -Int64(index + 1) * Cases.day)
            }
        }
        let verdict = Cases.judge(Cases.alert(), many + [Cases.sale("mine")])
        #expect(verdict.judgedCount == 31)
        #expect(verdict.ranked.count == 20)
        #expect(verdict.ranked.first == verdict.winner)
        #expect(verdict.ranked[1].candidate.referenceID == "other0")
        // ARN 100, code 60 + 40, and the runner-up's day of distance 25 - 12.
        #expect(verdict.margin == 213)
        #expect(verdict.confidence == .exact)
        let fields = try #require(verdict.winner).evidence.fields
        #expect(fields.map(\.field) == MatchField.allCases)
        #expect(fields.allSatisfy { $0.evidence == .equal })
        let other = verdict.ranked[1].evidence
        #expect(other.acquirerReferenceNumber == .absent)
        #expect(other.authorisationCode == .contradicts)
        #expect(other.time == .near)
    }
}
