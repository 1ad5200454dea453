import ParryWire
import Testing

@Suite("Batches and normalised documents")
struct SchemaBatchTests {
    private let element =
        #"{"merchant_id":"m","type":"PARTIAL","amount_in_cents":0,"currency":"EUR"}"#

    private func errors(_ text: String, _ count: ClosedRange<Int>) -> [String] {
        do {
            _ = try OrderFixture.schema.decodeArray(Array(text.utf8), count: count)
            return []
        } catch .invalid(let errors) {
            return errors.map { "\($0.field) \($0.code)" }
        } catch {
            return ["\(error)"]
        }
    }

    @Test("A batch reports errors by the index of their element")
    func paths() {
        let text = "[\(element),{\"transactions\":[{\"reference_id\":\"a\",\"currency\":1}]},3]"
        #expect(
            errors(text, 1...10) == [
                "[1].transactions[0].currency INVALID_TYPE", "[1].merchant_id REQUIRED",
                "[1].type REQUIRED", "[1].amount_in_cents REQUIRED", "[1].currency REQUIRED",
                "[2] INVALID_TYPE",
            ])
    }

    @Test("The size of a batch is bounded on both sides")
    func counts() {
        #expect(errors("[\(element),\(element)]", 1...1) == [" BATCH_TOO_LARGE"])
        #expect(errors("[]", 1...1) == [" TOO_FEW_ITEMS"])
        #expect(errors("{}", 1...1) == [" INVALID_TYPE"])
    }

    @Test("Elements tell missing fields and card numbers relative to themselves")
    func relative() throws {
        let other = element.dropLast() + ",\"note\":\"4111111111111111\"}"
        let batch = try OrderFixture.schema.decodeArray(
            Array("[\(element),\(other)]".utf8), count: 1...2)
        let missing = ["order_number", "authorised_at"]
        #expect(batch.map(\.missing) == [missing, missing])
        #expect(batch.map(\.cardNumberPath) == [nil, "note"])
        #expect(batch[1].value["note"]?.string == "4111111111111111")
    }

    @Test("An array field has its own codes for its size")
    func arrays() {
        let schema = ObjectSchema("List", [Field.identifiers("ids", 1...2, .required).declaration])
        func codes(_ text: String) -> [String] {
            do {
                _ = try schema.decode(Array(text.utf8))
                return []
            } catch .invalid(let errors) {
                return errors.map { "\($0.field) \($0.code)" }
            } catch {
                return ["\(error)"]
            }
        }
        #expect(codes(#"{"ids":[]}"#) == ["ids TOO_FEW_ITEMS"])
        #expect(codes(#"{"ids":["a","b","c"]}"#) == ["ids TOO_MANY_ITEMS"])
        #expect(codes(#"{"ids":"a"}"#) == ["ids INVALID_TYPE"])
        #expect(codes(#"{"ids":[null]}"#) == ["ids[0] INVALID_TYPE"])
        #expect(codes(#"{"ids":["a"]}"#) == [])
    }

    @Test("A document is written with known fields only, in declared order and canonical form")
    func normalises() throws {
        let text = #"""
            { "currency" : "EUR", "x" : [1], "amount_in_cents" : -0, "note" : "a\u0062\/\u00e9\n",
              "type" : "PARTIAL", "authorised_at":"2026-02-17t10:59:05.1239+01:00",
              "order_number":null, "merchant_id":"m", "tags":[ "b" , "\u0061" ],
              "ethoca_alert" : {"y":1, "descriptors":[], "alert_id":"i"} }
            """#
        let order = try OrderFixture.schema.decode(Array(text.utf8))
        var writer = JSONWriter()
        order.write(into: &writer)
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"merchant_id":"m","type":"PARTIAL","amount_in_cents":0,"currency":"EUR","#
                + #""authorised_at":"2026-02-17T09:59:05.123Z","note":"ab/é\n","#
                + #""tags":["b","a"],"ethoca_alert":{"alert_id":"i"}}"#)
        var again = JSONWriter()
        try OrderFixture.schema.decode(writer.bytes).write(into: &again)
        #expect(again.bytes == writer.bytes)
    }

    @Test("The declaration can be read as data")
    func introspection() {
        #expect(OrderFixture.schema.name == "Order")
        #expect(OrderFixture.schema.fields.count == 25)
        guard
            case .array(of: .object(let schema), count: 0...500, key: "reference_id") =
                OrderFixture.transactions.declaration.rule
        else { return #expect(Bool(false)) }
        #expect(schema.fields.count == 14)
        #expect(OrderFixture.transactions.name == "transactions")
    }
}
