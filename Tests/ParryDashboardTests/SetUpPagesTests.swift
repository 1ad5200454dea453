import ParryDomain
import ParryWire
import Testing

@testable import ParryDashboard

@Suite("Pages of the set-up")
struct SetUpPagesTests {
    @Test(
        "An amount is read in the places of its currency",
        arguments: [
            ("49", "USD", 4_900), ("49.0", "USD", 4_900), ("1,234.50", "EUR", 123_450),
            ("500", "JPY", 500), ("1.250", "KWD", 1_250), ("0.05", "USD", 5),
        ] as [(String, String, Int64)])
    func amounts(text: String, code: String, minor: Int64) throws {
        let currency = try #require(Currency(code: code))
        #expect(DecimalAmount.minorUnits(text, in: currency) == minor)
    }

    @Test(
        "What is no amount of the currency is not read",
        arguments: [
            ("", "USD"), ("12.345", "USD"), ("1.5", "JPY"), ("-3", "USD"), (".5", "USD"),
            ("5.", "USD"), ("1.2.3", "USD"), ("abc", "USD"), ("99999999999999999999", "USD"),
        ])
    func noAmounts(text: String, code: String) throws {
        let currency = try #require(Currency(code: code))
        #expect(DecimalAmount.minorUnits(text, in: currency) == nil)
    }

    @Test("A filter that cannot be read is left out and told")
    func filters() {
        var reader = ListFilterReader(
            FormFields(parsing: "organisation=foo&status=GONE&type=VERIFI_RDR"))
        let organisation: OrganisationID? = reader.id("organisation")
        let status: EnrolmentStatus? = reader.word("status")
        let type: EnrolmentType? = reader.word("type")
        #expect(organisation == nil && status == nil && type == .verifiRDR)
        #expect(reader.ignored == ["organisation", "status"])
    }

    @Test("What narrows a list is neither empty nor of one page alone")
    func kept() {
        let query = FormFields(parsing: "q=acme&type=&page=3&notice=saved&n=2&at=5")
        #expect(query.filters().map(\.name) == ["q", "at"])
        #expect(query.filters(besides: ["at"]).map(\.name) == ["q"])
    }

    @Test("Rows for descriptors that stay empty are left out, and the others keep their match")
    func descriptors() throws {
        let form = FormFields(
            parsing: "organisation_id=org_1&merchant_ids=mrch_1&descriptor=&match_type=STARTS_WITH"
                + "&descriptor=ACME&match_type=EXACT_MATCH&descriptor=+&match_type=STARTS_WITH")
        let typed = EnrolmentPages.Typed(form, .ethocaAlert)
        #expect(typed.descriptors.map(\.text) == ["ACME"])
        #expect(typed.rows == 5)
        #expect(typed.withMoreRows.rows == 10)
        let body = try typed.schema.decode(typed.members)
        let block = try #require(body[EnrolmentRequest.ethocaAlert])
        let row = try #require(block[EnrolmentRequest.descriptors].first)
        #expect(row[EnrolmentRequest.matchType] == "EXACT_MATCH")
    }

    @Test("A form without merchants and descriptors says so beside both")
    func missing() {
        let typed = EnrolmentPages.Typed(
            FormFields(parsing: "organisation_id=org_1"), .ethocaAlert)
        do {
            _ = try typed.schema.decode(typed.members)
            Issue.record("it was taken")
        } catch let errors as FormErrors {
            #expect(errors["merchant_ids"] != nil)
            #expect(errors["ethoca_alert.descriptors"] != nil)
        } catch {
            Issue.record("another error: \(error)")
        }
    }

    @Test("ARNs stand one on each line, and nothing is sent for what stays empty")
    func arns() throws {
        let form = FormFields(
            parsing: "organisation_id=org_1&merchant_ids=mrch_1&bin=&caid=+"
                + "&arns=12345678901234567890123%0D%0A%0D%0A22345678901234567890123")
        let typed = EnrolmentPages.Typed(form, .verifiRDR)
        let body = try typed.schema.decode(typed.members)
        let block = try #require(body[EnrolmentRequest.verifiRDR])
        #expect(block[EnrolmentRequest.bin] == nil)
        #expect(block[EnrolmentRequest.caid] == nil)
        #expect(block[EnrolmentRequest.arns]?.count == 2)
    }

    @Test("Only an enabled enrolment is told to be live", arguments: EnrolmentStatus.allCases)
    func meanings(status: EnrolmentStatus) {
        for type in EnrolmentType.allCases {
            let meaning = EnrolmentMeaning(status, of: type)
            #expect(meaning.customer.hasSuffix("is live.") == (status == .enabled))
            #expect(meaning.partner.hasPrefix("Live.") == (status == .enabled))
        }
    }
}
