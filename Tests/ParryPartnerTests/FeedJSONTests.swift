import ParryWire
import Testing

@testable import ParryPartner

@Suite("Reading orders from lines of JSON")
struct FeedJSONTests {
    private static let order = #"""
        {"reference_id":"A1","order_datetime":"2026-02-17T10:59:05+01:00","order_number":"A1",\#
        "order_subtotal_amount_in_cents":4900,"order_currency":"EUR",\#
        "order_total_amount_in_cents":4900,"order_status":"CLOSED_COMPLETE"}
        """#

    private func with(_ member: String) -> String { "{\(member)," + Self.order.dropFirst() }

    @Test("Organisation, integration and type may be left out, or null")
    func completed() throws {
        let items = try FeedFixture.items(json: [
            Self.order, with(#""type":"COMPLETE","organisation_id":"org_1""#),
            with(#""organisation_id":null,"type":null"#),
            with(#""type":"COMPLETE","organisation_id":"org_1","integration_id":"int_1""#),
        ])
        let documents = items.map { $0.order.map { String(decoding: $0.document, as: UTF8.self) } }
        #expect(documents.count == 4)
        #expect(Set(documents).count == 1)
        let start = #"{"type":"COMPLETE","organisation_id":"org_1","integration_id":"int_1","#
        #expect(documents.first??.hasPrefix(start) == true)
        #expect(documents.first??.contains("2026-02-17T09:59:05Z") == true)
        #expect(items.map { $0.order?.line } == [1, 2, 3, 4])
    }

    @Test(
        "A line that is no order for the target is refused with field and code",
        arguments: [
            (#""organisation_id":"org_2""#, ["organisation_id INVALID_ORGANISATION"]),
            (#""integration_id":"int_2""#, ["integration_id INVALID_INTEGRATION"]),
            (#""organisation_id":7"#, ["organisation_id INVALID_TYPE"]),
            (#""type":"OTHER""#, ["type INVALID_VALUE"]),
            (#""order_number":"again""#, ["order_number DUPLICATE_FIELD"]),
            (#""type":"PARTIAL""#, ["transactions MISSING_FIELD"]),
            (
                #""customer_first_name":"4111111111111111""#,
                ["customer_first_name CARD_NUMBER_REJECTED"]
            ),
            (
                #""refunds":[{"reference_id":"r","amount_in_cents":1,"currency":"EUR","#
                    + #""status":"PENDING","original_transaction_reference_id":"p"}]"#,
                ["refunds[0].original_transaction_reference_id INVALID_REFERENCE"]
            ),
            (
                #""disputes":[{"reference_id":"d"},{"reference_id":"d"}]"#,
                ["disputes[1].reference_id INVALID_REFERENCE"]
            ),
            (
                #""items":[{"reference_id":"i","name":"n","delivery_reference_id":"x"}]"#,
                ["items[0].delivery_reference_id INVALID_REFERENCE"]
            ),
        ])
    func refused(member: String, expected: [String]) throws {
        let items = try FeedFixture.items(json: ["", with(member)])
        #expect(items.map(\.codes) == [expected])
        #expect(items.first?.refusal?.line == 2)
        #expect(items.first?.refusal?.referenceID == "A1")
    }

    @Test("Transactions are checked as the server checks them")
    func transactions() throws {
        let transaction = #"""
            {"reference_id":"p1","amount_in_cents":1,"currency":"EUR",\#
            "payment_method_type":"CARD","authorisation_status":"SETTLED",\#
            "payment_method_reference_id":"p1",\#
            "authorised_at":"2026-02-17T09:59:05Z"}
            """#
        let items = try FeedFixture.items(json: [
            with(#""transactions":[\#(transaction),\#(transaction)]"#)
        ])
        #expect(
            items.first?.codes == [
                "transactions[0].payment_method_card_brand MISSING_FIELD",
                "transactions[0].payment_method_card_last_4 MISSING_FIELD",
                "transactions[1].payment_method_card_brand MISSING_FIELD",
                "transactions[1].payment_method_card_last_4 MISSING_FIELD",
                "transactions[1].reference_id DUPLICATE_TRANSACTION",
            ])
    }

    @Test("What is no JSON object is refused, and told as it stood")
    func malformed() throws {
        let items = try FeedFixture.items(json: ["{\"a\":", "[1]", "\(Self.order) x", Self.order])
        #expect(
            items.prefix(3).map(\.codes) == [
                [" INVALID_REQUEST"], [" INVALID_TYPE"], [" INVALID_REQUEST"],
            ])
        #expect(items.first?.json?["record"]?.string == "{\"a\":")
        #expect(items.first?.json?["reference_id"]?.isNull == true)
        #expect(items[1].json?["record"]?.kind == .array)
        #expect(items.last?.order?.line == 4)
    }

    @Test("A document over 128 KiB is refused")
    func tooLarge() throws {
        let body = String(repeating: "x", count: 19_000)
        let all = (0..<8).map { _ in #"{"channel":"EMAIL","body":"\#(body)"}"# }
        let items = try FeedFixture.items(json: [
            with(#""communications":[\#(all.joined(separator: ","))]"#)
        ])
        #expect(items.first?.codes == [" ORDER_TOO_LARGE"])
    }

    @Test("Whatever chunks a file comes in, it gives the same")
    func chunks() throws {
        let lines = [Self.order, "", "{", with(#""customer_first_name":"Zoë""#), "[]"]
        let whole = try FeedFixture.items(json: lines).map(FeedFixture.text)
        #expect(whole.count == 4)
        for chunk in [1, 2, 3, 7] {
            let items = try FeedFixture.items(json: lines, chunkBytes: chunk)
            #expect(items.map(FeedFixture.text) == whole, "chunks of \(chunk)")
        }
    }
}
