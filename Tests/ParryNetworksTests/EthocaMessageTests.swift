import ParryDomain
import ParryWire
import Testing

@testable import ParryNetworks

@Suite("Ethoca's messages")
struct EthocaMessageTests {
    @Test(
        "Amounts are decimals with the currency's own number of decimals",
        arguments: [
            ("49.00", "USD", 4_900), ("0.05", "EUR", 5), ("500", "JPY", 500),
            ("1.250", "KWD", 1_250), ("0", "JPY", 0),
            ("90071992547409.91", "USD", 9_007_199_254_740_991),
            ("49", "USD", nil), ("49.0", "USD", nil), ("49.000", "USD", nil),
            ("500.00", "JPY", nil),
            ("500.", "JPY", nil), ("1.25", "KWD", nil), ("-1.00", "USD", nil),
            ("+1.00", "USD", nil),
            (".50", "USD", nil), ("", "USD", nil), ("1,000.00", "USD", nil), ("1e2", "JPY", nil),
            (" 1.00", "USD", nil), ("90071992547409.92", "USD", nil),
            ("99999999999999999999.00", "USD", nil),
            ("1.0٣", "USD", nil),
        ] as [(String, String, Int64?)])
    func amounts(text: String, code: String, units: Int64?) throws {
        let currency = try #require(Currency(code: code))
        #expect(DecimalAmount.minorUnits(text, in: currency) == units)
        if let units { #expect(currency.decimal(units) == text) }
    }

    private func message(_ change: (String, String) = ("", "")) -> String {
        let whole = """
            {"alertId":"A1B2C3D4E5F6G7H8I9J0K1L2M","alertType":"CUSTOMERDISPUTE",
            "alertTimestamp":"2026-02-17T10:30:00Z","issuer":"Bank of America","cardBin":"424242",
            "cardLast4":"4242","cardScheme":"VISA","acquirerReferenceNumber":null,
            "authCode":"123456","transactionTimestamp":"2026-02-10T10:30:00Z",
            "transactionAmount":"49.00","transactionCurrency":"USD",
            "merchantDescriptor":"ACMEFIT MONTHLY","merchantId":null,"mcc":"7997",
            "transactionType":"ECOMMERCE","is3DSecure":"NO","chargebackReasonCode":"13.1"}
            """
        return change.0.isEmpty ? whole : whole.replacing(change.0, with: change.1)
    }

    private func read(_ messages: String...) throws -> [EthocaAlertReader.Item] {
        try EthocaAlertReader.read(Array(#"{"alerts":[\#(messages.joined(separator: ","))]}"#.utf8))
    }

    @Test("The message of NETWORKS.md is read member by member")
    func whole() throws {
        let alert = try read(message())[0].alert.get()
        #expect(alert.networkID == "A1B2C3D4E5F6G7H8I9J0K1L2M")
        #expect(alert.category == .dispute)
        #expect(alert.alertedAt == Timestamp(iso8601: "2026-02-17T10:30:00Z"))
        #expect(alert.transactionAt == Timestamp(iso8601: "2026-02-10T10:30:00Z"))
        #expect(alert.reasonCode == "13.1")
        let sale = alert.transaction
        #expect((sale.amount, sale.currency) == (4_900, "USD"))
        #expect((sale.cardBIN, sale.cardLast4, sale.cardScheme) == ("424242", "4242", "VISA"))
        #expect((sale.authorisationCode, sale.acquirerReferenceNumber) == ("123456", nil))
        #expect(
            (sale.statementDescriptor, sale.cardIssuer) == ("ACMEFIT MONTHLY", "Bank of America"))
    }

    @Test(
        "What is missing or cannot be right refuses its alert, with the member's name",
        arguments: [
            (#""alertId":"A1B2C3D4E5F6G7H8I9J0K1L2M""#, #""alertId":null"#, "alertId"),
            (#""transactionAmount":"49.00""#, #""transactionAmount":49.00"#, "transactionAmount"),
            (#""49.00""#, #""49.0""#, "transactionAmount"),
            (#""USD""#, #""XXX""#, "transactionCurrency"),
            (#""USD""#, #""usd""#, "transactionCurrency"),
            (#""2026-02-17T10:30:00Z""#, #""yesterday""#, "alertTimestamp"),
            (#""2026-02-10T10:30:00Z""#, #""2026-02-30T10:30:00Z""#, "transactionTimestamp"),
            (#""ACMEFIT MONTHLY""#, #""""#, "merchantDescriptor"),
            (#""ACMEFIT MONTHLY""#, #""A\u0000B""#, "merchantDescriptor"),
            (#""ACMEFIT MONTHLY""#, #""4242 4242 4242 4242""#, "merchantDescriptor"),
            (#""Bank of America""#, "7", "issuer"),
        ])
    func faults(member: String, instead: String, name: String) throws {
        let items = try read(message((member, instead)), message())
        guard case .failure(let fault) = items[0].alert else {
            Issue.record("\(name) was taken")
            return
        }
        #expect(fault.sentence.hasPrefix(name), "\(fault.sentence)")
        #expect(!fault.sentence.contains("4242 4242"))
        #expect(throws: Never.self) { try items[1].alert.get() }
    }

    @Test("A descriptor of 10,000 characters refuses its alert alone")
    func longDescriptor() throws {
        let long = String(repeating: "A", count: 10_000)
        let items = try read(message(("ACMEFIT MONTHLY", long)), message())
        #expect(throws: EthocaAlertReader.Fault.self) { try items[0].alert.get() }
        #expect(throws: Never.self) { try items[1].alert.get() }
    }

    @Test(
        "Masked digits, unknown words and unknown members say nothing and harm nothing",
        arguments: [
            (#""424242""#, #""4242**""#), (#""CUSTOMERDISPUTE""#, #""SOMETHINGNEW""#),
            (#""mcc":"7997""#, #""mcc":{"a":[1]}"#), (#""2026-02-10T10:30:00Z""#, "null"),
        ])
    func tolerance(member: String, instead: String) throws {
        #expect(throws: Never.self) { try read(message((member, instead)))[0].alert.get() }
    }

    @Test("Every reason has the network's word for fraud and for disputes")
    func words() {
        let expected: [(OutcomeReason, String, String)] = [
            (.refunded, "STOPPED", "RESOLVED"), (.cancelled, "ACCOUNT_SUSPENDED", "OTHER"),
            (.notRefunded, "MISSED", "UNRESOLVED_DISPUTE"),
            (.alreadyRefunded, "PREVIOUSLY_CANCELLED", "RESOLVED_PREVIOUSLY_REFUNDED"),
            (.alreadyDisputed, "MISSED", "UNRESOLVED_DISPUTE"),
            (.notFound, "NOT_FOUND", "NOT_FOUND"),
        ]
        #expect(expected.map(\.0) == OutcomeReason.allCases)
        for (reason, fraud, dispute) in expected {
            #expect(EthocaOutcomes.word(reason, .fraud) == fraud)
            #expect(EthocaOutcomes.word(reason, .dispute) == dispute)
        }
    }

    @Test("An answer is read outcome by outcome, and what it leaves out is sent again")
    func answers() {
        let body = """
            {"status":"success","outcomes":[
            {"alertId":"b","status":"FAILURE","error":{"code":"LATER","recoverable":true}},
            {"alertId":"a","status":"SUCCESS","error":null},
            {"alertId":"c","status":"FAILURE","error":{"code":"TOO_LATE","recoverable":false}}]}
            """
        let reply = NetworkReply(status: 200, body: Array(body.utf8))
        let answers = EthocaOutcomes.answers(reply, for: ["a", "b", "c", "d"])
        #expect(
            answers == [
                .taken(networkID: nil), .recoverable("LATER"), .final("TOO_LATE"),
                .recoverable("the answer does not mention the alert"),
            ])
    }

    @Test(
        "A fault of the network's passes, a request that it calls wrong does not",
        arguments: [
            (nil, true), (500, true), (503, true), (429, true), (401, true), (404, true),
            (400, false), (422, false), (413, false), (302, true),
        ] as [(Int?, Bool)])
    func failures(status: Int?, isRecoverable: Bool) {
        let answer = NetworkReply(status: status).answerOfFailure
        if case .recoverable = answer { #expect(isRecoverable) } else { #expect(!isRecoverable) }
    }

    @Test("A token says its mode; anything else says none")
    func tokens() {
        let tokens = NetworkTokens(test: "test-token-of-sixteen", live: "live-token-of-sixteen")
        #expect(tokens.mode(of: "Bearer test-token-of-sixteen") == .test)
        #expect(tokens.mode(of: "bearer live-token-of-sixteen") == .live)
        for header in [
            nil, "", "Bearer", "Bearer ", "Bearer test-token-of-sixtee", "test-token-of-sixteen",
        ] {
            #expect(tokens.mode(of: header) == nil)
        }
        #expect(NetworkTokens(test: nil, live: nil).isEmpty)
        #expect(NetworkTokens(test: nil, live: "live-token-of-sixteen").mode(of: "Bearer ") == nil)
    }

    @Test("A full card number is not kept, wherever it stands, and identifiers are no card numbers")
    func cardNumbers() throws {
        let hidden = try read(
            message(
                (
                    #""merchantId":null"#,
                    #""cardNumber":"4242 4242 4242 4242","x":[4242424242424242]"#
                ))
        )[0]
        let kept = String(decoding: hidden.body, as: UTF8.self)
        #expect(!kept.contains("4242 4242") && !kept.contains("4242424242424242"))
        #expect(kept.contains(#""alertId":"A1B2C3D4E5F6G7H8I9J0K1L2M""#))
        #expect(throws: Never.self) { try hidden.alert.get() }
        let digits = try read(message(("A1B2C3D4E5F6G7H8I9J0K1L2M", "4242424242424242")))[0]
        #expect(try digits.alert.get().networkID == "4242424242424242")
        let plain = try read(message())[0]
        #expect(String(decoding: plain.body, as: UTF8.self) == message())
    }

    @Test(
        "An identifier passes whatever digits it has, unless it is grouped as only card numbers are",
        arguments: [
            ("4242424242424242", false), ("CASE-4242424242424242", false),
            ("a2424242-4242-4242-8242-aabbccddeeff", false),
            ("0a1b2c3d-4242-4242-4242-4242aabbccdd", false), ("ref-4242-4242-4242-4242", false),
            ("4242 4242 4242 4242", true), ("4242-4242-4242-4242", true),
            ("card 4242 4242 4242 4242", true), ("4242 4242 4242 4242 (card)", true),
            ("4242\u{2013}4242\u{2013}4242\u{2013}4242", true),
        ])
    func identifiers(text: String, isCard: Bool) {
        #expect(RawMessage.isGroupedCardNumber(text) == isCard)
    }

    @Test("A notice of Verifi's is read with the amount of its case")
    func notice() throws {
        let body = """
            {"decisionId":"3f0c","caseType":"DISPUTE","source":"VMPI","caseDate":"2026-02-17T10:30:00Z",
            "transactionDate":"2026-02-10T10:30:00Z","paymentDescriptor":"ACMEFIT MONTHLY",
            "acquirerBin":"424242","cardAcceptorId":"ACMEFITCAID01","cardBin":"424242",
            "cardLast4":"4242","paymentType":"VISA","authCode":"123456",
            "arn":"74027012345678901234567","transactionAmount":{"amount":"49.00","currency":"USD"},
            "caseAmount":{"amount":"20.00","currency":"USD"},"reasonCode":"13.1",
            "caseId":"case-1","status":"ACCEPTED"}
            """
        let notice = try VerifiNoticeReader.read(Array(body.utf8))
        #expect(notice.status == .accepted)
        #expect(notice.identifiers == ["424242:ACMEFITCAID01", "74027012345678901234567"])
        #expect(notice.alert.networkID == "case-1")
        #expect(notice.alert.transaction.amount == 2_000)
        for (member, instead) in [
            (#""status":"ACCEPTED""#, #""status":"MAYBE""#), (#""caseId":"case-1""#, #""x":1"#),
            (#""20.00""#, "20"), ("2026-02-17T10:30:00Z", "now"), ("{", "["),
        ] {
            #expect(throws: NetworkFault.self) {
                try VerifiNoticeReader.read(Array(body.replacing(member, with: instead).utf8))
            }
        }
    }
}
