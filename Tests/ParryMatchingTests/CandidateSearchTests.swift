import ParryMatching
import ParryWire
import Testing

@Suite("What is looked up for an alert")
struct CandidateSearchTests {
    @Test("ARN without a window, code and last 4 within 7 days of the sale's time")
    func ranges() throws {
        let search = CandidateSearch(Cases.alert { $0.authorisationCode = " 12a456" })
        #expect(search.acquirerReferenceNumber == Cases.arn)
        let code = try #require(search.authorisationCode)
        let last4 = try #require(search.cardLast4)
        #expect(code.key == "12A456")
        #expect(last4.key == "4242")
        for range in [code, last4] {
            #expect(range.from == Cases.saleAt.adding(seconds: -7 * Cases.day))
            #expect(range.to == Cases.saleAt.adding(seconds: 7 * Cases.day))
        }
    }

    @Test("Without the sale's time, 540 days before the alert and one behind it")
    func untimed() throws {
        let search = CandidateSearch(Cases.alert { $0.transactionAt = nil })
        let range = try #require(search.cardLast4)
        #expect(range.from == Cases.alertedAt.adding(seconds: -540 * Cases.day))
        #expect(range.to == Cases.alertedAt.adding(seconds: Cases.day))
    }

    @Test("An alert that names nothing looks nothing up")
    func empty() {
        #expect(CandidateSearch(MatchSubject(networkAlertedAt: Cases.alertedAt)).isEmpty)
        #expect(!CandidateSearch(Cases.alert()).isEmpty)
        let fillers = Cases.alert {
            $0.acquirerReferenceNumber = "0"
            $0.authorisationCode = "000000"
            $0.cardLast4 = nil
        }
        #expect(CandidateSearch(fillers).isEmpty)
    }

    @Test(
        "The quick look",
        arguments: [
            ("the sale", Cases.sale(), true),
            ("its ARN alone", bare { $0.acquirerReferenceNumber = Cases.arn }, true),
            ("its code alone", bare { $0.authorisationCode = "12a456" }, true),
            ("its last 4 alone", bare { $0.cardLast4 = "4242" }, true),
            ("nothing of it", bare { $0.cardBIN = "424242" }, false),
            (
                "its code a month before",
                bare {
                    $0.authorisationCode = "12A456"
                    $0.authorisedAt = Cases.saleAt.adding(seconds: -30 * Cases.day)
                }, false
            ),
            (
                "its ARN a year before",
                bare {
                    $0.acquirerReferenceNumber = Cases.arn
                    $0.authorisedAt = Cases.saleAt.adding(seconds: -365 * Cases.day)
                }, true
            ),
            (
                "its last 4 with less money",
                bare {
                    $0.cardLast4 = "4242"
                    $0.amount = 4_899
                    $0.currency = "USD"
                }, false
            ),
            (
                "its last 4 with less of another currency",
                bare {
                    $0.cardLast4 = "4242"
                    $0.amount = 4_500
                    $0.currency = "EUR"
                }, true
            ),
        ])
    func quickLook(_ name: String, _ candidate: MatchCandidate, _ could: Bool) {
        #expect(Cases.alert().couldBe(candidate) == could)
    }

    private static func bare(_ change: (inout MatchCandidate) -> Void) -> MatchCandidate {
        var candidate = MatchCandidate(
            integrationID: Cases.integration, referenceID: "bare", orderID: Cases.order)
        change(&candidate)
        return candidate
    }
}
