package import ParryWire

/// Takes out of an order what says who the customer is; what matching and accounting need stays.
package enum OrderErasure {
    /// Members that are taken out wherever they stand.
    package static let members: Set = [
        "customer_id", "customer_email", "customer_phone", "customer_first_name",
        "customer_last_name", "customer_ip_address", "customer_device_id",
        "customer_device_fingerprint", "customer_account_created_at", "billing_address",
        "shipping_address", "communications", "address", "ip_address", "signed_by",
    ]

    /// The document without them; still normalised.
    package static func erase(_ document: JSONDocument) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024)
        write(document.root, to: &writer)
        return writer.bytes
    }

    private static func write(_ value: JSONValue, to writer: inout JSONWriter) {
        switch value.kind {
        case .object:
            writer.beginObject()
            for member in value.members where !members.contains(member.name) {
                writer.key(member.name)
                write(member.value, to: &writer)
            }
            writer.endObject()
        case .array:
            writer.beginArray()
            for element in value.elements { write(element, to: &writer) }
            writer.endArray()
        default: writer.raw(value.raw)
        }
    }
}
