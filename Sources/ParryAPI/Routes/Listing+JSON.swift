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
