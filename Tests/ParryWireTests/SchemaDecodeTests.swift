import ParryWire
import Testing

@Suite("Decoding by a schema")
struct SchemaDecodeTests {
    private func errors(_ text: String, _ schema: ObjectSchema) -> [FieldError] {
        do {
            _ = try schema.decode(Array(text.utf8))
            return []
        } catch .invalid(let errors) {
            return errors
        } catch {
            Issue.record("\(error)")
            return []
        }
    }

    private func codes(_ text: String, _ schema: ObjectSchema) -> [String] {
        errors(text, schema).map { "\($0.field) \($0.code)" }
    }

    @Test("A valid order gives its typed values")
    func values() throws {
        let order = try OrderFixture.schema.decode(OrderFixture.bytes)
        #expect(order[OrderFixture.orderNumber] == "2026-000123-A")
        #expect(order[OrderFixture.type] == "COMPLETE")
        #expect(order[OrderFixture.amount] == 129_900)
        #expect(order[OrderFixture.isEnabled] == true)
        #expect(order[OrderFixture.authorisedAt]?.iso8601 == "2026-02-17T09:59:05Z")
        #expect(order[OrderFixture.alert] == nil)
        #expect(order[OrderFixture.tags] == nil)
        #expect(order.missing.isEmpty)
        let transactions = try #require(order[OrderFixture.transactions])
        #expect(transactions.map { $0[OrderFixture.referenceID] } == ["txn_0001"])
    }

    @Test("All errors of a body are reported at once, in document order, with their paths")
    func collects() {
        let text = #"""
            {"type":"OTHER","amount_in_cents":"12","currency":"eur","order_number":"",
            "is_enabled":1,"customer_email":"jane","customer_ip":"1.2.3","country":"UK",
            "website":"ftp://x","bin":"12345","note":5,"tags":["a","",3],"authorised_at":"today",
            "ethoca_alert":{"descriptors":[{"match_type":"X","text":"\u0000"},7]},
            "transactions":[{"reference_id":"a","currency":"XXX","arn":"1"}],"type":"COMPLETE",
            "unknown":{"type":1},"spare_1":null}
            """#
        #expect(
            codes(text, OrderFixture.schema) == [
                "type INVALID_VALUE", "amount_in_cents INVALID_TYPE", "currency INVALID_CURRENCY",
                "order_number INVALID_LENGTH", "is_enabled INVALID_TYPE",
                "customer_email INVALID_VALUE", "customer_ip INVALID_VALUE",
                "country INVALID_VALUE", "website INVALID_VALUE", "bin INVALID_VALUE",
                "note INVALID_TYPE", "tags[1] INVALID_LENGTH", "tags[2] INVALID_TYPE",
                "authorised_at INVALID_VALUE",
                "ethoca_alert.descriptors[0].match_type INVALID_VALUE",
                "ethoca_alert.descriptors[0].text INVALID_CHARACTER",
                "ethoca_alert.descriptors[1] INVALID_TYPE", "ethoca_alert.alert_id REQUIRED",
                "transactions[0].currency INVALID_CURRENCY", "transactions[0].arn INVALID_VALUE",
                "type DUPLICATE_FIELD", "merchant_id REQUIRED",
            ])
    }

    @Test("Messages say what to send and never repeat the value")
    func messages() {
        let text = #"{"merchant_id":null,"type":"secret","amount_in_cents":-1,"currency":"secret"}"#
        let found = errors(text, OrderFixture.schema)
        #expect(
            found.map(\.message) == [
                "must be given and not be null", "must be one of COMPLETE, PARTIAL",
                "must be an integer from 0 to 9007199254740991, without quotes or decimals",
                "must be an active ISO 4217 currency code in upper case, such as EUR",
            ])
        #expect(found[2].code == "OUT_OF_RANGE")
    }

    @Test("A body that is no object is an error of the whole body", arguments: ["[]", "1", "null"])
    func notObject(_ text: String) {
        #expect(codes(text, OrderFixture.schema) == [" INVALID_TYPE"])
    }

    @Test("A body that is no JSON is malformed")
    func malformed() {
        let error = #expect(throws: RequestFailure.self) {
            try OrderFixture.schema.decode(Array("{".utf8))
        }
        guard case .malformed(let cause) = error else { return #expect(Bool(false)) }
        #expect(cause.offset == 1)
    }

    @Test("At most a thousand errors are kept")
    func bound() {
        let text = "[" + Array(repeating: "1", count: 3_000).joined(separator: ",") + "]"
        let error = #expect(throws: RequestFailure.self) {
            try OrderFixture.schema.decodeArray(Array(text.utf8), count: 1...5_000)
        }
        guard case .invalid(let errors) = error else { return #expect(Bool(false)) }
        #expect(errors.count == 1_000)
        #expect(errors.last?.field == "[999]")
    }

    @Test("Length is counted in Unicode scalars")
    func scalars() {
        let schema = ObjectSchema("Text", [Field.text("t", 1...2).declaration])
        #expect(codes(#"{"t":"é😀"}"#, schema).isEmpty)
        #expect(codes(#"{"t":"\uD83D\uDE00\u00e9"}"#, schema).isEmpty)
        #expect(codes(#"{"t":"éé\u0301"}"#, schema) == ["t INVALID_LENGTH"])
        #expect(codes(#"{"t":""}"#, schema) == ["t INVALID_LENGTH"])
    }

    @Test("An escaped name is the name it stands for")
    func escapedName() {
        let schema = ObjectSchema("Text", [Field.boolean("flag", .required).declaration])
        #expect(codes(#"{"fl\u0061g":true}"#, schema).isEmpty)
        #expect(codes(#"{"fl\u0061g":true,"flag":true}"#, schema) == ["flag DUPLICATE_FIELD"])
    }

    @Test("Expected fields that are absent or null are listed at any depth")
    func missing() throws {
        let text = #"""
            {"merchant_id":"m","type":"PARTIAL","amount_in_cents":0,"currency":"EUR",
            "order_number":null,"transactions":[{"reference_id":"a","currency":"EUR"},
            {"reference_id":"b"},{"reference_id":"c","currency":null}]}
            """#
        let order = try OrderFixture.schema.decode(Array(text.utf8))
        #expect(
            order.missing == [
                "order_number", "authorised_at", "transactions[1].currency",
                "transactions[2].currency",
            ])
        #expect(order.has("order_number") && order.isNull("order_number"))
        #expect(!order.has("authorised_at") && !order.isNull("authorised_at"))
        #expect(order.has("type") && !order.isNull("type"))
        #expect(order[OrderFixture.orderNumber] == nil)
        let last = try #require(order[OrderFixture.transactions]?.last)
        #expect(last.missing == ["currency"])
    }

    @Test("A card number in free text is refused with its path, one in an identifier is not")
    func cardNumber() throws {
        func body(_ member: String) -> [UInt8] {
            Array(
                (#"{"merchant_id":"4111111111111111","type":"PARTIAL","amount_in_cents":0,"#
                    + #""currency":"EUR","# + member + "}").utf8)
        }
        func path(_ member: String) -> String? {
            do {
                _ = try OrderFixture.schema.decode(body(member))
                return nil
            } catch .cardNumber(let field) {
                return field
            } catch {
                return "\(error)"
            }
        }
        #expect(path(#""tags":["4111111111111111"]"#) == nil)
        #expect(path(#""note":"pan 4111 1111 1111 1111""#) == "note")
        #expect(path(#""note":"pan \u0034111 1111 1111 1111""#) == "note")
        #expect(
            path(
                #""transactions":[{"reference_id":"a"},"#
                    + #"{"reference_id":"b","text":"4111111111111111"}]"#
            ) == "transactions[1].text")
        #expect(
            path(
                #""ethoca_alert":{"alert_id":"a","descriptors":["#
                    + #"{"match_type":"EXACT","text":"4111111111111111"}]}"#
            ) == "ethoca_alert.descriptors[0].text")
        #expect(
            codes(#"{"note":"4111111111111111","type":1}"#, OrderFixture.patchSchema).count == 1)
    }
}
