import ParryService
import ParryStore
import ParryWire

extension Listing where Item: WireObject {
    /// The answer of a list: the page's items, and how many there are in all (CONTRACT.md 1).
    var json: [UInt8] {
        var json = JSONWriter(capacity: 1_024 * max(1, items.count))
        json.beginObject()
        json.key("items")
        json.beginArray()
        for item in items { item.write(to: &json, links: true) }
        json.endArray()
        json.field("count", count)
        json.endObject()
        return json.bytes
    }
}

extension RequestObject {
    /// Refuses null for members that a resource always has.
    ///
    /// - Throws: 422 with an entry for each.
    func refuseNull(_ names: String...) throws(Problem) {
        let errors = names.filter(isNull).map {
            FieldError(field: $0, code: "REQUIRED", message: "\($0) must not be null")
        }
        guard errors.isEmpty else { throw Problem(fields: errors) }
    }
}
