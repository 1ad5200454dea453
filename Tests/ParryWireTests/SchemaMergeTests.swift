import ParryWire
import Testing

@Suite("Merging a patch")
struct SchemaMergeTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let stored: String
        let patch: String
        let merged: String

        init(_ name: String, _ stored: String, _ patch: String, _ merged: String) {
            testDescription = name
            self.stored = stored
            self.patch = patch
            self.merged = merged
        }
    }

    @Test(
        "follows the kind of the field",
        arguments: [
            Case("nothing given", #"{"note":"a"}"#, "{}", #"{"note":"a"}"#),
            Case("scalar replaced", #"{"note":"a"}"#, #"{"note":"b"}"#, #"{"note":"b"}"#),
            Case("scalar removed", #"{"note":"a"}"#, #"{"note":null}"#, "{}"),
            Case(
                "scalar added in declared order", #"{"note":"a"}"#, #"{"bin":"123456"}"#,
                #"{"bin":"123456","note":"a"}"#),
            Case("null where nothing is", "{}", #"{"note":null}"#, "{}"),
            Case(
                "time normalised", "{}", #"{"authorised_at":"2026-02-17T10:00:00+01:00"}"#,
                #"{"authorised_at":"2026-02-17T09:00:00Z"}"#),
            Case(
                "object merged", #"{"ethoca_alert":{"alert_id":"a","reason":"r"}}"#,
                #"{"ethoca_alert":{"alert_id":"b"}}"#,
                #"{"ethoca_alert":{"alert_id":"b","reason":"r"}}"#),
            Case(
                "member of object removed", #"{"ethoca_alert":{"alert_id":"a","reason":"r"}}"#,
                #"{"ethoca_alert":{"alert_id":"a","reason":null}}"#,
                #"{"ethoca_alert":{"alert_id":"a"}}"#),
            Case(
                "object removed", #"{"ethoca_alert":{"alert_id":"a"}}"#, #"{"ethoca_alert":null}"#,
                "{}"),
            Case(
                "object added", "{}", #"{"ethoca_alert":{"alert_id":"a","reason":null}}"#,
                #"{"ethoca_alert":{"alert_id":"a"}}"#),
            Case(
                "array of scalars replaced", #"{"tags":["a","b"]}"#, #"{"tags":["c"]}"#,
                #"{"tags":["c"]}"#),
            Case("array emptied", #"{"tags":["a","b"]}"#, #"{"tags":[]}"#, #"{"tags":[]}"#),
            Case(
                "element updated by its key, another appended",
                #"{"transactions":[{"reference_id":"a","text":"x"},{"reference_id":"b"}]}"#,
                #"{"transactions":[{"reference_id":"c"},{"reference_id":"a","amount_in_cents":1}]}"#,
                #"{"transactions":[{"reference_id":"a","amount_in_cents":1,"text":"x"},"#
                    + #"{"reference_id":"b"},{"reference_id":"c"}]}"#),
            Case(
                "key twice in the patch", "{}",
                #"{"transactions":[{"reference_id":"a","text":"x"},"#
                    + #"{"reference_id":"a","text":null,"amount_in_cents":2}]}"#,
                #"{"transactions":[{"reference_id":"a","amount_in_cents":2}]}"#),
            Case(
                "stored element, key twice in the patch",
                #"{"transactions":[{"reference_id":"a"}]}"#,
                #"{"transactions":[{"reference_id":"a","text":"x"},"#
                    + #"{"reference_id":"a","amount_in_cents":2}]}"#,
                #"{"transactions":[{"reference_id":"a","amount_in_cents":2,"text":"x"}]}"#),
            Case(
                "keyed array unchanged by an empty one",
                #"{"transactions":[{"reference_id":"a"}]}"#, #"{"transactions":[]}"#,
                #"{"transactions":[{"reference_id":"a"}]}"#),
            Case(
                "keyed array kept when it is null", #"{"transactions":[{"reference_id":"a"}]}"#,
                #"{"transactions":null}"#, #"{"transactions":[{"reference_id":"a"}]}"#),
            Case(
                "array without key extended by what is new",
                #"{"items":[{"name":"a"},{"name":"a"}]}"#,
                #"{"items":[{"name":"b","x":1},{"name":"\u0061"},{"name":"b"}]}"#,
                #"{"items":[{"name":"a"},{"name":"a"},{"name":"b"}]}"#),
        ])
    func merges(_ example: Case) throws {
        let stored = try JSONDocument.parse(Array(example.stored.utf8)).root
        let patch = try OrderFixture.patchSchema.decode(Array(example.patch.utf8))
        let merged = OrderFixture.schema.merge(patch, into: stored)
        #expect(String(decoding: merged, as: UTF8.self) == example.merged)
        let same = OrderFixture.patchSchema.merge(patch, into: stored)
        #expect(same == merged)
    }

    @Test("The stored document may be a value inside another document")
    func nestedValue() throws {
        let document = try JSONDocument.parse(Array(#"[{"order":{"note":"a"}}]"#.utf8))
        let stored = try #require(document.root.elements.first { _ in true }?["order"])
        let patch = try OrderFixture.patchSchema.decode(Array(#"{"bin":"123456"}"#.utf8))
        let merged = OrderFixture.schema.merge(patch, into: stored)
        #expect(String(decoding: merged, as: UTF8.self) == #"{"bin":"123456","note":"a"}"#)
    }
}
