import ParryWire

/// What Ethoca is answered to a push: one acknowledgement for each alert, in its order.
struct EthocaAcknowledgements {
    private var json = JSONWriter(capacity: 1_024)

    init() {
        json.beginObject()
        json.field("status", "success")
        json.key("acknowledgements")
        json.beginArray()
    }

    /// - Parameter error: What is wrong with the alert, nil when it is durable.
    mutating func append(_ alertID: String, error: String?) {
        json.beginObject()
        json.field("alertId", alertID)
        json.field("status", error == nil ? "SUCCESS" : "FAILURE")
        json.field("error", error)
        json.endObject()
    }

    mutating func finish() -> [UInt8] {
        json.endArray()
        json.endObject()
        return json.bytes
    }
}
