import Foundation
import ParryWire
import Testing

@testable import ParryClient

/// How single values travel.
@Suite("Values of the contract as JSON")
struct ValueTests {
    private static func read<Value: Decodable>(_ json: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(json.utf8))
    }

    private static func written(_ value: some Encodable) throws -> String {
        String(decoding: try Answers.write(value), as: UTF8.self)
    }

    @Test("A word that is known is its case")
    func knownWord() throws {
        let word: Word<AlertStatus> = try Self.read(#""ACTION_REQUIRED""#)
        #expect(word.known == .actionRequired)
        #expect(word == .actionRequired)
        #expect(word != .resolved)
        #expect("\(word)" == "ACTION_REQUIRED")
        #expect(try Self.written(word) == #""ACTION_REQUIRED""#)
    }

    @Test("A word of a newer platform is read, kept and written as it came")
    func unknownWord() throws {
        let word: Word<AlertStatus> = try Self.read(#""ESCALATED""#)
        #expect(word.known == nil)
        #expect(word != .resolved)
        #expect(word == Word(text: "ESCALATED"))
        #expect(try Self.written(word) == #""ESCALATED""#)
    }

    @Test("What is no text is no word", arguments: ["1", "null", "{}", "[]", "true"])
    func noWord(_ json: String) {
        #expect(throws: DecodingError.self) {
            let word: Word<AlertStatus> = try Self.read(json)
            return word
        }
    }

    @Test("A change keeps, sets or clears a member")
    func changes() throws {
        var change = MerchantChange()
        #expect(try Self.written(change) == "{}")
        change.externalID = .set("mid_1")
        change.defaultRepresentmentServiceType = .clear
        #expect(
            try Self.written(change)
                == #"{"default_representment_service_type":null,"external_id":"mid_1"}"#)
        change.externalID = .keep
        change.name = "Acme"
        #expect(
            try Self.written(change)
                == #"{"default_representment_service_type":null,"name":"Acme"}"#)
    }

    @Test("A change of an order has no list that says nothing")
    func orderChange() throws {
        var change = OrderChange()
        #expect(try Self.written(change) == "{}")
        change.refunds = [OrderRefund(referenceID: "refund-1")]
        change.customerEmail = .clear
        #expect(
            try Self.written(change)
                == #"{"customer_email":null,"refunds":[{"reference_id":"refund-1"}]}"#)
    }

    @Test("A new order has what it says and nothing else")
    func newOrder() throws {
        let order = NewOrder(
            organisationID: OrganisationID(stored: "org_1"),
            integrationID: IntegrationID(stored: "int_1"), referenceID: "order-1")
        #expect(
            try Self.written(order)
                == #"{"integration_id":"int_1","organisation_id":"org_1","reference_id":"order-1","#
                + #""type":"COMPLETE"}"#)
    }

    @Test(
        "An id is read whatever stands behind its prefix",
        arguments: ["org_abc123", "org_1tRgWHsvPHUpcaPkpAdkXh", "org_0", "org_ÄÖ"])
    func foreignBody(_ text: String) throws {
        let id: OrganisationID = try Self.read("\"\(text)\"")
        #expect(id.text == text)
        #expect(try Self.written(id) == "\"\(text)\"")
    }

    @Test(
        "Another resource's id, or none, is refused",
        arguments: [
            #""mrch_abc123""#, #""org_""#, #""org""#, #""""#, #""ORG_abc123""#, #"" org_abc123""#,
            "1", "null",
        ])
    func foreignPrefix(_ json: String) {
        #expect(throws: DecodingError.self) {
            let id: OrganisationID = try Self.read(json)
            return id
        }
    }

    @Test("An id has an end")
    func longID() {
        #expect(OrganisationID.given("org_" + String(repeating: "a", count: 251)) != nil)
        #expect(OrganisationID.given("org_" + String(repeating: "a", count: 252)) == nil)
    }

    @Test(
        "A time is read with any zone and written in UTC",
        arguments: [
            ("2026-02-17T09:59:05Z", "2026-02-17T09:59:05Z"),
            ("2026-02-17T10:59:05+01:00", "2026-02-17T09:59:05Z"),
            ("2026-02-17T09:59:05.123456Z", "2026-02-17T09:59:05.123Z"),
            ("2026-02-17t09:59:05z", "2026-02-17T09:59:05Z"),
        ])
    func time(_ text: String, _ written: String) throws {
        let time: Timestamp = try Self.read("\"\(text)\"")
        #expect(try Self.written(time) == "\"\(written)\"")
    }

    @Test(
        "What is no time is refused",
        arguments: [
            #""2026-02-17""#, #""2026-02-17T09:59:05""#, #""2026-02-30T09:59:05Z""#, "1771322400",
            "null", #""""#,
        ])
    func noTime(_ json: String) {
        #expect(throws: DecodingError.self) {
            let time: Timestamp = try Self.read(json)
            return time
        }
    }

    @Test("The same body has the same bytes, whenever it is written")
    func sameBytes() throws {
        let ruleset = NewRuleset(
            organisationID: OrganisationID(stored: "org_1"),
            enrolmentIDs: [EnrolmentID(stored: "enrl_1")], outcome: .acceptDispute,
            rules: [
                .amount(.greaterThan, 10_000), .descriptors([RuleDescriptor("A/B", .exactMatch)]),
            ]
        )
        let first = try Self.written(ruleset)
        for _ in 0..<20 { #expect(try Self.written(ruleset) == first) }
        #expect(first.contains("A/B"))
    }
}
