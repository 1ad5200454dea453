import Foundation
import ParryClient
import ParryWire
import Testing

@testable import ParryPartner

@Suite("The escalation bundle")
struct DeskBundleTests {
    private static let match = """
        {"alert_id":"netalrt_1","outcome":"NONE","candidate_count":1,"candidates":[
        {"integration_id":"int_1","integration_transaction_id":"txn_9","order_id":"ord_9",
        "amount_in_cents":4900,"currency":"USD","authorised_at":"2026-02-16T10:00:00Z","rule":null,
        "score":12,"flags":[],"evidence":[{"field":"AUTHORISATION_CODE","result":"CONTRADICTS"}]}]}
        """
    private static let order = """
        {"id":"ord_9","type":"COMPLETE","organisation_id":"org_1","integration_id":"int_1",
        "reference_id":"A9","order_datetime":"2026-02-16T09:59:00Z","transactions":[
        {"reference_id":"txn_9","amount_in_cents":4900,"currency":"USD",
        "payment_method_card_brand":"VISA","payment_method_card_last_4":"4242",
        "payment_method_card_bin":"411111","authorisation_code":"A1B2C3",
        "acquirer_reference_number":"24000000000000000000001"}]}
        """

    private func detail() throws -> DeskDetail {
        let alert = try DeskFixture.undecided("netalrt_1", transaction: nil)
        var detail = DeskDetail(DeskAlert(alert, customer: "acme"))
        let decoder = JSONDecoder()
        detail.match = try decoder.decode(AlertMatch.self, from: Data(Self.match.utf8))
        detail.orders = [try decoder.decode(Order.self, from: Data(Self.order.utf8))]
        detail.journal = [DeskStore.Entry(at: DeskFixture.now, text: "came as \"new\"")]
        return detail
    }

    @Test("It has everything that the launch checklist names, and the near misses")
    func checklist() throws {
        let bytes = DeskBundle(try detail(), in: DeskFixture.model([]), at: DeskFixture.now).json()
        let root = try JSONDocument.parse(bytes).root
        #expect(root["mode"]?.string == "TEST")
        #expect(root["is_matched"]?.boolean == false)
        let alert = try #require(root["alert"])
        for name in [
            "alert_id", "acquirer_reference_number", "authorisation_code", "card_brand", "card_bin",
            "card_last_4", "amount_in_cents", "currency", "authorised_at", "received_at",
            "action_required_deadline", "transaction_reference",
        ] { #expect(alert[name] != nil, "\(name)") }
        #expect(alert["alert_id"]?.string == "netalrt_1")
        #expect(alert["amount"]?.string == "USD 49.00")
        #expect(root["order"]?.isNull == true)
        let miss = try #require(root["match"]?["candidates"]?.elements.first { _ in true })
        #expect(miss["is_near_miss"]?.boolean == true)
        #expect(miss["order"]?["order_reference"]?.string == "A9")
        let sale = try #require(miss["order"]?["transaction"])
        #expect(sale["authorisation_code"]?.string == "A1B2C3")
        #expect(sale["acquirer_reference_number"]?.string == "24000000000000000000001")
        #expect(sale["card_bin"]?.string == "411111")
        #expect(root["journal"]?.elements.first { _ in true }?["text"]?.string == "came as \"new\"")
    }

    @Test("The screen shows the near miss with its evidence")
    func screen() throws {
        var model = DeskFixture.model([])
        let detail = try detail()
        model.detail = detail
        let sheet = DeskSheet.alert(
            detail.alert, detail, in: model, at: DeskFixture.now, columns: 80)
        let text = sheet.lines.map(\.text)
        #expect(text.contains("Match: NONE"))
        #expect(
            text.contains("  1                   txn_9, order A9: USD 49.00, near miss, score 12"))
        #expect(text.contains("                      AUTHORISATION_CODE CONTRADICTS"))
        #expect(text.allSatisfy { DeskText.width($0) <= 80 })
    }

    @Test("m takes the number of a candidate")
    func candidate() throws {
        let detail = try detail()
        var model = DeskFixture.model([detail.alert.state])
        model.detail = detail
        var state = DeskState()
        let keys: [DeskKey] = [.enter, .character("m"), .character("2"), .enter]
        for key in keys { _ = state.take(key, model) }
        #expect(state.notice?.text == "There are candidates 1 to 1.")
        for key: DeskKey in [.backspace, .character("1"), .enter] { _ = state.take(key, model) }
        let action = DeskAction.match(transaction: "txn_9", integration: "int_1")
        #expect(state.take(.character("y"), model) == .act(DeskPlan(action, model.alerts[0])))
    }

    @Test("JSON is put into lines without a change in what it says")
    func indented() {
        let flat = #"{"a":[],"b":{},"c":[1,{"d":"x,{\"y\\"}],"e":null}"#
        let lines = String(decoding: DeskJSON.indented(Array(flat.utf8)), as: UTF8.self)
        #expect(
            lines == #"""
                {
                  "a": [],
                  "b": {},
                  "c": [
                    1,
                    {
                      "d": "x,{\"y\\"
                    }
                  ],
                  "e": null
                }
                """#)
    }

    @Test("The file's name cannot leave the folder")
    func name() {
        #expect(DeskBundle.fileName("netalrt_1") == "escalation-netalrt_1.json")
        #expect(DeskBundle.fileName("../x") == "escalation----x.json")
    }

    @Test("The file is its owner's alone, and replaces the one before")
    func file() throws {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "desk-\(UInt64.random(in: 0...UInt64.max)).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try DeskFile.write(Array("one".utf8), to: path)
        try DeskFile.write(Array("two".utf8), to: path)
        #expect(FileManager.default.contents(atPath: path) == Data("two".utf8))
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }
}
